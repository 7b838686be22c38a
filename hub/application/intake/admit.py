"""Whether a document may come in at all, beyond who sends it: its person integrated, its case not erased."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import date
from typing import Protocol

from hub.application.intake.refusals import DocumentRefusedError
from hub.application.ports import Clock
from hub.domain.messaging.calendar import local_date
from hub.domain.messaging.cloudevent import CloudEvent
from schemas.mutations import PersonMutationNotified
from schemas.rcd import RegisterActRecorded
from schemas.rcd_access import RegisterAccessRecorded

NOT_INTEGRATED = "not-integrated"
ERASED = "case-erased"

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


class Erased(Protocol):
    """Which cases were erased."""

    async def erased(self, cases: Sequence[str]) -> bool:
        """Whether one of these was."""


def acts_of_living_cases(cases: Erased) -> Admission:
    """An act is taken unless its case went to the State Archives and was erased (ADR 0028)."""

    async def admitted(events: Sequence[CloudEvent]) -> None:
        named = [one.data.case for one in events if isinstance(one.data, RegisterActRecorded | RegisterAccessRecorded)]
        if named and await cases.erased(named):
            raise DocumentRefusedError(ERASED)

    return admitted


def _days(data: PersonMutationNotified) -> set[date]:
    """The changes' own days; what is incomplete begins with its first."""
    return {day for one in data.changes if (day := _day(one.effective)) is not None}


def _day(effective: str) -> date | None:
    try:
        return date.fromisoformat(effective.replace("-00", "-01"))
    except ValueError:
        return None
