"""Collective settlements as they are read: claims as a workbook, in the form in which they come; hints of mails."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from hub.application.intake.callers import Caller
from hub.application.intake.notation_ports import Workbooks
from hub.application.intake.refusals import NotFoundError
from hub.application.read.case_access import AccessLog, CaseAccess
from hub.sdk import Sheet

Row = Mapping[str, Any]


class Claims(Protocol):
    """Claims of cases as they were told, and who mediates a case."""

    async def mediator(self, case: str) -> str | None: ...
    async def claims(self, case: str) -> Sequence[Row]:
        """By the register's reference; amounts in cents."""


class Suggestions(Protocol):
    """What mails of the register suggest."""

    async def suggested(self, institution: str, since: date, limit: int) -> Sequence[Row]:
        """To an institution, by day, the newest first."""


class ExportClaims:
    """Writes workbooks of claims; what is not for a caller is as if it did not exist."""

    def __init__(self, claims: Claims, workbooks: Workbooks, sheet: Sheet, log: AccessLog) -> None:
        self._claims, self._workbooks, self._sheet, self._log = claims, workbooks, sheet, log

    async def for_mediator(self, caller: Caller, case: str, language: str, *, origin: str) -> bytes:
        """The workbook of a case that the caller mediates; logged before it is read, and not shown otherwise.

        Raises:
            NotFoundError: there is none.
            TransientError: the log is away.
        """
        if await self._claims.mediator(case) != caller.institution:
            raise NotFoundError("not-found")
        await self._log.note(
            CaseAccess(
                case=case,
                actor=caller.institution,
                quality="mediator",
                mandate_of=None,
                modality="API",
                action="CONSULT",
                what="claims",
                origin=origin,
                authenticated="institution-key",
                assurance="institution",
            )
        )
        return await self._written(case, language)

    async def for_administrator(self, who: str, case: str, language: str) -> bytes:
        """The workbook of any case, for whoever may run commands here; logged likewise."""
        await self._log.note(
            CaseAccess(
                case=case,
                actor=who,
                quality="administrator",
                mandate_of=None,
                modality="COMMAND",
                action="CONSULT",
                what="claims",
                origin="this machine",
                authenticated="operating-system",
                assurance="account",
            )
        )
        return await self._written(case, language)

    async def _written(self, case: str, language: str) -> bytes:
        """With headings alone when nothing was told of it."""
        rows = [_told(row) for row in await self._claims.claims(case)]
        return await asyncio.to_thread(self._workbooks.written, self._sheet, rows, language)


def _told(row: Row) -> Mapping[str, object]:
    """A claim by the attributes of its document."""
    sums = {name: Decimal(row[name]) / 100 for name in ("principal", "interest", "costs")}
    return {
        **{name: row[name] for name in ("party", "nature", "channel", "status")},
        **sums,
        **{name: "yes" if row[name] else "no" for name in ("preferred", "title", "proceedings")},
        "case": row["case_ref"],
        "reference": row["claim_ref"],
        "total": sum(sums.values()),
        "submitted": row["submitted_on"],
    }
