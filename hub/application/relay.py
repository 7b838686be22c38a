"""Outbox to Kafka, in order per key: taken, sent, acknowledged by the broker, only then removed.

A relay that dies between sending and removing sends the same events again: same ids, so inboxes know them.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

import structlog

from hub.application.ports import Bell, OutboxRow
from hub.application.spans import OFF, Spans
from hub.domain.messaging.errors import TransientError
from hub.domain.messaging.retry import Backoff

_log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True, slots=True)
class TakenOutbox:
    """Rows of the shards this relay holds until its transaction ends, in order, with their sequence numbers."""

    rows: Sequence[OutboxRow]
    sequences: Sequence[int]


class OutboxTransaction(Protocol):
    """Holds some shards of the outbox: no other relay sends their keys meanwhile."""

    async def take(self, limit: int) -> TakenOutbox: ...

    async def remove(self, sequences: Sequence[int]) -> None: ...


class Outbox(Protocol):
    """Events waiting for Kafka."""

    def begin(self) -> AbstractAsyncContextManager[OutboxTransaction]: ...


class Publisher(Protocol):
    """Sends records; returns when the broker has acknowledged all of them (``acks=all``, idempotent)."""

    async def publish(self, rows: Sequence[OutboxRow]) -> None: ...


class Relay:
    """Moves the outbox."""

    def __init__(self, outbox: Outbox, publisher: Publisher, *, spans: Spans = OFF, batch: int = 4000) -> None:
        self._outbox = outbox
        self._publisher = publisher
        self._spans = spans
        self._batch = batch

    async def once(self) -> int:
        """Move one batch; how many events it held.

        Raises:
            TransientError: database or broker is away; nothing was removed, call again.
        """
        async with self._outbox.begin() as transaction:
            taken = await transaction.take(self._batch)
            if taken.rows:
                with self._spans.one("relay", "batch", None, events=len(taken.rows)):
                    await self._publisher.publish(taken.rows)
                    await transaction.remove(taken.sequences)
        return len(taken.rows)

    async def run(self, bell: Bell, backoff: Backoff, *, relayed: Callable[[int], None], poll: timedelta) -> None:
        """Relay until cancelled; ``relayed`` hears how many events each batch held."""
        failures = 0
        while True:
            try:
                moved = await self.once()
                failures = 0
            except TransientError as error:
                failures += 1
                _log.warning("relay waits", reason=str(error), failures=failures)
                await asyncio.sleep(backoff.wait(failures).total_seconds())
                continue
            if moved:
                relayed(moved)
            else:
                await bell.wait(poll)
