"""The log of revealed personal data."""

from collections.abc import Sequence

from hub.adapters.postgres.database import Database, translated

_NOTE = "INSERT INTO reveal (who, what, purpose) SELECT $1, what, $3 FROM unnest($2::text[]) AS what"


class PostgresRevealLog:
    """The table ``reveal``."""

    def __init__(self, database: Database) -> None:
        self._pool = database.pool

    async def note(self, who: str, what: Sequence[str], purpose: str) -> None:
        """One line per thing, committed before anything is opened."""
        async with translated():
            await self._pool.execute(_NOTE, who, what, purpose)
