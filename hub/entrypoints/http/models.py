"""The answers of the HTTP door as the OpenAPI document describes them."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel


class Refused(BaseModel):
    """One broken rule: of XML with line and XPath, of an event with a JSON pointer.

    ``item`` counts from 1; 0 means the document as a whole.
    """

    item: int
    line: int | None = None
    xpath: str | None = None
    pointer: str | None = None
    code: str
    text: str
    reference: str


class GapAnswer(BaseModel):
    """Which number of a synchronisation was expected, which came, which are missing (inclusive ranges)."""

    expected: int
    received: int
    missing: list[tuple[int, int]]


class DocumentAnswer(BaseModel):
    """An accepted document. ``receipt`` is a compact JWS; ``refusals`` is where all refused items are listed."""

    receipt: str
    receiptId: UUID  # noqa: N815 - the published name
    document: UUID
    state: Literal["accepted", "partial"]
    events: int
    refusedCount: int  # noqa: N815
    refused: list[Refused]
    gap: GapAnswer | None = None
    refusals: str | None = None


class Problem(BaseModel):
    """A refusal (RFC 9457). ``errors`` lists the broken rules of a document."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    document: UUID | None = None
    refusedCount: int | None = None  # noqa: N815
    errors: list[dict[str, Any]] | None = None


class EventResults(BaseModel):
    """The outcome of each event of a batch, in order: a document answer or a problem, with its own status."""

    results: list[dict[str, Any]]


class DocumentSummary(BaseModel):
    """A document of yours. ``sequence`` only of numbered synchronisations."""

    document: UUID
    connector: str
    messageId: str  # noqa: N815
    sha256: str
    size: int
    state: Literal["accepted", "partial", "rejected"]
    events: int
    refusedCount: int  # noqa: N815
    codes: dict[str, int]
    sequence: int | None
    receivedAt: datetime  # noqa: N815
    readableUntil: datetime  # noqa: N815


class DocumentList(BaseModel):
    """A page of documents, oldest first; ``next`` is the cursor of the next page."""

    documents: list[DocumentSummary]
    next: str | None


class RefusalPage(BaseModel):
    """A page of refused items; ``next`` is the cursor of the next page."""

    refused: list[Refused]
    next: int | None


class ReceiptAnswer(BaseModel):
    """A receipt as it was given."""

    receipt: str


class KeySet(BaseModel):
    """The public keys of the hub's receipts (RFC 7517)."""

    keys: list[dict[str, Any]]


class Health(BaseModel):
    """Whether the process runs, or is ready to work."""

    status: str
