"""Replay of a dead letter: to the group that failed only, then what waits behind it, in order (dead-letters §16).

Each step is one transaction under the lock of the dossier, so a record that arrives meanwhile is neither lost nor
overtaken. Success is the commit. Whoever dies between two steps leaves the dossier parked; call again.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from typing import Any, Protocol
from uuid import UUID

from hub.application.consume.arrivals import Arrival, arrivals, opened
from hub.application.consume.failures import failure_of
from hub.application.consume.fold_batch import FoldedBatch, fold_batch
from hub.application.consume.follow import Consequences
from hub.application.consume.trace_folds import trace_folds
from hub.application.ports import BatchTransaction, Clock, Failure, Record, Vault
from hub.application.spans import OFF, Spans
from hub.domain.messaging.decision import ProcessManager
from hub.domain.messaging.errors import HubError, RefusalError
from hub.domain.messaging.topics import Topics

_ALL = 2**31
"""Every record of a queue."""
HUB = "hub"
"""Who replays when no administrator is named."""


class LetterUnknownError(RefusalError):
    """No dead letter has this id; ``hub dlq groups`` and ``hub dlq list`` show those there are."""


class LetterClosedError(RefusalError):
    """The letter was replayed before and nothing waits behind it any more."""


class LetterNotHeadError(RefusalError):
    """Another letter of the same dossier failed earlier and must be replayed first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredLetter:
    """A letter as it lies: ``head`` says whether its dossier waits behind it."""

    id: UUID
    group: str
    key: str
    state: str
    head: bool
    record: Record


@dataclass(frozen=True, kw_only=True, slots=True)
class WaitingRecord:
    """A record behind a parked key, with its place in the queue."""

    seq: int
    record: Record


class ReplayTransaction(BatchTransaction, Protocol):
    """A batch transaction that can also empty the queue of one parked key."""

    async def letter(self, letter: UUID) -> StoredLetter | None: ...
    async def queue(self, key: str, limit: int) -> Sequence[WaitingRecord]: ...
    async def settle(self, letter: UUID, failure: Failure | None, who: str) -> None: ...
    async def take_from_queue(self, key: str, sequences: Sequence[int]) -> None: ...
    async def unpark(self, key: str) -> None: ...


class Letters(Protocol):
    """Dead letters and the queues behind them."""

    async def group_of(self, letter: UUID) -> tuple[str, str] | None:
        """Consumer group and key of a letter."""

    def begin(self, group: str) -> AbstractAsyncContextManager[ReplayTransaction]: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class ReplayReport:
    """What a replay did: whether the letter succeeded, how many were released behind it, what still waits."""

    letter: UUID
    succeeded: bool
    released: int
    parked: bool
    failure: Failure | None = None


