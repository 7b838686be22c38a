"""The fold of a case: an act, or a term that is over, and what follows.

The clock proposes, a human confirms: a term that is over makes a proposal of foreclosure or the lapse of a channel,
never an act (art. 1675/9 §3; rcd-justrestart §2.3 T10, §2.4).
"""

from collections.abc import Mapping
from functools import partial

from hub.domain.messaging.calendar import Term, end_of
from hub.domain.messaging.cloudevent import CloudEvent
from hub.domain.messaging.decision import Decision, Emission, ProcessManager
from hub.domain.messaging.errors import RuleError
from hub.domain.rcd.actions import action_key, action_row, suggested
from hub.domain.rcd.asked import access_changes, asked, register_of
from hub.domain.rcd.case import Case, with_act, with_obliged
from hub.domain.rcd.channels import channel_changes
from hub.domain.rcd.claims import claim_row, difference, told_claim
from hub.domain.rcd.notice import issued
from hub.domain.rcd.recorded import RecordedAct
from hub.domain.rcd.standing import standings
from hub.domain.rcd.table import OUTAGES
from hub.domain.rcd.telling import decided_by, told_to
from hub.domain.rcd.terms import RULES, TermRule, rule_of
from hub.domain.rcd.terms import rules as counted
from schemas.event import Event
from schemas.rcd import (
    ActVoided,
    ForeclosureProposed,
    RcdCaseChanged,
    RcdTermDue,
    RcdTermReached,
    RcdTransferProposed,
    RegisterActRecorded,
    RequerantNamed,
)
from schemas.rcd_access import AskAccess, RegisterAccessRecorded
from schemas.rcd_actions import RcdActionAnnounced
from schemas.rcd_claims import RcdClaimTold
from schemas.rcd_notices import CaseAccessNoted


def fold(state: Case | None, event: CloudEvent, rules: Mapping[str, TermRule] = RULES) -> Decision[Case]:
    """What one event makes of a case; ``rules``: how terms are counted."""
    case = state or Case()
    if case.erased:
        # a look at what stays, the erasure itself, an outage of the whole register: nothing of the case is told
        if isinstance(event.data, CaseAccessNoted) or getattr(event.data, "act", None) in OUTAGES:
            return Decision(state=case)
        raise RuleError("case-erased", "this case was erased after its transfer to the State Archives")
    match event.data:
        case RegisterActRecorded() | RegisterAccessRecorded() as data:
            decided = _recorded(case, event, data, rules)
        case RequerantNamed() as data:
            decided = _named(case, event, data)
        case AskAccess() as data:
            decided = asked(case, event, data)
        case RcdClaimTold() as data:
            decided = _claim(case, event, data)
        case RcdActionAnnounced() as data:
            decided = _action(case, event, data)
        case CaseAccessNoted() as data:
            decided = _notice(case, event, data)
        case RcdTermReached() as data:
            decided = _near(case, event, data) if data.reading == "early" else _over(case, event, data)
        case _:
            raise RuleError("event-not-handled", "a case does not know this event")
    return decided


def _recorded(
    case: Case,
    event: CloudEvent,
    data: RegisterActRecorded | RegisterAccessRecorded,
    rules: Mapping[str, TermRule],
) -> Decision[Case]:
    known = _obliged(case, data, rules)
    if isinstance(data, RegisterActRecorded) and data.obliged and data.channel != "register":
        # I10: it stands in the feed, and changes nothing but that its party is known to be obliged
        void = ActVoided(case=data.case, act=data.act, register_ref=data.register_ref)
        return _noted(case, known, event, data, void)
    said = data.model_dump(exclude={"case", "register_ref", "occurred_at"})
    act = RecordedAct.model_validate({**said, "ref": data.register_ref, "at": data.occurred_at})
    after = with_act(known, act, rules)
    if after == case:
        return Decision(state=case)
    after = _named_by(after, event, data)
    told = [
        *_changes(case, after, data.case),
        *access_changes(case, after, data.case, act),
        *channel_changes(case, after, data.case, act.ref),
        *_voided(case, after, data.case),
    ]
    return decided_by(case, after, event, data.case, told)


def _obliged(case: Case, data: RegisterActRecorded | RegisterAccessRecorded, rules: Mapping[str, TermRule]) -> Case:
    """The case that knows of the party whether it must use the register."""
    if not isinstance(data, RegisterActRecorded) or not data.obliged or not data.party:
        return case
    return with_obliged(case, data.party, rules)


def _named_by(case: Case, event: CloudEvent, data: RegisterActRecorded | RegisterAccessRecorded) -> Case:
    """The register that told the case first is its register; the reference as people write it."""
    return case.model_copy(
        update={"told_by": case.told_by or register_of(event), "case_ref": data.case_ref or case.case_ref}
    )


def _voided(before: Case, after: Case, case_id: str) -> list[Event]:
    """Acts on paper of parties that must use the register, as far as they are known to now (I10)."""
    return [
        ActVoided.model_validate({"case": case_id, "act": act.act, "register_ref": act.ref})
        for act in after.acts
        if after.unplaced.get(act.ref) == "channel" and before.unplaced.get(act.ref) != "channel"
    ]


