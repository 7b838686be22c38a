"""What the clock asks of the world, as protocols; see ``ports`` for the others."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from hub.application.dead_letters.outward import OutwardLetter
from hub.application.ports import OutboxRow


@dataclass(frozen=True, kw_only=True, slots=True)
class DueTimer:
    """A timer whose time has come; ``data`` is the JSON of the event's readable part."""

    group: str
    key: str
    name: str
    due: datetime
    type: str
    data: str
    event_key: str
    subject: str | None
    correlationid: str
    causationid: str | None
    traceparent: str | None


class TimerBatch(Protocol):
    """An open transaction over due timers that nobody else can fire."""

    async def due(self, now: datetime, limit: int) -> Sequence[DueTimer]:
        """Due timers, the oldest first, locked with their keys; none of a parked key."""

    async def unreadable(self, letters: Sequence[OutwardLetter]) -> None:
        """Show timers that cannot fire among the dead letters; they stay where they are."""

    async def fire(self, timers: Sequence[DueTimer], rows: Sequence[OutboxRow]) -> None:
        """Remove timers and put their events into the outbox."""


class Timers(Protocol):
    """Deadlines of dossiers."""

    def begin(self) -> AbstractAsyncContextManager[TimerBatch]: ...

    async def next_due(self) -> datetime | None:
        """When the next timer of a key that is not parked is due."""


class ClockMeter(Protocol):
    """Counts what the clock did."""

    def fired(self, type_: str) -> None: ...
    def unreadable(self, type_: str) -> None: ...
