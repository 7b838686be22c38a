"""What the receipt and the erasure of a case ask of the world, as protocols."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from hub.application.audit import Deed
from hub.application.ports import OutboxRow
from hub.application.read.case_access import CaseAccess
from hub.application.transfer.ports import Snapshot


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """How far a case is. ``sha256``: of the package made last, None without one; ``packed``: the last event in it.

    ``last``: the last event that the case was told; ``waits``: something that names it waits as a dead letter.
    """

    sha256: bytes | None = None
    packed: int = 0
    received_at: datetime | None = None
    reference: str | None = None
    asked_by: str | None = None
    reason: str | None = None
    asked_at: datetime | None = None
    erased_at: datetime | None = None
    last: int
    waits: bool
    case_ref: str | None


class ArchivesReceipt(NamedTuple):
    """What the State Archives confirm."""

    reference: str
    on: date
    sha256: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Traces:
    """Where a case stands beside its own rows."""

    case: str
    case_ref: str | None
    documents: Sequence[UUID]
    persons: Sequence[str]


class Gone(NamedTuple):
    """What an erasure destroyed: rows by table, persons whose key went, with how many documents'."""

    rows: Mapping[str, int]
    persons: Mapping[str, int]


class TransferTransaction(Protocol):
    """One transaction under the lock of the case's state: its events wait until it ends."""

    @property
    def snapshot(self) -> Snapshot: ...
    async def standing(self) -> Standing: ...
    async def received(self, receipt: ArchivesReceipt, at: datetime, who: str) -> None: ...
    async def asked(self, at: datetime, who: str, reason: str) -> None: ...
    async def destroy(self, traces: Traces, at: datetime) -> Gone:
        """Everything but the case's state."""

    async def publish(self, row: OutboxRow) -> None: ...
    async def noted(self, deed: Deed, at: datetime, access: CaseAccess | None = None) -> None:
        """In the audit, and in the log of accesses; late, for both chains wait until the end."""

    async def closed(self, at: datetime, who: str) -> None:
        """Leave the tombstone, and a state that says so."""


class TransferTransactions(Protocol):
    """Opens them."""

    def begin(self, case: str) -> AbstractAsyncContextManager[TransferTransaction]: ...
