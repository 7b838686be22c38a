"""What alerts subscribe to: letters recorded; never a body, never a person."""

from typing import ClassVar
from uuid import UUID

from schemas.event import Event


class DeadLetterRecorded(Event):
    """A record could not be handled by a consumer group; its key waits."""

    type: ClassVar[str] = "be.mediationhub.dead-letter.recorded.v1"

    letter: UUID
    consumer_group: str
    fingerprint: str
    stage: str
    topic: str
    event_type: str | None = None
