"""A case as its acts make it: read again from all of them in the order of their legal dates.

Acts may reach the hub in any order, and an act done during an outage is entered afterwards at its own date
(AR 11 Oct 2023, art. 7). So the case is never advanced but read again: whatever the order of delivery, the same acts
make the same case, and a late one moves every deadline that depends on it.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Literal

from pydantic import Field

from hub.domain.messaging.decision import State
from hub.domain.rcd.access import allowed
from hub.domain.rcd.claims import ToldClaim
from hub.domain.rcd.facts import LATE, facts_of
from hub.domain.rcd.notice_words import Language
from hub.domain.rcd.recorded import RecordedAct, RunningTerm
from hub.domain.rcd.table import ENDED, OVER, OWN, TABLE, Row
from hub.domain.rcd.terms import RULES, TermRule, extended, rule_of
from schemas.rcd import CaseState

Why = Literal[
    "access", "state", "months", "no-reminder", "term-runs", "outage", "extended-before", "plan-not-silent", "too-late",
    "evidence", "channel",
]  # fmt: skip
"""Why an act has no place in a case (yet): what it needs may still come."""


_CLAIMS = frozenset({"claim-submitted", "claim-converted"})
_OUTLIVING = frozenset({"mention", "petition-bar", "confirmation"})
"""Terms that run on when a case has ended."""


class Case(State):
    """What a case is now. ``unplaced``: acts that have no place yet, with why."""

    acts: tuple[RecordedAct, ...] = ()
    state: CaseState = "DRAFT"
    article: str = ""
    last_ref: str = ""
    resumes: CaseState | None = None
    """What a revision goes back to."""
    terms: dict[str, RunningTerm] = Field(default_factory=dict)
    regions: dict[str, str] = Field(default_factory=dict)
    institutions: tuple[str, ...] = ()
    mediator: str | None = None
    acts_for: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Institutions that are linked in the quality of a party."""
    invited: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Institutions that were invited in the quality of a party, and have not answered."""
    saved: tuple[str, ...] = ()
    """Parties with a claim that is saved provisionally: it is none yet."""
    case_ref: str | None = None
    """The register's own reference, as people write it."""
    told_by: str | None = None
    """The institution that tells the acts of this case: its register."""
    claimed: tuple[str, ...] = ()
    late: tuple[str, ...] = ()
    """Creditors whose claim came when their last term was over: it saves no right (art. 1675/9 §3)."""
    reminded: tuple[str, ...] = ()
    foreclosed: tuple[str, ...] = ()
    objectors: tuple[str, ...] = ()
    obliged: tuple[str, ...] = ()
    """Parties that must use the register (art. 1675/15bis §1), sorted; one act that says so is enough."""
    outages: dict[str, tuple[datetime, datetime | None]] = Field(default_factory=dict)
    extended: bool = False
    unplaced: dict[str, Why] = Field(default_factory=dict)
    told: tuple[str, ...] = ()
    """What was told before: a case that is read again does not tell it twice."""
    requerant: str | None = None
    """Whose case it is: a pseudonym, once the register has named her."""
    told_claims: dict[str, ToldClaim] = Field(default_factory=dict)
    """Claims by the register's reference, as exports told them last; no act, so reading acts again keeps them."""
    suggested: dict[str, int] = Field(default_factory=dict)
    """What mails said is to be done, and how often: hints, no acts."""
    admitted_on: date | None = None
    court: str | None = None
    role_number: str | None = None
    """On the roll of that court."""
    language: Language | None = None
    """The requérant's."""
    avis_on: date | None = None
    erased: bool = False
    """It went to the State Archives and was erased here: nothing makes it anew (ADR 0028)."""

    @property
    def outage_open(self) -> bool:
        """Whether the register is away now."""
        return any(end is None for _, end in self.outages.values())


def with_act(case: Case, act: RecordedAct, rules: Mapping[str, TermRule] = RULES) -> Case:
    """The case with one more act; an act that is known changes nothing. ``rules``: how terms are counted."""
    if any(one.ref == act.ref for one in case.acts):
        return case
    return _again(case, (*case.acts, act), case.obliged, rules)


def with_obliged(case: Case, party: str, rules: Mapping[str, TermRule] = RULES) -> Case:
    """The case that knows that a party must use the register: its own acts on paper have no effect."""
    if party in case.obliged:
        return case
    return _again(case, case.acts, tuple(sorted({*case.obliged, party})), rules)


def _again(case: Case, acts: tuple[RecordedAct, ...], obliged: tuple[str, ...], rules: Mapping[str, TermRule]) -> Case:
    again = read_again(acts, told=case.told, obliged=obliged, rules=rules)
    names = ("requerant", "told_claims", "told_by", "case_ref", "suggested")
    return again.model_copy(update={name: getattr(case, name) for name in names})


