"""Whether a document may come in at all, beyond who sends it: a mutation only for whom its recipient integrated."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import date
from typing import Protocol

from hub.application.intake.refusals import DocumentRefusedError
from hub.application.ports import Clock
from hub.domain.messaging.calendar import local_date
from hub.domain.messaging.cloudevent import CloudEvent
from schemas.mutations import PersonMutationNotified

NOT_INTEGRATED = "not-integrated"

Admission = Callable[[Sequence[CloudEvent]], Awaitable[None]]
"""Looks at a document's events before anything of them is kept; raises ``DocumentRefusedError``."""


class Integrations(Protocol):
    """Who is, or was, integrated."""

    async def held(self, dossier: str, days: Collection[date]) -> bool:
        """Whether the person of a dossier was integrated by its CPAS on one of the days."""


def mutations_of_integrated(integrations: Integrations, clock: Clock) -> Admission:
    """A mutation is taken when its recipient has integrated the person today, or had on its day (§3.2)."""

    async def admitted(events: Sequence[CloudEvent]) -> None:
        for event in events:
            if isinstance(event.data, PersonMutationNotified):
                days = {local_date(clock()), *_days(event.data)}
                if not await integrations.held(event.partitionkey, days):
                    raise DocumentRefusedError(NOT_INTEGRATED, limit=event.data.cpas)

    return admitted


def _days(data: PersonMutationNotified) -> set[date]:
    """The changes' own days; what is incomplete begins with its first."""
    return {day for one in data.changes if (day := _day(one.effective)) is not None}


def _day(effective: str) -> date | None:
    try:
        return date.fromisoformat(effective.replace("-00", "-01"))
    except ValueError:
        return None
