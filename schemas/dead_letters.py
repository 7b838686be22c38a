"""What alerts and senders subscribe to: letters recorded and returned; never a body, never a person."""

from typing import ClassVar
from uuid import UUID

from schemas.event import Event, InstitutionId


class DeadLetterRecorded(Event):
    """A record could not be handled by a consumer group; its key waits."""

    type: ClassVar[str] = "be.mediationhub.dead-letter.recorded.v1"

    letter: UUID
    consumer_group: str
    fingerprint: str
    stage: str
    topic: str
    event_type: str | None = None


class DocumentReturned(Event):
    """A document cannot be handled and is returned to its sender, whose correction is awaited."""

    type: ClassVar[str] = "be.mediationhub.document.returned.v1"

    letter: UUID
    """The reference that the correction names."""
    institution: InstitutionId
    code: str
    rule: str
    where: str | None = None
    """XPath or JSON pointer."""
    event: UUID
    event_type: str | None = None
    rejection: str
    """The signed rejection, a compact JWS."""
