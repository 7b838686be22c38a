"""Returned documents as their senders read them."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from hub.adapters.postgres.database import Database, translated

_OF = """
SELECT r.letter, r.code, r.rule, r."where", r.event_id, r.type, r.rejection, r.returned_at, r.corrected_at, r.document,
       d.state FROM letter_return r JOIN dead_letter d ON d.id = r.letter
WHERE r.institution = $1 AND ($2::uuid IS NULL OR r.letter = $2) AND ($3 OR d.state = 'returned')
    AND ($4::uuid IS NULL
         OR (r.returned_at, r.letter) > (SELECT returned_at, letter FROM letter_return WHERE letter = $4))
ORDER BY r.returned_at, r.letter LIMIT $5
"""


class PostgresReturned:
    """The port ``ReadReturns``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(
        self, institution: str, *, letter: UUID | None, everything: bool, after: UUID | None, limit: int
    ) -> Sequence[Mapping[str, Any]]:
        """An institution's returned documents, the oldest first: those that wait, or all."""
        async with translated():
            rows = await self._database.pool.fetch(_OF, institution, letter, everything, after, limit)
        return [dict(row) for row in rows]
