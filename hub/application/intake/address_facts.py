"""What a partner told becomes CloudEvents: id, key, subject, correlation."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from hub.application.intake.ports import DocumentRow
from hub.domain.messaging.cloudevent import CloudEvent, dossier_of, event_id_of
from hub.domain.messaging.errors import RuleError
from hub.sdk import Fact


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """Where facts come from: CloudEvents ``source``, when the hub learned them, the trace they belong to."""

    source: str
    recorded: datetime
    traceparent: str

    @classmethod
    def of(cls, row: DocumentRow, recorded: datetime) -> Self:
        """The origin of a document's facts."""
        source = f"/connectors/{row.connector}/{row.institution}"
        return cls(source=source, recorded=recorded, traceparent=row.traceparent)


def numbered(
    facts: Iterable[Fact], row: DocumentRow, origin: Origin, subject_of: Callable[[str], str], *, after: int = 0
) -> list[CloudEvent]:
    """The events of a document's facts, their ids derived from its message id and their place in it.

    Raises:
        RuleError: see ``addressed``.
    """
    return [
        addressed(fact, event_id_of(row.connector, row.institution, row.message_id, str(n)), origin, subject_of)
        for n, fact in enumerate(facts, after + 1)
    ]


def addressed(fact: Fact, event_id: UUID, origin: Origin, subject_of: Callable[[str], str]) -> CloudEvent:
    """The event of a fact, its personal part not yet sealed.

    Raises:
        RuleError: ``identifier-required``: it speaks of a person and does not say of whom.
    """
    data = fact.data
    identifier = data.identifier()
    subject = subject_of(identifier) if identifier else None
    if data.identifier_field and subject is None:
        raise RuleError("identifier-required", f"{data.type} must say whom it is about")
    if data.keyed_by == "office":
        key = str(getattr(data, "office"))  # noqa: B009 - every event keyed by office has one
    elif data.keyed_by == "case":
        key = str(getattr(data, "case"))  # noqa: B009 - every event keyed by case has one
    elif data.keyed_by == "account":
        key = str(getattr(data, "institution"))  # noqa: B009 - every event keyed by account has one
    elif data.keyed_by == "person":
        key = str(subject)
    else:
        key = getattr(data, "dossier", None) or dossier_of(str(subject), str(getattr(data, "cpas")))  # noqa: B009
    return CloudEvent(
        id=event_id,
        source=origin.source,
        type=data.type,
        time=fact.time,
        recordedtime=origin.recorded,
        partitionkey=key,
        subject=subject,
        correlationid=key,
        traceparent=origin.traceparent,
        data=data,
    )
