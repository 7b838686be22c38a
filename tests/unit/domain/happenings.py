"""Events for folds: what happened, to whom, when."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import uuid5

from hub.domain.messaging.cloudevent import NAMESPACE, CloudEvent, dossier_of
from schemas.event import Event

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PERSON = "p" + "1" * 32
CPAS = "cpas-1"
DOSSIER = dossier_of(PERSON, CPAS)
EXPIRY = date(2029, 3, 2)


@dataclass
class Happenings:
    """Makes events, each with an id of its own."""

    count: int = 0

    def __call__(
        self,
        data: Event,
        *,
        key: str = DOSSIER,
        subject: str | None = PERSON,
        at: datetime = NOW,
        box: str | None = None,
    ) -> CloudEvent:
        self.count += 1
        return CloudEvent(
            id=uuid5(NAMESPACE, str(self.count)),
            source="/test",
            type=data.type,
            time=at,
            recordedtime=at,
            partitionkey=key,
            subject=subject,
            correlationid=key,
            data=data,
            box=box,
        )
