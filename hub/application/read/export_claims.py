"""Collective settlements as they are read: claims as a workbook, in the form in which they come; hints of mails."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from hub.application.intake.callers import Caller
from hub.application.intake.notation_ports import Workbooks
from hub.application.read.case_access import AccessLog, by_command, by_institution
from hub.application.read.case_readers import read_as_mediator
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
        await read_as_mediator(caller, case, "claims", origin=origin, mediators=self._claims, log=self._log)
        return await self._written(case, language)

    async def for_administrator(self, who: str, case: str, language: str) -> bytes:
        """The workbook of any case, for whoever may run commands here; logged likewise."""
        await self._log.note([by_command(who, case, what="claims")])
        return await self._written(case, language)

    async def _written(self, case: str, language: str) -> bytes:
        """With headings alone when nothing was told of it."""
        rows = [_told(row) for row in await self._claims.claims(case)]
        return await asyncio.to_thread(self._workbooks.written, self._sheet, rows, language)


class ReadSuggestions:
    """What mails of the register suggest, for the institution whose mailbox it is."""

    def __init__(self, suggestions: Suggestions, log: AccessLog) -> None:
        self._suggestions, self._log = suggestions, log

    async def of(self, caller: Caller, since: date, limit: int, *, origin: str) -> Sequence[Row]:
        """By day, the newest first; that they were looked at is logged for each case before they are shown.

        Raises:
            TransientError: the log is away.
        """
        rows = await self._suggestions.suggested(caller.institution, since, limit)
        cases = dict.fromkeys(str(row["case_id"]) for row in rows)
        looks = [
            by_institution(caller.institution, case, quality="recipient", what="actions", origin=origin)
            for case in cases
        ]
        await self._log.note(looks)
        return rows


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
