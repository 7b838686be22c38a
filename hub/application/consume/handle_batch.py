"""One batch of a consumer group: claim, load, fold, write, commit — one transaction (ADR 0002)."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from hub.application.consume.arrivals import Arrival, arrivals, opened
from hub.application.consume.failures import failure_of
from hub.application.consume.fold_batch import FoldedBatch, fold_batch
from hub.application.consume.follow import Consequences
from hub.application.consume.trace_folds import trace_folds
from hub.application.ports import Batches, BatchTransaction, Clock, Failure, Record, Vault
from hub.application.spans import OFF, SpanBatch, Spans
from hub.domain.messaging.decision import ProcessManager
from hub.domain.messaging.errors import HubError
from hub.domain.messaging.topics import Topics


@dataclass(frozen=True, kw_only=True, slots=True)
class BatchReport:
    """What became of a batch, in events: folded now, dead-lettered, queued behind a parked key, seen before.

    ``fingerprints``: how those that were dead-lettered failed.
    """

    folded: int = 0
    failed: int = 0
    queued: int = 0
    known: int = 0
    fingerprints: tuple[str, ...] = ()

    def __add__(self, other: "BatchReport") -> "BatchReport":
        return BatchReport(
            folded=self.folded + other.folded,
            failed=self.failed + other.failed,
            queued=self.queued + other.queued,
            known=self.known + other.known,
            fingerprints=self.fingerprints + other.fingerprints,
        )


_NUMBER = attrgetter("int")


class Consume:
    """The idempotent consumer of one group."""

    def __init__(
        self,
        manager: ProcessManager[Any],
        *,
        batches: Batches,
        vault: Vault,
        topics: Topics,
        clock: Clock,
        spans: Spans = OFF,
    ) -> None:
        self.manager = manager
        self._batches = batches
        self._vault = vault
        self._clock = clock
        self._spans = spans
        self._consequences = Consequences(group=manager.group, topics=topics, vault=vault)

    async def handle(self, records: Sequence[Record]) -> BatchReport:
        """Handle a batch: when this returns, everything it made is committed.

        Raises:
            HubError: with ``retriable`` set, infrastructure is away; nothing was committed, call again.
        """
        return await self._handle(await opened(self.manager, arrivals(self.manager, records), self._vault))

    async def _handle(self, found: Sequence[Arrival]) -> BatchReport:
        if not found:
            return BatchReport()
        try:
            return await self._attempt(found)
        except HubError as error:
            if error.retriable:
                raise
            return await self._isolate(found, error)
        except Exception as error:  # noqa: BLE001 - what the database refuses must not stop other dossiers
            return await self._isolate(found, error)

    async def _attempt(self, found: Sequence[Arrival], cause: Failure | None = None) -> BatchReport:
        """One transaction. With ``cause``, the one arrival is dead-lettered for it instead of being folded."""
        async with self._spans.batch() as spans, self._batches.begin(self.manager.group) as transaction:
            return await self._in(transaction, found, cause, spans)

    async def _in(
        self,
        transaction: BatchTransaction,
        found: Sequence[Arrival],
        cause: Failure | None = None,
        spans: SpanBatch | None = None,
    ) -> BatchReport:
        new = await self._claimed(transaction, found)
        keys = sorted({arrival.key for arrival in new})
        states = await transaction.load(keys) if keys else {}
        parked = await transaction.parked(keys) if keys else set()
        if cause and new and new[0].key not in parked:
            batch = FoldedBatch(failed=[(new[0], cause)])
        else:
            batch = fold_batch(self.manager, new, states, parked)
        if spans is not None:
            trace_folds(batch, spans, self.manager.group, queued=batch.waiting)
        await transaction.write(await self._consequences.of(batch, self._clock()))
        return BatchReport(
            folded=len(batch.folded),
            failed=len(batch.failed),
            queued=len(batch.waiting),
            known=len(found) - len(new),
            fingerprints=tuple(failure.fingerprint for _, failure in batch.failed),
        )

    @asynccontextmanager
    async def rehearsal(self) -> AsyncIterator["Rehearsal"]:
        """Batches handled in one transaction that is rolled back at the end."""
        async with self._batches.rehearse(self.manager.group) as transaction:
            yield Rehearsal(self, transaction)

    async def handled_in(self, transaction: BatchTransaction, records: Sequence[Record]) -> BatchReport:
        """Handle a batch in an open transaction."""
        found = await opened(self.manager, arrivals(self.manager, records), self._vault)
        return await self._in(transaction, found) if found else BatchReport()

    @staticmethod
    async def _claimed(transaction: BatchTransaction, found: Sequence[Arrival]) -> list[Arrival]:
        fresh = await transaction.claim(sorted((arrival.id for arrival in found), key=_NUMBER))
        return [arrival for arrival in found if arrival.id in fresh]

    async def _isolate(self, found: Sequence[Arrival], error: Exception) -> BatchReport:
        """The batch cannot be written: find the dossier, then the record, that is the reason."""
        keys = sorted({arrival.key for arrival in found})
        if len(keys) > 1:
            lower = set(keys[: len(keys) // 2])
            first = [arrival for arrival in found if arrival.key in lower]
            rest = [arrival for arrival in found if arrival.key not in lower]
        else:
            first, rest = list(found[:1]), list(found[1:])
        if not rest:
            return await self._attempt(first, failure_of(error, "write"))
        return await self._handle(first) + await self._handle(rest)


class Rehearsal:
    """Batches that are handled and taken back; each sees what the ones before it did."""

    def __init__(self, consume: Consume, transaction: BatchTransaction) -> None:
        self._consume, self._transaction = consume, transaction
        self.report = BatchReport()

    async def handle(self, records: Sequence[Record]) -> None:
        """One more batch."""
        self.report += await self._consume.handled_in(self._transaction, records)
