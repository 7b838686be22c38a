"""What a caller hands in, the limits it must keep, and what became of it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self
from uuid import UUID, uuid4

from hub.application.intake.callers import Caller
from hub.application.intake.ports import ByteCipher, DocumentKeys, DocumentRow, Finding
from hub.application.intake.spool import Spool
from hub.application.spans import Span
from hub.application.traceparent import new_trace


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """Sizes in bytes, of what was sent and of what it unpacks to. ``whole``: of a document that is not bulk.

    ``idle`` bounds the wait for the next bytes, ``patience`` the wait for all. ``page`` is how many refused items
    an answer lists, ``refused`` how many a document may have before nobody reads on. ``retention`` is how long a
    document's bytes can be read.
    """

    most: int = 64 * 1024 * 1024
    whole: int = 1024 * 1024
    ratio: int = 200
    page: int = 1000
    refused: int = 10_000
    idle: timedelta = timedelta(seconds=15)
    patience: timedelta = timedelta(minutes=5)
    retention: timedelta = timedelta(days=30)


@dataclass(frozen=True, kw_only=True, slots=True)
class Submission:
    """A document as it comes: its bytes, whether they are gzip, and how the caller wants it taken.

    ``traceparent`` is the caller's, if it gave one; ``corrects`` the reference of the returned document that this one
    stands for. ``signed``: its sender's signature was verified.
    """

    caller: Caller
    connector: str
    content: AsyncIterator[bytes]
    received: datetime
    traceparent: str | None = None
    gzip: bool = False
    atomic: bool = False
    corrects: UUID | None = None
    mail: bool = False
    """It comes from a mailbox, as the server that delivered it left it."""
    signed: bool = False
    origin: str = ""
    """The address that sent it; '': it lay in a folder or mailbox here."""
    edited_by: str = ""
    """The administrator who hands it in, corrected, for its sender."""


@dataclass(kw_only=True, slots=True)
class Received:
    """A submission's bytes, under the key of the document they will be. ``message_id`` once it was read.

    ``traceparent`` is what the document's events belong under.
    """

    submission: Submission
    id: UUID
    spool: Spool
    wrapped: bytes
    cipher: ByteCipher
    traceparent: str
    message_id: str = ""

    @classmethod
    def under(cls, keys: DocumentKeys, submission: Submission, span: Span) -> Self:
        """Ready to receive, under a new key."""
        document = uuid4()
        wrapped, cipher = keys.fresh(document)
        return cls(
            submission=submission,
            id=document,
            spool=Spool(document, cipher),
            wrapped=wrapped,
            cipher=cipher,
            traceparent=span.traceparent or new_trace(),
        )

    def row(self, retention: timedelta) -> DocumentRow:
        """What would be stored, before anything is known of its content."""
        submission = self.submission
        return DocumentRow(
            id=self.id,
            connector=submission.connector,
            institution=submission.caller.institution,
            message_id=self.message_id,
            sha256=self.spool.sha256,
            size=self.spool.size,
            state="accepted",
            events=0,
            refused=0,
            sequence=None,
            receipt=None,
            answer="{}",
            wrapped_key=self.wrapped,
            traceparent=self.traceparent,
            received_at=submission.received,
            expires_at=submission.received + retention,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """An accepted document. ``fresh`` is False when it had been accepted before.

    ``findings`` are those of the first page of refused items.
    """

    row: DocumentRow
    fresh: bool
    findings: tuple[Finding, ...] = ()

    @property
    def state(self) -> str:
        """``accepted`` or ``partial``; ``known`` when it had been accepted before."""
        return self.row.state if self.fresh else "known"
