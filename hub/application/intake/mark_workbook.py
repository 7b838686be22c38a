"""A workbook goes back to its sender with what is wrong beside the rows."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from hub.application.intake.documents import ReadDocuments
from hub.application.intake.notation_ports import Mark, Workbooks
from hub.application.intake.notations import BEGINS, NAMED
from hub.application.intake.ports import DocumentKeys, DocumentRow, Documents, Finding
from hub.application.intake.refusals import DocumentRefusedError, NotFoundError
from hub.application.intake.spool import piece_name
from hub.domain.messaging.messages import message

_TITLE = {"fr": "Erreurs", "nl": "Fouten", "de": "Fehler", "en": "Errors"}


class MarkWorkbook:
    """Reads a workbook that came, and its findings; both as long as its bytes are kept."""

    def __init__(self, documents: Documents, keys: DocumentKeys, workbooks: Workbooks, read: ReadDocuments) -> None:
        self._documents, self._keys, self._workbooks, self._read = documents, keys, workbooks, read

    async def marked(self, institution: str, document: UUID, language: str, *, whole: str = "") -> bytes:
        """The workbook with one more column. ``whole``: what is wrong with all of it.

        Raises:
            NotFoundError: no such document of this institution, or it is no workbook that can be read.
        """
        row = await self._read.one(institution, document)
        data = await self._bytes(row)
        marks = marks_of(await self._findings(row), language, whole)
        title = _TITLE.get(language, _TITLE["en"])
        try:
            return await asyncio.to_thread(self._workbooks.marked, data, marks, title)
        except DocumentRefusedError:
            raise NotFoundError("not-found") from None

    async def _bytes(self, row: DocumentRow) -> bytes:
        if row.wrapped_key is None or not row.message_id.startswith(NAMED):
            raise NotFoundError("not-found")
        cipher = self._keys.unwrap(row.id, row.wrapped_key)
        sealed = await self._documents.chunks(row.id)
        data = b"".join(cipher.open(one, piece_name(row.id, n)) or b"" for n, one in enumerate(sealed))
        if not data.startswith(BEGINS):
            raise NotFoundError("not-found")
        return data

    async def _findings(self, row: DocumentRow) -> Sequence[Finding]:
        found: list[Finding] = []
        seen: int | None = 0
        while seen is not None:
            page, seen = await self._read.refusals(row.institution, row.id, seen)
            found.extend(page)
        return found


def marks_of(findings: Sequence[Finding], language: str, whole: str) -> Mapping[int, Sequence[Mark]]:
    """Findings by row, in a language."""
    marks: defaultdict[int, list[Mark]] = defaultdict(list)
    if whole:
        marks[0].append(Mark("", whole))
    for one in findings:
        row, _, heading = one.pointer.removeprefix("/").partition("/")
        name = heading.replace("~1", "/").replace("~0", "~")
        text = message(one.code, language, limit=one.limit)
        marks[int(row) if row.isdecimal() else 0].append(Mark(name, f"{name}: {text}" if name else text))
    return marks