def _noted(case: Case, known: Case, event: CloudEvent, data: RegisterActRecorded, void: ActVoided) -> Decision[Case]:
    """An act without effect: told; what follows if nothing said before that its party is obliged."""
    told = told_to(known, event, [void], data.party)
    after = _named_by(known, event, data)
    if after == case:
        return Decision(state=case, events=told)
    changed = [*_voided(case, after, data.case), *channel_changes(case, after, data.case, data.register_ref)]
    decided = decided_by(case, after, event, data.case, [*_changes(case, after, data.case), *changed])
    return decided._replace(events=(*told, *decided.events))


def _named(case: Case, event: CloudEvent, data: RequerantNamed) -> Decision[Case]:
    """Whose case it is: nothing of it changes; her other files learn how it stands."""
    after = case.model_copy(update={"requerant": event.subject})
    return Decision(state=after, events=tuple(standings(case, after, data.case)))


def _claim(case: Case, event: CloudEvent, data: RcdClaimTold) -> Decision[Case]:
    """A claim as an export tells it: no act of the case; only what differs goes on."""
    now = told_claim(data)
    changed = difference(case.told_claims.get(data.claim_ref), now, data)
    if changed is None:
        return Decision(state=case)
    after = case.model_copy(update={"told_claims": {**case.told_claims, data.claim_ref: now}})
    return Decision(state=after, rows=(claim_row(data, event),), events=told_to(after, event, [changed], data.party))


def _action(case: Case, event: CloudEvent, data: RcdActionAnnounced) -> Decision[Case]:
    """A mail's hint: never an act, so nothing of the case changes but what was suggested."""
    key = action_key(data)
    if data.count <= case.suggested.get(key, 0):
        return Decision(state=case)
    after = case.model_copy(update={"suggested": {**case.suggested, key: data.count}})
    return Decision(state=after, rows=(action_row(data, event),), events=(suggested(data, event),))


def _notice(case: Case, event: CloudEvent, data: CaseAccessNoted) -> Decision[Case]:
    """The debtor's notice, where he reads: at the register that tells the case (I6)."""
    feeds = (case.told_by,) if case.told_by else ()
    one = Emission(data=issued(data, case.language), key=event.partitionkey, feeds=feeds)
    return Decision(state=case, events=(one,))


def _changes(before: Case, after: Case, case_id: str) -> list[Event]:
    """That it stands otherwise; what a proposal waited for."""
    changed: list[Event] = []
    if after.state != before.state:
        changed.append(
            RcdCaseChanged(
                case=case_id, state=after.state, before=before.state, register_ref=after.last_ref, article=after.article
            )
        )
    return changed


def _near(case: Case, event: CloudEvent, data: RcdTermReached) -> Decision[Case]:
    """A term nears its end by its early reading, unless it was met, moved or is over by now; each is told once."""
    term = case.terms.get(data.term)
    key = f"remind/{data.term}:{data.last_day}"
    if term is None or term.early != data.last_day or key in case.told or end_of(term.late) <= event.recordedtime:
        return Decision(state=case)
    party = data.term.partition("/")[2] or None
    due = RcdTermDue(
        case=data.case, term=data.term, party=party, last_day=term.early, article=rule_of(data.term).article
    )
    after = case.model_copy(update={"told": (*case.told, key)})
    return Decision(state=after, events=told_to(after, event, [due], party))


def _over(case: Case, event: CloudEvent, data: RcdTermReached) -> Decision[Case]:
    """A term is over by its late reading, unless it was met or moved meanwhile."""
    term = case.terms.get(data.term)
    key = f"{data.term}:{data.last_day}"
    if term is None or term.late != data.last_day or key in case.told:
        return Decision(state=case)
    kind, _, party = data.term.partition("/")
    told: list[Event] = []
    if kind == "retention":
        if case.outage_open:
            return Decision(state=case)  # its end sets the timer again
        told.append(RcdTransferProposed(case=data.case, last_day=data.last_day))
    if kind == "last-claim" and party in case.reminded and party not in case.claimed:
        if case.outage_open:
            return Decision(state=case)  # never during an open outage: its end sets the timer again
        told.append(ForeclosureProposed(case=data.case, party=party, last_day=data.last_day))
    after = case.model_copy(update={"told": (*case.told, key)})
    return decided_by(case, after, event, data.case, [*told, *channel_changes(case, after, data.case)])


def process_manager(retention: Term) -> ProcessManager[Case]:
    """The consumer group of collective settlements; ``retention``: how long a case is kept (art. 1675/24)."""
    return ProcessManager(
        group="hub.rcd",
        state=Case,
        fold=partial(fold, rules=counted(retention)),
        handles=frozenset(
            {
                *(RegisterActRecorded.type, RegisterAccessRecorded.type, RequerantNamed.type, RcdClaimTold.type),
                *(RcdTermReached.type, AskAccess.type, RcdActionAnnounced.type, CaseAccessNoted.type),
            }
        ),
        closed=lambda case: case.state == "ARCHIVED",
    )
