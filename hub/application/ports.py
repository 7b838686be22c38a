"""What the use cases ask of the world, as protocols. Adapters give it; fakes pass the same contract suites."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol
from uuid import UUID

from hub.domain.messaging.cloudevent import CloudEvent, Sealed
from hub.domain.messaging.decision import Delivery, Row, Timer


class Clock(Protocol):
    """What time it is (aware, UTC)."""

    def __call__(self) -> datetime: ...


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
@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """A Kafka record as it came. ``headers`` keep their order and doubles; ``timestamp`` is Kafka's, in ms."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Handled:
    """An event that was folded: for the timeline."""

    key: str
    event_id: UUID
    attributes: str
    value: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class OutboxRow:
    """A record waiting for Kafka. ``headers``: JSON, see ``envelope.kafka_headers``."""

    topic: str
    key: str
    headers: str
    value: bytes | None


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedRow:
    """An event one institution may see. ``attributes``: JSON object of CloudEvents attributes."""

    institution: str
    event_id: UUID
    type: str
    attributes: str
    value: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Follow:
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
    """A dead letter to be written: its key is parked in the same transaction."""

    id: UUID
    key: str
    event_id: UUID
    type: str | None
    source: str | None
    record: Record
    failure: Failure


@dataclass(frozen=True, kw_only=True, slots=True)
class Queued:
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


# ── deliver ────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, kw_only=True, slots=True)
class DueDelivery:
    """A delivery taken for its ``attempt`` (from 1). ``happened``: the effect ledger says it is done already."""

    id: UUID
    event_id: UUID
    effect: str
    kind: str
    partner: str
    key: str
    content: Mapping[str, str]
    subject: str | None
    personal: Sealed | None
    correlationid: str
    traceparent: str | None
    attempt: int
    happened: bool


DeliveryOutcome = Literal["sent", "refused", "unreachable", "postponed"]


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliveryResult:
    """What became of one attempt.

    ``sent``: ``reference`` is the partner's or our own (Message-ID). ``refused``: given up, ``reason`` is the
    rule. ``unreachable``: tried again after ``wait``; ``uncertain``: the partner may have taken it.
    ``postponed``: nothing was tried, the attempt does not count.
    """

    id: UUID
    attempt: int
    outcome: DeliveryOutcome
    wait: timedelta = timedelta(0)
    reason: str | None = None
    reference: str | None = None
    uncertain: bool = False


class DeliverySettlement(Protocol):
    """The one transaction in which results become known: close, then publish what follows."""

    async def close(self, results: Sequence[DeliveryResult]) -> Mapping[UUID, bool]:
        """Write results; ids of the deliveries that this ended, with whether they are possibly doubled.

        A success ends a delivery whoever holds it now; anything else counts only for the newest attempt.
        """

    async def publish(self, rows: Sequence[OutboxRow]) -> None:
        """Put events into the outbox."""


class Deliveries(Protocol):
    """Outward effects that wait."""

    async def take(
        self, *, limit: int, lease: timedelta, shut: Sequence[str] = (), only: str | None = None
    ) -> Sequence[DueDelivery]:
        """Take due heads of their keys for an attempt, each for the time of a lease; committed on return.

        Nothing for the partners in ``shut``; only for the partner ``only`` if given.
        """

    def settle(self) -> AbstractAsyncContextManager[DeliverySettlement]:
        """Open the transaction that settles results."""


class Gateway(Protocol):
    """Carries one kind of delivery to partners."""

    async def send(self, delivery: DueDelivery, personal: Mapping[str, Any] | None) -> str:
        """Send; the answer is a reference (Message-ID, ticket).

        Raises:
            PartnerRefusedError: it will never be taken.
            PartnerAwayError: it was not taken now.
            TransientError: our own infrastructure is away; nothing was tried.
        """


class DeliveryMeter(Protocol):
    """Counts what became of deliveries."""

    def sent(self, effect: str, *, possibly_doubled: bool) -> None: ...
    def failed(self, effect: str, rule: str) -> None: ...
    def retried(self, effect: str, rule: str) -> None: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Mailbox:
    """Where an institution's mails go. ``email`` None: no address is known. ``language``: fr, nl or de."""

    name: str
    email: str | None
    language: str


class Directory(Protocol):
    """Who is who, for mails."""

    async def office(self, office: str) -> Mailbox | None:
        """A bailiff office of the Chamber's directory; None when it is not listed."""

    async def institution(self, institution: str) -> Mailbox | None:
        """An institution as the hub knows it."""


class Bell(Protocol):
    """Wakes a worker when there may be something to do."""

    async def wait(self, most: timedelta) -> None:
        """Return when rung since the last call, or after ``most``."""


# ── clock ──────────────────────────────────────────────────────────────────────────────────────────────────
class MovableClock(Clock, Protocol):
    """A clock that tests and the demo move; what it says is at most as old as the last refresh."""

    async def refresh(self, most_age: timedelta = ...) -> None:
        """Learn how far time was moved, unless that was learned less than ``most_age`` ago."""


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
