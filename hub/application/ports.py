"""What the use cases ask of the world, as protocols. Adapters give it; fakes pass the same contract suites."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol
from uuid import UUID

from hub.domain.messaging.cloudevent import CloudEvent, Sealed
from hub.domain.messaging.decision import Delivery, Row, Timer


class Clock(Protocol):
    """What time it is (aware, UTC)."""

    def __call__(self) -> datetime: ...


class MovableClock(Clock, Protocol):
    """A clock that tests and the demo move; what it says is at most as old as the last refresh."""

    async def refresh(self, most_age: timedelta = ...) -> None:
        """Learn how far time was moved, unless that was learned less than ``most_age`` ago."""


class Bell(Protocol):
    """Wakes a worker when there may be something to do."""

    async def wait(self, most: timedelta) -> None:
        """Return when rung since the last call, or after ``most``."""


# ── persons' keys ──────────────────────────────────────────────────────────────────────────────────────────
class Cipher(Protocol):
    """Opens and seals boxes under one key."""

    def seal_text(self, plain: bytes, associated: bytes) -> str: ...
    def open_text(self, box: str, associated: bytes) -> bytes | None: ...


class PersonKeys(Protocol):
    """The keys of persons, each with a generation; an erased generation has no cipher any more."""

    async def current(self, subjects: Sequence[str]) -> Mapping[str, tuple[int, Cipher]]:
        """The newest living key of each subject, made where there is none."""

    async def of(self, wanted: Sequence[tuple[str, int]]) -> Mapping[tuple[str, int], Cipher]:
        """The keys of these generations; erased ones are missing from the answer."""


# ── consuming ──────────────────────────────────────────────────────────────────────────────────────────────
class Record(NamedTuple):
    """A Kafka record as it came. ``headers`` keep their order and doubles; ``timestamp`` is Kafka's, in ms."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]


class Handled(NamedTuple):
    """An event that was folded: for the timeline. ``attributes``: its record's headers as JSON."""

    key: str
    event_id: UUID
    attributes: str
    value: bytes


class OutboxRow(NamedTuple):
    """A record waiting for Kafka. ``headers``: JSON, see ``envelope.kafka_headers``."""

    topic: str
    key: str
    headers: str
    value: bytes | None


class FeedRow(NamedTuple):
    """An event one institution may see. ``attributes``: JSON object of CloudEvents attributes."""

    institution: str
    event_id: UUID
    type: str
    attributes: str
    value: bytes


class Follow(NamedTuple):
    """A delivery or timer with the event that caused it."""

    cause: CloudEvent
    key: str
    what: Delivery | Timer


@dataclass(frozen=True, kw_only=True, slots=True)
class Failure:
    """Why a record could not be handled: free of personal data, stable across runs and releases."""

    fingerprint: str
    stage: str
    classification: str
    exception: str
    location: str
    reason: str
    trace: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """A dead letter to be written: its key is parked in the same transaction. ``institution``: who sent it."""

    id: UUID
    key: str
    event_id: UUID
    type: str | None
    source: str | None
    record: Record
    failure: Failure
    institution: str | None = None


class Queued(NamedTuple):
    """A record that waits, unhandled and in order, behind a parked key."""

    key: str
    event_id: UUID
    record: Record


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """Everything a batch makes, written in bulk in the batch's one transaction."""

    states: Mapping[str, str]
    handled: Sequence[Handled]
    rows: Sequence[Row]
    outbox: Sequence[OutboxRow]
    feed: Sequence[FeedRow]
    follows: Sequence[Follow]
    letters: Sequence[Letter]
    queued: Sequence[Queued]


class BatchTransaction(Protocol):
    """The one transaction of a batch, for one consumer group. Call in this order: claim, load, parked, write."""

    async def claim(self, event_ids: Sequence[UUID]) -> set[UUID]:
        """Claim ids in the inbox; those that were not claimed before. Waits for a rival's commit."""

    async def load(self, keys: Sequence[str]) -> Mapping[str, str | None]:
        """Lock the keys until the end of the transaction and give their states (JSON; None: no state yet)."""

    async def parked(self, keys: Sequence[str]) -> set[str]:
        """Which of the (locked) keys are parked."""

    async def write(self, outcome: Outcome) -> None:
        """Write everything."""


class Vault(Protocol):
    """Seals and opens personal data under persons' keys."""

    async def seal_many(self, items: Sequence[tuple[str, UUID, bytes]]) -> Sequence[str]:
        """Boxes for (subject, event id, bytes), in order."""

    async def open_many(self, items: Sequence[Sealed]) -> Sequence[bytes | None]:
        """The bytes behind boxes, in order; None where the person was erased."""


class Batches(Protocol):
    """Opens the transaction of a batch."""

    def begin(self, group: str) -> AbstractAsyncContextManager[BatchTransaction]: ...

    def rehearse(self, group: str) -> AbstractAsyncContextManager[BatchTransaction]:
        """One that is rolled back whatever happens."""
