"""Who mediates a collective settlement, and its claims."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from hub.adapters.postgres.database import Database, translated

_MEDIATOR = "SELECT mediator FROM projection_rcd_case WHERE case_id = $1"
_CLAIMS = "SELECT * FROM projection_rcd_claim WHERE case_id = $1 ORDER BY claim_ref"
_SUGGESTED = """
SELECT case_id, case_ref, kind, on_day, times, layout, suggested_at FROM projection_rcd_action
WHERE institution = $1 AND on_day >= $2 ORDER BY on_day DESC, case_id, kind LIMIT $3
"""


class PostgresSettlements:
    """The ports ``Mediators``, ``Claims`` and ``Suggestions``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def mediator(self, case: str) -> str | None:
        """Who mediates a case now; None: nobody, or there is no such case."""
        async with translated():
            found: str | None = await self._database.pool.fetchval(_MEDIATOR, case)
        return found

    async def claims(self, case: str) -> Sequence[Mapping[str, Any]]:
        """Claims of a case, by the register's reference; amounts in cents."""
        async with translated():
            return [dict(row) for row in await self._database.pool.fetch(_CLAIMS, case)]

    async def suggested(self, institution: str, since: date, limit: int) -> Sequence[Mapping[str, Any]]:
        """What mails suggest to an institution, the newest day first."""
        async with translated():
            return [dict(row) for row in await self._database.pool.fetch(_SUGGESTED, institution, since, limit)]
