"""What the intake asks of the world, as protocols; see ``ports`` for the others."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from hub.application.dead_letters.outward import OutwardLetter
from hub.application.ports import OutboxRow
from hub.application.read.case_access import CaseAccess
from hub.sdk import Connector, Element, Problem


class ByteCipher(Protocol):
    """Opens and seals bytes under one key."""

    def seal(self, plain: bytes, associated: bytes) -> bytes: ...
    def open(self, box: bytes, associated: bytes) -> bytes | None: ...


class DocumentKeys(Protocol):
    """One key per document, wrapped for storage."""

    def fresh(self, document: UUID) -> tuple[bytes, ByteCipher]: ...
    def unwrap(self, document: UUID, wrapped: bytes) -> ByteCipher: ...


class Signer(Protocol):
    """Signs receipts; publishes the keys to check them with."""

    def sign(self, claims: Mapping[str, Any]) -> str:
        """Claims as a compact JWS."""

    def key_set(self) -> Mapping[str, Any]:
        """The public keys as a JWK set."""


class Slice(NamedTuple):
    """One person's part of a document, sealed under her key."""

    n: int
    subject: str
    box: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentRow:
    """What is stored of a document besides its bytes. ``answer`` is JSON without personal data."""

    id: UUID
    connector: str
    institution: str
    message_id: str
    sha256: bytes
    size: int
    state: str
    events: int
    refused: int
    sequence: int | None
    receipt: str | None
    answer: str
    wrapped_key: bytes | None
    traceparent: str
    received_at: datetime
    expires_at: datetime


class Alias(NamedTuple):
    """A number's pseudonym, and whose dossiers it leads to from now on."""

    subject: str
    stands_for: str


@dataclass(frozen=True, kw_only=True, slots=True)
class NewDocument:
    """A document with everything that is stored with it; refusals are pages sealed under its key."""

    row: DocumentRow
    chunks: Sequence[bytes]
    refusals: Sequence[bytes] = ()
    slices: Sequence[Slice] = ()
    outbox: Sequence[OutboxRow] = ()
    corrects: UUID | None = None
    letter: OutwardLetter | None = None
    aliases: Sequence[Alias] = ()
    accesses: Sequence[CaseAccess] = ()
    """Cases that it edits: logged with it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Gap:
    """What is missing of a sender's numbered documents: inclusive ranges, oldest first, 100 at most."""

    expected: int
    received: int
    missing: tuple[tuple[int, int], ...]


class Draft(Protocol):
    """Rows of a bulk document, kept outside the database until one short transaction takes them."""

    def add(self, outbox: Sequence[OutboxRow], slices: Sequence[Slice]) -> None: ...
    def add_refusals(self, page: bytes) -> None: ...
    async def commit(
        self, row: DocumentRow, chunks: Iterable[bytes], accesses: Sequence[CaseAccess] = ()
    ) -> DocumentRow | None:
        """Store the document with all rows, and log the cases that it edits.

        Returns the row that was there first under its message id, if any.
        """

    async def reject(self, row: DocumentRow, chunks: Iterable[bytes], letter: OutwardLetter | None = None) -> UUID:
        """Keep the document as refused, with its pages of findings alone; see ``Documents.reject``."""


class Documents(Protocol):
    """Documents and what became of them."""

    async def find(self, connector: str, institution: str, message_id: str) -> DocumentRow | None:
        """The accepted document of a message id."""

    async def store(self, documents: Sequence[NewDocument]) -> Sequence[DocumentRow | None]:
        """Store many in one transaction; for each, None or the row that was there first."""

    async def reject(self, document: NewDocument) -> UUID:
        """Keep a refused document; its id, or that of the same bytes refused before."""

    def draft(self, document: UUID) -> AbstractContextManager[Draft]: ...
    async def gap(self, connector: str, institution: str, sequence: int) -> Gap:
        """What is missing among the sender's numbers, this one counted as received."""

    async def chunks(self, document: UUID) -> Sequence[bytes]:
        """The sealed bytes of a document, as long as they are kept."""

    async def awaits_correction(self, letter: UUID, institution: str) -> bool:
        """Whether a document of this institution was returned under this reference and not corrected yet."""

    async def of_sender(self, document: UUID, institution: str) -> DocumentRow | None:
        """One document of an institution."""

    async def listed(
        self, institution: str, state: str | None, after: tuple[datetime, UUID], limit: int
    ) -> Sequence[DocumentRow]:
        """An institution's documents after a (time received, id), oldest first.

        A refused one leaves the list when one was accepted under its message id.
        """

    async def page(self, document: UUID, n: int) -> bytes | None:
        """A sealed page of findings."""


# ── contracts of connectors: the hardened parser and the XSD ───────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Finding:
    """One broken rule of a document: where, which (code), its limit, and in which item (0: none).

    Where is a line and an XPath, or in JSON a pointer (RFC 6901).
    """

    code: str
    limit: str = ""
    line: int = 0
    xpath: str = ""
    pointer: str = ""
    item: int = 0
    reference: str = ""


class Item(NamedTuple):
    """One item of a bulk document, numbered from 1. The element lives until the stream is fed again."""

    element: Element
    number: int


class ItemStream(Protocol):
    """A bulk document, read piece by piece; only the items of the last piece are in memory."""

    def feed(self, data: bytes) -> Sequence[Item]: ...
    def close(self) -> None:
        """The document is complete; raises ``DocumentRefusedError`` when it is not."""


class Contract(Protocol):
    """A connector with its schema, ready to read documents. Everything raises ``DocumentRefusedError``."""

    connector: Connector

    def head(self, data: bytes) -> Element:
        """The root with its attributes and nothing else, from a document's first bytes."""

    def whole(self, data: bytes) -> Element:
        """A small document, parsed."""

    def stream(self, item: str) -> ItemStream: ...
    def findings(self, element: Element, item: int = 0) -> tuple[Finding, ...]:
        """What the schema says against an element, ten rules at most; empty: valid."""

    def place(self, problem: Problem, item: int = 0) -> Finding:
        """A mapping's problem with its line and XPath."""

    def bytes_of(self, element: Element) -> bytes:
        """An element as it is kept for the person it speaks of."""
