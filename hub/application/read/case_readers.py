"""Who reads a collective settlement: its mediator, or an administrator; both are logged before anything is shown."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from hub.application.intake.callers import Caller
from hub.application.intake.refusals import NotFoundError
from hub.application.read.case_access import AccessLog, by_command, by_institution
from schemas.event import CaseData


class CaseMediators(Protocol):
    """Who mediates a case."""

    async def mediator(self, case: str) -> str | None: ...


class Outages(Protocol):
    """Whether the register is away (AR 11 Oct 2023, art. 7): told to whoever asks for a case."""

    async def away(self, cases: Sequence[str]) -> bool:
        """For one of these cases."""

    async def outages(
        self, institution: str | None, before: datetime | None, limit: int
    ) -> Sequence[Mapping[str, Any]]:
        """Of the cases that an institution mediates or is linked to (None: of all), the newest first."""


async def read_as_mediator(
    caller: Caller, case: str, what: CaseData, *, origin: str, mediators: CaseMediators, log: AccessLog
) -> None:
    """Log that a case's mediator reads of it, before anything is shown; for others there is no such case.

    Raises:
        NotFoundError: the caller does not mediate it.
        TransientError: the log is away.
    """
    if await mediators.mediator(case) != caller.institution:
        raise NotFoundError("not-found")
    await log.note([by_institution(caller.institution, case, quality="mediator", what=what, origin=origin)])


class ReadAccesses:
    """Who looked at a case, for whoever may run commands here: this look too."""

    def __init__(self, log: AccessLog) -> None:
        self._log = log

    async def for_administrator(
        self, who: str, case: str, *, before: int | None, limit: int
    ) -> Sequence[Mapping[str, Any]]:
        """The newest first; ``before`` is the last number of the page before."""
        await self._log.note([by_command(who, case, what="accesses")])
        return await self._log.listed(case, before=before, limit=limit)
