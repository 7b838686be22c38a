"""What the use cases of consulting keep: the gate as folded, calls with both tickets, answers sealed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from hub.application.ports import OutboxRow
from hub.domain.persons.state import Access
from schemas.event import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """One request to the bank, noted before it leaves. Its ticket is never sent twice."""

    ticket: UUID
    delivery: UUID
    attempt: int
    dossier: str
    cpas: str
    adapter: str
    operation: str
    consultation: str
    sent_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class PastCall:
    """An earlier request of the same delivery. ``told``: how it ended for good, if it did.

    ``open``: it was sent, or was about to be, and nobody wrote down what became of it.
    """

    ticket: UUID
    open: bool
    told: Event | None


@dataclass(frozen=True, kw_only=True, slots=True)
class OtherPart:
    """What an answer tells of somebody else, sealed under her own key."""

    subject: str
    dossier: str
    role: str
    box: str = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class SealedAnswer:
    """An answer as it is kept: under the person's key, with both tickets. ``raw_box`` None: it names others too."""

    id: UUID
    consultation: str
    dossier: str
    cpas: str
    subject: str
    flow: str
    status: str
    ticket: UUID
    ticket_bcss: str | None
    sha256: bytes
    box: str = field(repr=False)
    raw_box: str | None = field(repr=False)
    others: Sequence[OtherPart] = ()
    received_at: datetime
    expires_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class GateView:
    """What was folded of a dossier up to now. ``parked``: news waits behind a dead letter, so nobody may rely on it."""

    access: Access | None
    parked: bool


class Gates(Protocol):
    """The gate as it stands at the moment of asking."""

    async def of(self, dossier: str) -> GateView: ...


class Calls(Protocol):
    """Every call to the bank with both tickets; each method is one transaction."""

    async def of(self, delivery: UUID) -> Sequence[PastCall]:
        """Earlier calls of a delivery, the oldest first."""

    async def begin(self, call: Call) -> None:
        """Note a call that is about to be sent."""

    async def close(self, ticket: UUID, outcome: str, *, reason: str | None, at: datetime) -> None:
        """It led to nothing that is final: not taken, refused, or unknown."""

    async def settle(
        self, ticket: UUID, told: Event, answer: SealedAnswer | None, *, ticket_bcss: str | None, at: datetime
    ) -> None:
        """It ended: with what is told of it and the answer that is kept, at once."""

    async def suspend(self, adapter: str, reason: str, by: str, at: datetime, row: OutboxRow) -> bool:
        """Ask nothing more of an adapter; False when it was suspended already (then nothing is told)."""


class Suspensions(Protocol):
    """Adapters that are not asked now."""

    async def suspend(self, adapter: str, reason: str, by: str, at: datetime, row: OutboxRow) -> bool: ...
    async def resume(self, adapter: str, row: OutboxRow) -> bool:
        """Ask it again; False when it was not suspended."""

    async def suspended(self) -> Sequence[tuple[str, str, str, datetime]]:
        """Adapter, reason, by whom, since when."""

    async def waiting(self) -> Sequence[tuple[str, int]]:
        """How many deliveries wait for each partner."""
