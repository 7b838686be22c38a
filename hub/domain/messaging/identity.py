"""Where somebody's number and name are sealed, as states of several contexts keep it."""

from uuid import UUID

from hub.domain.messaging.cloudevent import CloudEvent, Sealed
from hub.domain.messaging.decision import State


class Identity(State):
    """Carried on to emissions and deliveries, never read by a fold."""

    event: UUID
    subject: str
    box: str

    @property
    def sealed(self) -> Sealed:
        """As emissions and deliveries carry it."""
        return Sealed(event=self.event, subject=self.subject, box=self.box)

    @classmethod
    def of(cls, event: CloudEvent) -> "Identity | None":
        """The identity that an event carries; None when it carries none."""
        if event.box is None or event.subject is None:
            return None
        return cls(event=event.id, subject=event.subject, box=event.box)
