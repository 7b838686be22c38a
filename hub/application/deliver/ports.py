"""What deliveries ask of the world, as protocols; see ``ports`` for the others."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal, Protocol
from uuid import UUID

from hub.application.dead_letters.outward import OutwardLetter
from hub.application.ports import OutboxRow
from hub.domain.messaging.cloudevent import Sealed
from schemas.event import Event


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
    told: Event | None = None
    """What is told of it, where the gateway knows better than its kind's usual event."""


class DeliverySettlement(Protocol):
    """The one transaction in which results become known: close, then publish what follows."""

    async def close(self, results: Sequence[DeliveryResult]) -> Mapping[UUID, bool]:
        """Write results; ids of the deliveries that this ended, with whether they are possibly doubled.

        A success ends a delivery whoever holds it now; anything else counts only for the newest attempt.
        """

    async def publish(self, rows: Sequence[OutboxRow]) -> None:
        """Put events into the outbox."""

    async def give_up(self, letters: Sequence[OutwardLetter]) -> None:
        """Write the letters of deliveries that gave up."""


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Carried:
    """A delivery that ended: its reference, and what is told of it."""

    reference: str
    told: Event


class Gateway(Protocol):
    """Carries one kind of delivery to partners."""

    async def send(self, delivery: DueDelivery, personal: Mapping[str, Any] | None) -> str | Carried:
        """Send; the answer is a reference (Message-ID, ticket), with what is told of it if the gateway knows better.

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
