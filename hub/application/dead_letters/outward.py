"""Failures on the way out and at the door, as letters: a delivery given up, a document refused, a timer unreadable.

They park no dossier: what they hold up is themselves. Their places are the groups ``hub.deliver``, ``hub.intake`` and
``hub.clock``, so that they are counted, shown and audited with all others (ADR 0013).
"""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from hub.application.consume.failures import failure_named, letter_id
from hub.application.envelope import outbox_row
from hub.application.ports import Failure, OutboxRow
from hub.domain.messaging.cloudevent import CloudEvent, event_id_of
from hub.domain.messaging.topics import Topics
from schemas.dead_letters import DeadLetterRecorded

DELIVER, INTAKE, CLOCK = "hub.deliver", "hub.intake", "hub.clock"


class OutwardLetter(NamedTuple):
    """A letter of something that is kept elsewhere under ``reference``; it fails again under the same id."""

    id: UUID
    group: str
    key: str
    reference: UUID
    origin: str
    event: UUID
    type: str | None
    source: str
    topic: str
    institution: str | None
    failure: Failure
    state: str = "waiting"
    expires_at: datetime | None = None
    value: bytes | None = None

    def announced(self, topics: Topics, now: datetime) -> OutboxRow:
        """The event that alerts subscribe to."""
        event = CloudEvent(
            id=event_id_of("dead-letter", str(self.id), now.isoformat()),
            source=f"/{self.group.replace('.', '/')}",
            type=DeadLetterRecorded.type,
            time=now,
            recordedtime=now,
            partitionkey=self.key,
            subject=None,
            correlationid=self.key,
            causationid=str(self.event),
            data=DeadLetterRecorded(
                letter=self.id,
                consumer_group=self.group,
                fingerprint=self.failure.fingerprint,
                stage=self.failure.stage,
                topic=self.topic,
                event_type=self.type,
            ),
        )
        return outbox_row(event, topics)


def refused_document(
    document: UUID, *, connector: str, institution: str, rule: str, expires_at: datetime | None, answered: bool = True
) -> OutwardLetter:
    """A document that was refused at the door and answered: its sender's correction is awaited, by its message id.

    A mail has no sender to answer: it waits for an administrator.
    """
    told = "the answer told its sender every finding" if answered else "a mail: nobody was answered"
    reason = f"refused: {rule}; {told}"
    return OutwardLetter(
        id=letter_id(INTAKE, document),
        group=INTAKE,
        key=f"{connector}/{institution}",
        reference=document,
        origin="document",
        event=document,
        type=None,
        source=f"/connectors/{connector}/{institution}",
        topic="documents",
        institution=institution,
        failure=failure_named("intake", "DocumentRefusedError", rule, reason=reason, classification="partner"),
        state="returned" if answered else "waiting",
        expires_at=expires_at,
    )


def unreadable_timer(timer: UUID, *, group: str, key: str, name: str, type_: str, data: str) -> OutwardLetter:
    """A deadline whose event this release cannot read; it fires by itself as soon as one can."""
    reason = f"no event of type {type_} can be made of it by this release"
    return OutwardLetter(
        id=letter_id(CLOCK, timer),
        group=CLOCK,
        key=key,
        reference=timer,
        origin="timer",
        event=timer,
        type=type_,
        source=f"/{group.replace('.', '/')}/{name}",
        topic="timers",
        institution=None,
        failure=failure_named("clock", "TimerUnreadable", type_, reason=reason, classification="ours"),
        value=data.encode(),
    )
