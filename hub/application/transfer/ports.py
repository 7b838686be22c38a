"""What a transfer asks of the world, as protocols."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from hub.application.audit import Deed
from hub.application.intake.ports import DocumentRow
from hub.application.read.case_access import AccessEntry
from hub.domain.messaging.errors import RefusalError


class TransferRefusedError(RefusalError):
    """A case cannot be packed, recorded as archived or erased (now); nothing was changed."""


class Told(NamedTuple):
    """An event that a case was told. ``attributes``: its record's headers as JSON; ``value``: with its sealed part."""

    seq: int
    event_id: UUID
    attributes: str
    value: bytes


class Head(NamedTuple):
    """A case before it is read: its state as JSON, whether its events wait, the last event it was told."""

    state: str | None
    parked: bool
    last: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Package:
    """A package that was made of a case. ``last``: the last event in it."""

    case: str
    since: date
    until: date
    sha256: bytes
    size: int
    last: int
    documents: int
    at: datetime
    who: str


class Part(NamedTuple):
    """A part of a package."""

    name: str
    sha256: str
    size: int


class Snapshot(Protocol):
    """A case at one moment, read piece by piece."""

    async def head(self) -> Head: ...
    def timeline(self) -> AsyncIterator[Told]:
        """In the order of its folds."""

    def claims(self) -> AsyncIterator[Mapping[str, Any]]:
        """By the register's reference; amounts in cents."""

    def accesses(self, without: Sequence[str]) -> AsyncIterator[AccessEntry]:
        """In order; without looks at these things."""

    def documents(self, connector: str, institution: str) -> AsyncIterator[DocumentRow]:
        """Accepted documents of a sender, by time and id."""

    def chunks(self, document: UUID) -> AsyncIterator[bytes]:
        """Its sealed bytes, as long as they are kept."""


class Transfers(Protocol):
    """Cases that are kept, packed, archived, erased."""

    def snapshot(self, case: str) -> AbstractAsyncContextManager[Snapshot]: ...
    async def made(self, package: Package, deed: Deed) -> None:
        """Keep its hash.

        Raises:
            TransferRefusedError: ``received``: the Archives confirmed other bytes.
        """

    async def listed(self, today: date, after: str, limit: int, *, erased: bool) -> Sequence[Mapping[str, Any]]:
        """Cases whose term is over, by id, and how far each is; ``erased``: those that were too."""


class PartWriter(Protocol):
    """An open part."""

    def write(self, data: bytes, /) -> object: ...


class PackageFile(Protocol):
    """A package as it is written. Until it is published nothing has its name."""

    parts: list[Part]

    def part(self, name: str) -> AbstractContextManager[PartWriter]:
        """Write one part; it is in ``parts`` when the block ends."""

    def sealed(self) -> tuple[bytes, int]:
        """Close it, on disk; its SHA-256 and its size."""

    def publish(self) -> None:
        """Give it its name.

        Raises:
            TransferRefusedError: ``file-exists``.
        """
