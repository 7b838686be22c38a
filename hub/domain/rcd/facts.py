"""What acts say of parties, institutions and outages, one line an act; the table says where they lead."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Protocol

from hub.domain.messaging.calendar import local_date

Update = Mapping[str, object]


class Act(Protocol):
    """An act, as far as it says something."""

    @property
    def ref(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def party(self) -> str | None: ...
    @property
    def institution(self) -> str | None: ...
    @property
    def outage(self) -> str | None: ...
    @property
    def court(self) -> str | None: ...


class Known(Protocol):
    """What a case knows already."""

    @property
    def state(self) -> str: ...
    @property
    def resumes(self) -> str | None: ...
    @property
    def institutions(self) -> tuple[str, ...]: ...
    @property
    def mediator(self) -> str | None: ...
    @property
    def acts_for(self) -> Mapping[str, tuple[str, ...]]: ...
    @property
    def claimed(self) -> tuple[str, ...]: ...
    @property
    def late(self) -> tuple[str, ...]: ...
    @property
    def reminded(self) -> tuple[str, ...]: ...
    @property
    def foreclosed(self) -> tuple[str, ...]: ...
    @property
    def objectors(self) -> tuple[str, ...]: ...
    @property
    def paper(self) -> tuple[str, ...]: ...
    @property
    def avis_on(self) -> date | None: ...
    @property
    def outages(self) -> Mapping[str, tuple[datetime, datetime | None]]: ...


LATE = "late-claim"
"""What a claim says that comes when its creditor's last term is over."""


def _mediator(case: Known, act: Act) -> Update:
    """The mediator is linked; a former one stays linked only where it acts for a party (art. 1675/17 §4)."""
    former = case.mediator if act.institution and act.institution != case.mediator else None
    stays = former is None or any(former in ones for ones in case.acts_for.values())
    kept = case.institutions if stays else _without(case.institutions, former)
    return {"institutions": _and(kept, act.institution), "mediator": act.institution or case.mediator}


def _admitted(case: Known, act: Act) -> Update:
    """The judge names the mediator; the day counts for the person's other files."""
    return {**_mediator(case, act), "admitted_on": local_date(act.at), "court": act.court}


def _accepted(case: Known, act: Act) -> Update:
    """An institution is linked in the quality of a party (§1.4)."""
    linked = {"institutions": _and(case.institutions, act.institution)}
    if not act.party:
        return linked
    return {**linked, "acts_for": {**case.acts_for, act.party: _and(case.acts_for.get(act.party, ()), act.institution)}}


def _blocked(case: Known, act: Act) -> Update:
    return {
        "institutions": _without(case.institutions, act.institution),
        "mediator": None if act.institution == case.mediator else case.mediator,
        "acts_for": {party: _without(ones, act.institution) for party, ones in case.acts_for.items()},
    }


def _claimed(case: Known, act: Act) -> Update:
    return {"claimed": _and(case.claimed, act.party), "late": _without(case.late, act.party)}


def _regained(_case: Known, _act: Act) -> Update:
    """On rejection or révocation creditors regain their action (art. 1675/9 §3)."""
    return {"foreclosed": ()}


FACTS: Mapping[str, Callable[[Known, Act], Update]] = {
    "admitted": _admitted,
    "avis-posted": lambda case, act: {"avis_on": case.avis_on or local_date(act.at)},
    "mediator-replaced": _mediator,
    "mediator-recused": _mediator,
    "invitation-accepted": _accepted,
    "access-blocked": _blocked,
    "claim-submitted": _claimed,
    "claim-converted": _claimed,
    LATE: lambda case, act: {"late": _and(case.late, act.party)},
    "reminder-received": lambda case, act: {"reminded": _and(case.reminded, act.party)},
    "foreclosure-confirmed": lambda case, act: {"foreclosed": _and(case.foreclosed, act.party)},
    "plan-rejected": _regained,
    "revoked": _regained,
    "plan-sent": lambda _case, _act: {"objectors": ()},
    "objection-raised": lambda case, act: {"objectors": _and(case.objectors, act.party)},
    "carence-extended": lambda _case, _act: {"extended": True},
    "brought-back": lambda case, _act: {"resumes": case.state},
    "plan-revised": lambda case, _act: {"state": case.resumes or case.state, "resumes": None},
    "confirmed": lambda case, act: {"paper": _without(case.paper, act.party)},
    "outage-started": lambda case, act: {"outages": {**case.outages, act.ref: (act.at, None)}},
    "outage-ended": lambda case, act: {"outages": _ended(case, act)},
}


def facts_of(case: Known, act: Act, name: str) -> Update:
    """What an act changes beside state, terms and regions."""
    says = FACTS.get(name)
    return says(case, act) if says else {}


def _ended(case: Known, act: Act) -> Mapping[str, tuple[datetime, datetime | None]]:
    """The outage that an end names, else the last one that is open."""
    still = [ref for ref, (_, end) in case.outages.items() if end is None]
    ref = act.outage if act.outage in still else next(reversed(still), None)
    return {**case.outages, **({ref: (case.outages[ref][0], act.at)} if ref else {})}


def _and(known: tuple[str, ...], one: str | None) -> tuple[str, ...]:
    return known if not one or one in known else (*known, one)


def _without(known: tuple[str, ...], one: str | None) -> tuple[str, ...]:
    return tuple(known_one for known_one in known if known_one != one)