class Replay:
    """Replays letters one at a time."""

    def __init__(
        self,
        managers: Mapping[str, ProcessManager[Any]],
        *,
        letters: Letters,
        vault: Vault,
        topics: Topics,
        clock: Clock,
        spans: Spans = OFF,
        step: int = 500,
    ) -> None:
        self._managers = managers
        self._letters = letters
        self._vault = vault
        self._topics = topics
        self._clock = clock
        self._spans = spans
        self._step = step

    async def letter(self, letter: UUID, *, last: bool = False, who: str = HUB) -> ReplayReport:
        """Replay one letter and release what waits behind it.

        ``last``: the letter came too early, so it is handled after what waits behind it; all of it in one
        transaction, and if any of it fails nothing is changed.

        Raises:
            LetterUnknownError, LetterClosedError, LetterNotHeadError: nothing was changed.
            HubError: retriable; nothing of the present step was committed, call again.
        """
        place = await self._letters.group_of(letter)
        if place is None:
            raise LetterUnknownError("letter-unknown", f"no dead letter {letter}; see: hub dlq list")
        if last:
            return await self._after_the_queue(letter, *place, who=who)
        released, succeeded = 0, None
        while True:
            report = await self._safe_step(letter, *place, who)
            released += report.released
            succeeded = report.succeeded if succeeded is None else succeeded
            if report.failure is not None or not report.parked:
                return replace(report, released=released, succeeded=succeeded)

    async def _safe_step(self, letter: UUID, group: str, key: str, who: str) -> ReplayReport:
        """One step; what the database refuses to write is found record by record and becomes a failure."""
        try:
            return await self._step_of(letter, group, key, who, self._step)
        except HubError:
            raise
        except Exception:  # noqa: BLE001 - found below, one record at a time
            try:
                return await self._step_of(letter, group, key, who, 1)
            except HubError:
                raise
            except Exception as error:  # noqa: BLE001 - this record is the reason: a failure becomes an outcome
                return await self._step_of(letter, group, key, who, 1, cause=failure_of(error, "write"))

    async def _after_the_queue(self, letter: UUID, group: str, key: str, *, who: str) -> ReplayReport:
        manager = self._managers[group]
        failed = ReplayReport(letter=letter, succeeded=False, released=0, parked=True)
        try:
            async with self._spans.batch() as spans, self._letters.begin(group) as transaction:
                states = await transaction.load([key])
                stored = _checked(await transaction.letter(letter), letter)
                queue = await transaction.queue(key, _ALL)
                records = [*(one.record for one in queue), *([stored.record] if stored.state == "waiting" else [])]
                found = await opened(manager, arrivals(manager, records), self._vault)
                batch = fold_batch(manager, [one._replace(key=key) for one in found], states, set())
                if batch.failed:
                    return replace(failed, failure=batch.failed[0][1])
                trace_folds(batch, spans, group)
                await self._write(transaction, stored, queue, batch, who)
                await transaction.unpark(key)
        except HubError:
            raise
        except Exception as error:  # noqa: BLE001 - what the database refuses to write becomes a failure
            return replace(failed, failure=failure_of(error, "write"))
        return replace(failed, succeeded=True, released=len(queue), parked=False)

    async def _step_of(
        self, letter: UUID, group: str, key: str, who: str, limit: int, *, cause: Failure | None = None
    ) -> ReplayReport:
        """Fold the letter (if it still waits) and the head of the queue; write what that makes."""
        manager = self._managers[group]
        async with self._spans.batch() as spans, self._letters.begin(group) as transaction:
            states = await transaction.load([key])
            stored = _checked(await transaction.letter(letter), letter)
            fresh = stored.state == "waiting"
            queue = await transaction.queue(key, limit - fresh)
            records = [*([stored.record] if fresh else []), *(one.record for one in queue)]
            found = await opened(manager, arrivals(manager, records), self._vault)
            mine = [one._replace(key=key) for one in found]
            batch = FoldedBatch(failed=[(mine[0], cause)]) if cause else fold_batch(manager, mine, states, set())
            trace_folds(batch, spans, group)
            report = await self._write(transaction, stored, queue, batch, who)
            if not report.failure and len(queue) < limit - fresh:
                await transaction.unpark(key)
                return replace(report, parked=False)
            return report

    async def _write(
        self,
        transaction: ReplayTransaction,
        stored: StoredLetter,
        queue: Sequence[WaitingRecord],
        batch: FoldedBatch,
        who: str,
    ) -> ReplayReport:
        fresh = stored.state == "waiting"
        arrival, failure = batch.failed[0] if batch.failed else (None, None)
        if fresh and arrival is not None and arrival.record == stored.record:
            await transaction.settle(stored.id, failure, who)
            return ReplayReport(letter=stored.id, succeeded=False, released=0, parked=True, failure=failure)
        consequences = Consequences(group=stored.group, topics=self._topics, vault=self._vault)
        outcome = await consequences.of(batch, self._clock())
        await transaction.write(replace(outcome, queued=()))  # what waits behind a failure is in the queue already
        if fresh:
            await transaction.settle(stored.id, None, who)
        done = _handled(queue, arrival)
        await transaction.take_from_queue(stored.key, [one.seq for one in done])
        released = len(done) - (failure is not None)
        return ReplayReport(letter=stored.id, succeeded=True, released=released, parked=True, failure=failure)


def _checked(stored: StoredLetter | None, letter: UUID) -> StoredLetter:
    """The letter, if its dossier waits behind it."""
    if stored is None:
        raise LetterUnknownError("letter-unknown", f"no dead letter {letter}")
    if not stored.head and stored.state == "waiting":
        raise LetterNotHeadError("letter-not-head", "an earlier letter of this dossier must be replayed first")
    if not stored.head:
        raise LetterClosedError("letter-closed", "this letter was replayed; nothing waits behind it")
    return stored


def _handled(queue: Sequence[WaitingRecord], failed: Arrival | None) -> list[WaitingRecord]:
    """What leaves the queue: everything up to and including the record that failed (it is a letter now)."""
    if failed is None:
        return list(queue)
    at = next((at for at, one in enumerate(queue) if one.record == failed.record), len(queue) - 1)
    return list(queue[: at + 1])
