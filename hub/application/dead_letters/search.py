"""Search over dead letters: metadata for everyone, readable content only with the right (dead-letters §10)."""

from uuid import UUID

from hub.application.audit import Audit, Deed
from hub.application.dead_letters.selection import LetterPage, LetterReads, Selection
from hub.application.reveal import RevealRefusedError

SEARCHED = "metadata and reasons; bodies are not searched"
SEARCHED_TOO = "metadata, reasons and what is readable of bodies; sealed parts are not searched"


class SearchLetters:
    """Pages of letters. What was typed is in no audit and no log: it may name a person."""

    def __init__(self, reads: LetterReads, audit: Audit) -> None:
        self._reads, self._audit = reads, audit

    async def page(
        self,
        selection: Selection,
        *,
        after: UUID | None,
        limit: int,
        body: str = "",
        who: str,
        allowed: bool,
    ) -> LetterPage:
        """One page. ``body``: a part of the content as it stands there, capitals too; looked for row by row.

        Raises:
            RevealRefusedError: ``search-not-allowed``; audited.
        """
        if not body:
            return await self._reads.letters(selection, after=after, limit=limit)
        if not allowed:
            await self._audit.note(
                [Deed(who=who, verb="search", what="bodies", outcome="denied", reason="right-reveal")]
            )
            raise RevealRefusedError("search-not-allowed", "this account may not search what is in letters")
        await self._audit.note([Deed(who=who, verb="search", what="bodies")])
        return await self._reads.letters(selection, after=after, limit=limit, body=body)
