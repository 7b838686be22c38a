"""What an institution can read of its own documents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from hub.application.intake.ports import DocumentKeys, DocumentRow, Documents, Finding
from hub.application.intake.refusal_pages import stored_page
from hub.application.intake.refusals import NotFoundError

FIRST = (datetime(1970, 1, 1, tzinfo=UTC), UUID(int=0))


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """Documents, oldest first, and where to go on; None at the end."""

    rows: Sequence[DocumentRow]
    after: tuple[datetime, UUID] | None


class ReadDocuments:
    """Reads documents for their sender alone."""

    def __init__(self, documents: Documents, keys: DocumentKeys, *, page: int = 1000) -> None:
        self._documents, self._keys, self._page = documents, keys, page

    async def one(self, institution: str, document: UUID) -> DocumentRow:
        """One document.

        Raises:
            NotFoundError: there is none, or it is somebody else's.
        """
        row = await self._documents.of_sender(document, institution)
        if row is None:
            raise NotFoundError("not-found")
        return row

    async def receipt(self, institution: str, document: UUID) -> str:
        """The receipt of an accepted document.

        Raises:
            NotFoundError: there is none, or it is somebody else's.
        """
        receipt = (await self.one(institution, document)).receipt
        if receipt is None:
            raise NotFoundError("not-found")
        return receipt

    async def listed(
        self, institution: str, state: str | None, after: tuple[datetime, UUID] | None, limit: int
    ) -> Page:
        """Documents after a place, all states or one."""
        rows = await self._documents.listed(institution, state, after or FIRST, limit)
        return Page(rows=rows, after=(rows[-1].received_at, rows[-1].id) if len(rows) == limit else None)

    async def refusals(self, institution: str, document: UUID, seen: int) -> tuple[Sequence[Finding], int | None]:
        """A page of findings after so many pages seen, and how many are seen then; None at the end.

        Raises:
            NotFoundError: there is no such document of this institution.
        """
        row = await self.one(institution, document)
        findings = await stored_page(row, seen, self._documents, self._keys)
        more = findings and row.refused > (seen + 1) * self._page
        return findings, seen + 1 if more else None
