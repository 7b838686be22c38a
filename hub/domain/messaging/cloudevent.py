"""An event on its way: CloudEvents 1.0 attributes, the readable data, and the sealed personal part.

Identifiers: ``subject`` is the pseudonym of the person (``p`` + 32 hex digits, HMAC-SHA256 of the
identifier); ``partitionkey`` is what keeps its order (a person, a dossier ``d…``, or an office).
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha1
from typing import NamedTuple, Self
from uuid import UUID, SafeUUID

from schemas.event import Event

NAMESPACE = UUID("6d656469-6174-5f69-8f6e-2d687562a001")
"""Namespace of every derived id of the hub."""
_BEGUN = sha1(NAMESPACE.bytes, usedforsecurity=False)
_FREE_BITS = ~(0xF000 << 64 | 0xC000 << 48)
_VERSION_5 = 5 << 76 | 0x8000 << 48


@dataclass(frozen=True, kw_only=True, slots=True)
class Sealed:
    """Personal data as one ciphertext: whose key (``subject``), which associated data (``event``), the box.

    ``box`` is ``<generation>.<base64url(nonce ‖ AES-256-GCM ciphertext)>``; the generation numbers the
    person's keys, so that what was sealed before an erasure stays closed after it.
    """

    event: UUID
    subject: str
    box: str


class CloudEvent(NamedTuple):
    """One event with its envelope. ``time``: when it happened; ``recordedtime``: when the hub learned it."""

    id: UUID
    source: str
    type: str
    time: datetime
    recordedtime: datetime
    partitionkey: str
    subject: str | None
    correlationid: str
    data: Event
    causationid: str | None = None
    traceparent: str | None = None
    box: str | None = None

    @property
    def sealed(self) -> Sealed | None:
        """The personal part, closed; None when the event has none."""
        if self.box is None or self.subject is None:
            return None
        return Sealed(event=self.id, subject=self.subject, box=self.box)

    @property
    def person(self) -> str:
        """Whom it is about, where its group keeps persons: the subject, else what keeps its order."""
        return self.subject or self.partitionkey

    def with_data(self, data: Event) -> Self:
        """The same event with other data (opened personal fields)."""
        return self._replace(data=data)


def event_id_of(*parts: str) -> UUID:
    """A stable id from what makes the event this one and no other (UUIDv5)."""
    hashed = _BEGUN.copy()
    hashed.update("\x1f".join(parts).encode())
    number = int.from_bytes(hashed.digest()[:16], "big") & _FREE_BITS | _VERSION_5
    made = object.__new__(UUID)  # what UUID(int=…) makes, without its checks: three ids an event
    object.__setattr__(made, "int", number)
    object.__setattr__(made, "is_safe", SafeUUID.unknown)
    return made


def dossier_of(subject: str, cpas: str) -> str:
    """The dossier of a person with a CPAS: one for ever, known before it is opened (ADR 0004)."""
    return f"d{event_id_of('dossier', subject, cpas).hex}"
