"""What acts say of parties, institutions and outages, one line an act; the table says where they lead."""

from collections.abc import Callable, Mapping
from datetime import datetime

from hub.domain.messaging.calendar import local_date
from hub.domain.rcd.access import ACCESS
from hub.domain.rcd.known import Act, Known, Update, and_, without

LATE = "late-claim"
"""What a claim says that comes when its creditor's last term is over."""


def _mediator(case: Known, act: Act) -> Update:
    """The mediator is linked; a former one stays linked only where it acts for a party (art. 1675/17 §4)."""
    former = case.mediator if act.institution and act.institution != case.mediator else None
    stays = former is None or any(former in ones for ones in case.acts_for.values())
    kept = case.institutions if stays else without(case.institutions, former)
    return {"institutions": and_(kept, act.institution), "mediator": act.institution or case.mediator}


def _admitted(case: Known, act: Act) -> Update:
    """The judge names the mediator; the day counts for the person's other files."""
    return {**_mediator(case, act), "admitted_on": local_date(act.at)}


def _claimed(case: Known, act: Act) -> Update:
    return {
        "claimed": and_(case.claimed, act.party),
        "late": without(case.late, act.party),
        "saved": without(case.saved, act.party),
    }


def _regained(_case: Known, _act: Act) -> Update:
    """On rejection or révocation creditors regain their action (art. 1675/9 §3)."""
    return {"foreclosed": ()}


FACTS: Mapping[str, Callable[[Known, Act], Update]] = {
    "admitted": _admitted,
    "avis-posted": lambda case, act: {"avis_on": case.avis_on or local_date(act.at)},
    "mediator-replaced": _mediator,
    "mediator-recused": _mediator,
    **ACCESS,
    "claim-submitted": _claimed,
    "claim-converted": _claimed,
    LATE: lambda case, act: {"late": and_(case.late, act.party)},
    "reminder-received": lambda case, act: {"reminded": and_(case.reminded, act.party)},
    "foreclosure-confirmed": lambda case, act: {"foreclosed": and_(case.foreclosed, act.party)},
    "plan-rejected": _regained,
    "revoked": _regained,
    "plan-sent": lambda _case, _act: {"objectors": ()},
    "objection-raised": lambda case, act: {"objectors": and_(case.objectors, act.party)},
    "carence-extended": lambda _case, _act: {"extended": True},
    "brought-back": lambda case, _act: {"resumes": case.state},
    "plan-revised": lambda case, _act: {"state": case.resumes or case.state, "resumes": None},
    "outage-started": lambda case, act: {"outages": {**case.outages, act.ref: (act.at, None)}},
    "outage-ended": lambda case, act: {"outages": _ended(case, act)},
}


def facts_of(case: Known, act: Act, name: str) -> Update:
    """What an act changes beside state, terms and regions."""
    says = FACTS.get(name)
    return says(case, act) if says else {}


def _ended(case: Known, act: Act) -> Mapping[str, tuple[datetime, datetime | None]]:
    """The outage that an end names; the last one that is open when it names none."""
    still = [ref for ref, (_, end) in case.outages.items() if end is None]
    ref = act.outage or next(reversed(still), None)
    if ref not in still:
        return case.outages
    return {**case.outages, ref: (case.outages[ref][0], act.at)}
