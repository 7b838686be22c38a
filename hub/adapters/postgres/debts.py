"""How general files, debt files, refunds and households stand."""

from collections.abc import Mapping, Sequence
from typing import Any

from hub.adapters.postgres.database import Database, translated

_GENERAL_FILES = """
SELECT dossier, opened_on, changed_at FROM projection_general_file
WHERE cpas = $1 AND dossier > $2 ORDER BY dossier LIMIT $3
"""
_GENERAL_FILE = """
SELECT dossier, subject, opened_on, changed_at, event_id, box FROM projection_general_file
WHERE cpas = $1 AND dossier = $2
"""
_HOUSEHOLD = """
SELECT composition, member, relation, event_id, box FROM projection_household
WHERE dossier = $1 AND present ORDER BY composition, member
"""
_COLUMNS = "dossier, file, number, opened_on, due, repaid, remaining, mode, closed_on, changed_at"
_FILES_OF = f"SELECT {_COLUMNS} FROM projection_debt_file WHERE dossier = $1 ORDER BY number DESC"
_FILES = f"""
SELECT {_COLUMNS} FROM projection_debt_file
WHERE cpas = $1 AND file > $2 AND ($4::text IS NULL OR (closed_on IS NULL) = ($4 = 'active'))
ORDER BY file LIMIT $3
"""
_FILE = f"SELECT {_COLUMNS}, subject, event_id, box FROM projection_debt_file WHERE cpas = $1 AND file = $2"
_REFUNDS = """
SELECT refund, on_day, amount, made, changed_at, event_id, box FROM projection_refund
WHERE dossier = $1 AND file = $2 AND NOT deleted ORDER BY on_day, refund
"""
_STEPS = """
SELECT what, due, repaid, remaining, mode, at FROM projection_debt_step
WHERE dossier = $1 AND file = $2 ORDER BY at, ctid
"""
Row = Mapping[str, Any]


class PostgresDebts:
    """The port ``Debts``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def general_files(self, cpas: str, after: str, limit: int) -> Sequence[Row]:
        """Of a CPAS, by dossier."""
        return await self._rows(_GENERAL_FILES, cpas, after, limit)

    async def general_file(self, cpas: str, dossier: str) -> Row | None:
        """One of a CPAS."""
        return _first(await self._rows(_GENERAL_FILE, cpas, dossier))

    async def household(self, dossier: str) -> Sequence[Row]:
        """Who is in either household now."""
        return await self._rows(_HOUSEHOLD, dossier)

    async def files_of(self, dossier: str) -> Sequence[Row]:
        """Debt files of one person, the newest first."""
        return await self._rows(_FILES_OF, dossier)

    async def files(self, cpas: str, after: str, limit: int, state: str | None) -> Sequence[Row]:
        """Debt files of a CPAS, by id."""
        return await self._rows(_FILES, cpas, after, limit, state)

    async def file(self, cpas: str, file: str) -> Row | None:
        """One of a CPAS."""
        return _first(await self._rows(_FILE, cpas, file))

    async def refunds(self, dossier: str, file: str) -> Sequence[Row]:
        """Of a debt file, by date, without the deleted ones."""
        return await self._rows(_REFUNDS, dossier, file)

    async def steps(self, dossier: str, file: str) -> Sequence[Row]:
        """Every step of a debt file."""
        return await self._rows(_STEPS, dossier, file)

    async def _rows(self, query: str, *given: object) -> Sequence[Row]:
        async with translated():
            return [dict(row) for row in await self._database.pool.fetch(query, *given)]


def _first(rows: Sequence[Row]) -> Row | None:
    return rows[0] if rows else None