def read_again(
    acts: Iterable[RecordedAct],
    *,
    told: tuple[str, ...] = (),
    obliged: tuple[str, ...] = (),
    rules: Mapping[str, TermRule] = RULES,
) -> Case:
    """A case from its acts, by their legal dates; what has no place waits and is tried after each other act."""
    ordered = tuple(sorted(acts, key=lambda one: (one.at, one.ref)))
    case, waiting = Case(acts=ordered, told=told, obliged=obliged), list(ordered)
    moved = True
    while moved:
        moved = False
        for one in list(waiting):
            if misplaced(case, one) is None:
                case = placed(case, one, rules)
                waiting.remove(one)
                moved = True
                break  # the earliest that has a place now comes first
    left = {one.ref: why for one in waiting if (why := misplaced(case, one))}
    return case.model_copy(update={"unplaced": left})


def misplaced(case: Case, act: RecordedAct) -> Why | None:
    """Why an act has no place in the case as it stands; None: it has."""
    row = TABLE[act.act]
    if act.act in OWN and act.channel == "paper" and act.party in case.obliged:
        return "channel"  # art. 1675/15bis §1 al. 3
    if case.state not in row.source:
        return "state"
    if row.months and not row.months[0] <= (act.months if act.months is not None else -1) <= row.months[1]:
        return "months"
    if act.outage and act.act != "outage-ended" and act.evidence is None:
        return "evidence"
    if act.outage and not _within(case, act):
        return "outage"
    return _own_rule(case, act) if allowed(case, act.act, act) else "access"


def _own_rule(case: Case, act: RecordedAct) -> Why | None:
    """Rules of single rows."""
    match act.act:
        case "foreclosure-confirmed":
            return _foreclosure(case, act)
        case "plan-agreed":
            term = case.terms.get("objection")
            if case.objectors:
                return "plan-not-silent"
            return "term-runs" if term and act.on <= term.late else None
        case "carence-extended" if case.extended:
            return "extended-before"
        case "objection-raised":
            term = case.terms.get("objection")
            return "too-late" if term and act.on > term.late else None
        case _:
            return None


def _foreclosure(case: Case, act: RecordedAct) -> Why | None:
    """T10 and I1: a reminder received, its last term over, nothing claimed, no open outage (art. 1675/9 §3)."""
    term = case.terms.get(f"last-claim/{act.party}")
    if act.party not in case.reminded or term is None or act.party in case.claimed:
        return "no-reminder"
    if case.outage_open:
        return "outage"
    return "term-runs" if act.on <= term.late else None


def _within(case: Case, act: RecordedAct) -> bool:
    """Whether an act lies in the outage that it names (I7)."""
    window = case.outages.get(act.outage or "")
    return window is not None and window[0] <= act.at and (window[1] is None or act.at <= window[1])


def placed(case: Case, act: RecordedAct, rules: Mapping[str, TermRule] = RULES) -> Case:
    """The case after an act that has its place."""
    row, late = TABLE[act.act], _late(case, act)
    update: dict[str, object] = {
        "state": row.to or case.state,
        "article": row.article if row.to and row.to != case.state else case.article,
        "last_ref": act.ref if row.to and row.to != case.state else case.last_ref,
        "terms": _terms(case, act, row, () if late else row.end, rules),
        "regions": {**case.regions, **_region(row, act)},
        "court": act.court or case.court,
        "role_number": act.role_number or case.role_number,
        "language": act.language or case.language,
        **facts_of(case, act, LATE if late else act.act),
    }
    return case.model_copy(update=update)


def _region(row: Row, act: RecordedAct) -> dict[str, str]:
    """Regions by name; the surety's by party."""
    if row.region is None:
        return {}
    name, value = row.region
    return {f"{name}/{act.party}" if name == "surety" and act.party else name: value}


def _late(case: Case, act: RecordedAct) -> bool:
    """Whether an act is the first claim of a creditor after the end of its last term, by the late reading."""
    if act.act not in _CLAIMS or act.party in case.claimed:
        return False
    term = case.terms.get(f"last-claim/{act.party}")
    return act.party in case.foreclosed or (term is not None and act.on > term.late)


def _terms(
    case: Case, act: RecordedAct, row: Row, met: tuple[str, ...], rules: Mapping[str, TermRule]
) -> dict[str, RunningTerm]:
    ends = {_name(end, act) for end in met}
    terms = {name: one for name, one in case.terms.items() if name not in ends}
    if row.to in ENDED | OVER:
        terms = {name: one for name, one in terms.items() if name.partition("/")[0] in _OUTLIVING}
    for start in row.start:
        last = rule_of(start, rules).last_day(act.on, act.residence)
        terms[_name(start, act)] = RunningTerm(early=last.early, late=last.late, started=act.on)
    if act.act == "carence-extended" and (carence := terms.get("carence")):
        last = extended(carence.started, act.months or 0)
        terms["carence"] = RunningTerm(early=last.early, late=last.late, started=carence.started)
    return terms


def _name(term: str, act: RecordedAct) -> str:
    return f"{term}{act.party}" if term.endswith("/") else term
