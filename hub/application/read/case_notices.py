"""Notices that a debtor can read after each access to the case (AR 11 Oct 2023, art. 8; ADR 0027)."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from hub.application.intake.callers import Caller
from hub.application.read.case_access import AccessLog, by_command
from hub.application.read.case_readers import CaseMediators, read_as_mediator
from hub.domain.rcd.notice import text
from hub.domain.rcd.notice_words import LANGUAGES, Language
from schemas.event import CaseData
from schemas.rcd_notices import AccessAction, AccessQuality, CaseAccessNoted


class Notice(NamedTuple):
    """The notice of one access. ``number``: of its entry in the log."""

    number: int
    at: datetime
    quality: AccessQuality
    action: AccessAction
    what: CaseData
    language: Language
    items: tuple[str, str, str, str, str]


class NoticeCases(CaseMediators, Protocol):
    """What is known of cases."""

    async def language(self, case: str) -> Language | None:
        """The debtor's."""


class ReadNotices:
    """A notice is made from its entry each time: none is stored."""

    def __init__(self, cases: NoticeCases, log: AccessLog) -> None:
        self._cases, self._log = cases, log

    async def for_mediator(
        self, caller: Caller, case: str, language: Language | None, *, before: int | None, limit: int, origin: str
    ) -> Sequence[Notice]:
        """Of a case that the caller mediates, for a debtor who is told on paper; the newest first.

        Without a language: the debtor's, else the caller's.

        Raises:
            NotFoundError: there is none.
            TransientError: the log is away.
        """
        await read_as_mediator(caller, case, "notices", origin=origin, mediators=self._cases, log=self._log)
        return await self._made(case, language, caller.language, before, limit)

    async def for_administrator(
        self, who: str, case: str, language: Language | None, *, before: int | None, limit: int
    ) -> Sequence[Notice]:
        """Of any case, for whoever may run commands here."""
        await self._log.note([by_command(who, case, what="notices")])
        return await self._made(case, language, "", before, limit)

    async def _made(
        self, case: str, wanted: Language | None, otherwise: str, before: int | None, limit: int
    ) -> Sequence[Notice]:
        own = next((one for one in LANGUAGES if one == otherwise), LANGUAGES[0])
        language = wanted or await self._cases.language(case) or own
        entries = await self._log.listed(case, before=before, limit=limit)
        return [_notice(_noted(case, entry["seq"], dict(entry)), language) for entry in entries]


def _noted(case: str, number: int, entry: dict[str, object]) -> CaseAccessNoted:
    return CaseAccessNoted.model_validate({**entry, "case": case, "entry": number})


def _notice(noted: CaseAccessNoted, language: Language) -> Notice:
    said = noted.model_dump(exclude={"case", "entry"})
    return Notice(number=noted.entry, **said, language=language, items=text(noted, language).items)
