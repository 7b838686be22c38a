"""Letters for a file: everything but what is sealed."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from hub.application.audit import Audit, Deed
from hub.application.dead_letters.body import shown
from hub.application.dead_letters.selection import LetterReads, Selection

_PAGE = 500


async def exported(
    reads: LetterReads, audit: Audit, asked: Selection | Sequence[UUID], *, who: str, limit: int
) -> AsyncIterator[Mapping[str, Any]]:
    """Letters one by one, the oldest first; an entry in the audit before the first."""
    detail = {"limit": limit, **({} if isinstance(asked, Selection) else {"letters": len(asked)})}
    await audit.note([Deed(who=who, verb="export", what="letters", detail=detail)])
    count = 0
    async for letter in _ids(reads, asked):
        found = await reads.letter(letter)
        if found is None or count >= limit:
            continue
        count += 1
        yield _plain(found)


async def _ids(reads: LetterReads, asked: Selection | Sequence[UUID]) -> AsyncIterator[UUID]:
    if not isinstance(asked, Selection):
        for letter in asked:
            yield letter
        return
    after: UUID | None = None
    while True:
        page = await reads.letters(asked, after=after, limit=_PAGE)
        for row in page.letters:
            yield row["id"]
        after = page.after
        if after is None:
            return


def _plain(found: Mapping[str, Any]) -> dict[str, Any]:
    rest = {name: value for name, value in found.items() if name not in {"value", "headers", "record_key"}}
    return {**rest, **shown(found)}
