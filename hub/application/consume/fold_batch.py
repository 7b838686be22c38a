"""The decisions of one batch: each key's events folded in order; a key that fails stops there, others go on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from hub.application.consume.arrivals import Arrival
from hub.application.consume.failures import failure_of
from hub.application.ports import Failure
from hub.domain.messaging.cloudevent import CloudEvent
from hub.domain.messaging.decision import Decision, ProcessManager, State
from hub.domain.messaging.errors import UnreadableEventError


class Folded(NamedTuple):
    """One event and what it makes of its dossier."""

    arrival: Arrival
    event: CloudEvent
    decision: Decision[Any]


@dataclass(slots=True)
class FoldedBatch:
    """What a batch makes: folded events in order, changed states, failures, and what waits behind them."""

    folded: list[Folded] = field(default_factory=list)
    states: dict[str, str] = field(default_factory=dict)
    failed: list[tuple[Arrival, Failure]] = field(default_factory=list)
    waiting: list[Arrival] = field(default_factory=list)


def fold_batch(
    manager: ProcessManager[Any], found: Sequence[Arrival], states: Mapping[str, str | None], parked: set[str]
) -> FoldedBatch:
    """Fold every key's arrivals in order.

    Args:
        manager: the group's fold and state.
        found: claimed arrivals in their order.
        states: JSON of each key's state, None where there is none yet.
        parked: keys whose arrivals must wait.
    """
    batch = FoldedBatch()
    by_key = sorted(found, key=attrgetter("key"))  # stable: the order within a key stays
    for key, group in groupby(by_key, key=attrgetter("key")):
        mine = list(group)
        if key in parked:
            batch.waiting.extend(mine)
        else:
            _fold_key(manager, key, mine, states.get(key), batch)
    return batch


def _fold_key(
    manager: ProcessManager[Any], key: str, mine: list[Arrival], stored: str | None, batch: FoldedBatch
) -> None:
    state: State | None = None
    before: State | None = None
    for at, arrival in enumerate(mine):
        try:
            if at == 0 and stored is not None:
                before = state = manager.state.model_validate_json(stored)
            event = _readable(arrival)
            decision = manager.fold(state, event)
        except Exception as error:  # noqa: BLE001 - the one place where a failure becomes an outcome
            batch.failed.append((arrival, failure_of(error, "read" if arrival.error else "fold")))
            batch.waiting.extend(mine[at + 1 :])
            break
        state = decision.state
        batch.folded.append(Folded(arrival, event, decision))
    if state is not None and state is not before and state != before:
        batch.states[key] = state.model_dump_json(exclude_defaults=True)


def _readable(arrival: Arrival) -> CloudEvent:
    if arrival.event is None:
        raise arrival.error or UnreadableEventError("event-bytes-unreadable")
    return arrival.event
