"""Mutations of a person, in order: told to the CPAS, and what was answered before is stale (bcss-primaweb §3.2).

One that came before its predecessor waits for it, for a while; then it goes on and says how many are missing.
"""

from datetime import datetime
from typing import Literal

from hub.domain.messaging.cloudevent import CloudEvent
from hub.domain.messaging.decision import Decision, Emission, Timer
from hub.domain.messaging.identity import Identity
from hub.domain.persons.gate import GateRules
from hub.domain.persons.state import Access, FlowMutationRow, WaitingMutation
from hub.domain.persons.told import told
from schemas.mutations import (
    Change,
    MutationAwaited,
    PersonMutated,
    PersonMutationNotified,
    PersonNumberMerged,
    PersonRenumbered,
)
from schemas.persons import FlowName

_WAIT = "mutations/wait"


def notified(state: Access, event: CloudEvent, data: PersonMutationNotified, rules: GateRules) -> Decision[Access]:
    """One mutation: next in order, too early, or late."""
    identity = Identity.of(event)
    if identity is None:
        return Decision(state=state)  # erased between the door and here: nothing is left to tell
    one = WaitingMutation(
        sealed=identity,
        notification=data.notification,
        source=data.source,
        ticket=data.ticket,
        changes=data.changes,
        at=event.time,
    )
    if state.mutation and data.order <= state.mutation:
        late = _mutated(state, event, data.order, one, rules, late=True)
        return Decision(state=state, rows=_stale(event, one, rules), events=(late,))
    waiting = state.model_copy(update={"mutations": {**state.mutations, data.order: one}})
    if state.mutation and data.order > state.mutation + 1:
        return Decision(state=waiting, timers=() if state.mutations else (_wait(waiting, event, rules),))
    return _released(waiting, event, rules, first=data.order)


def awaited(state: Access, event: CloudEvent, data: MutationAwaited, rules: GateRules) -> Decision[Access]:
    """What was missing did not come in time: the next that is there goes on, and those right behind it."""
    if not state.mutations or data.order != state.mutation + 1:
        return Decision(state=state)
    return _released(state, event, rules, first=min(state.mutations))


def _released(state: Access, event: CloudEvent, rules: GateRules, *, first: int) -> Decision[Access]:
    """Tell the mutation of a number and all that follow it without a gap."""
    last, left, number = state.mutation, dict(state.mutations), first
    rows: list[FlowMutationRow] = []
    events: list[Emission] = []
    while number in left:
        one = left.pop(number)
        missing = number - last - 1 if last else 0
        events.append(_mutated(state, event, number, one, rules, missing=missing))
        rows.extend(_stale(event, one, rules))
        last, number = number, number + 1
    after = state.model_copy(update={"mutation": last, "mutations": left})
    timers = (_wait(after, event, rules),) if left else (Timer(name=_WAIT, due=None),)
    return Decision(state=after, rows=_newest(rows), events=tuple(events), timers=timers)


def _wait(state: Access, event: CloudEvent, rules: GateRules) -> Timer:
    ended = MutationAwaited(dossier=event.partitionkey, cpas=state.cpas, order=state.mutation + 1)
    due = event.recordedtime + rules.mutation_wait
    return Timer(name=_WAIT, due=due, event=ended, key=event.partitionkey, subject=state.subject)


def _mutated(
    state: Access,
    event: CloudEvent,
    order: int,
    one: WaitingMutation,
    rules: GateRules,
    *,
    late: bool = False,
    missing: int = 0,
) -> Emission:
    data = PersonMutated(
        dossier=event.partitionkey,
        cpas=state.cpas,
        notification=one.notification,
        order=order,
        source=one.source,
        ticket=one.ticket,
        changes=one.changes,
        flows=flows_of(one.changes, rules),
        late=late,
        missing=missing,
        task=_task(one.changes),
    )
    return told(state, event, data, one.sealed)


def flows_of(changes: tuple[Change, ...], rules: GateRules) -> tuple[FlowName, ...]:
    """The flows whose answers these changes make stale, each once."""
    return tuple(dict.fromkeys(flow for change in changes for flow in rules.stale.get(change.kind, ())))


def _task(changes: tuple[Change, ...]) -> Literal["deceased"] | None:
    """A death is somebody's task, never an automatic closing (§3.2)."""
    return "deceased" if any(one.kind == "DECEASE" and not one.deleted for one in changes) else None


def _stale(event: CloudEvent, one: WaitingMutation, rules: GateRules) -> tuple[FlowMutationRow, ...]:
    at: datetime = event.recordedtime
    return tuple(FlowMutationRow(event.partitionkey, flow, at) for flow in flows_of(one.changes, rules))


def _newest(rows: list[FlowMutationRow]) -> tuple[FlowMutationRow, ...]:
    return tuple({row.flow: row for row in rows}.values())


def renumbered(state: Access, event: CloudEvent, data: PersonRenumbered) -> Decision[Access]:
    """The bank is asked under the new number from now on; one that a later mutation gave stays."""
    identity = Identity.of(event)
    if identity is None:
        return Decision(state=state)
    fact = PersonNumberMerged(
        dossier=event.partitionkey, cpas=state.cpas, notification=data.notification, merged=data.merged
    )
    newer = data.order > state.renumbered
    after = state.model_copy(update={"person": identity, "renumbered": data.order}) if newer else state
    return Decision(state=after, events=(told(state, event, fact, identity),))
