"""Collective settlements as they are read: mediator, claims, hints, channels, the debtor's language, outages."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, cast

from hub.adapters.postgres.database import Database, translated
from hub.domain.rcd.channels import STEPS, Step
from hub.domain.rcd.notice_words import Language

_MEDIATOR = "SELECT mediator FROM projection_rcd_case WHERE case_id = $1"
_CLAIMS = "SELECT * FROM projection_rcd_claim WHERE case_id = $1 ORDER BY claim_ref"
_SUGGESTED = """
SELECT case_id, case_ref, kind, on_day, times, layout, suggested_at FROM projection_rcd_action
WHERE institution = $1 AND on_day >= $2 ORDER BY on_day DESC, case_id, kind LIMIT $3
"""

_TOLD_BY = """
SELECT key FROM state
WHERE consumer_group = 'hub.rcd' AND key > $2 AND data IS NOT NULL AND data::json->>'told_by' = $1
  AND data::json->>'state' <> 'ARCHIVED'
  AND NOT EXISTS (SELECT FROM rcd_transfer WHERE case_id = key AND received_at IS NOT NULL)
ORDER BY key LIMIT 1000
"""
_OUTAGES = """
SELECT outage, min(started_at) AS started_at, count(*) AS cases,
       CASE WHEN bool_and(ended_at IS NOT NULL) THEN max(ended_at) END AS ended_at
FROM projection_rcd_outage AS told JOIN projection_rcd_case AS one USING (case_id)
WHERE $1::text IS NULL OR one.mediator = $1 OR one.institutions::jsonb ? $1
GROUP BY outage HAVING $2::timestamptz IS NULL OR min(started_at) < $2
ORDER BY started_at DESC, outage LIMIT $3
"""
_LANGUAGE = "SELECT data::json->>'language' FROM state WHERE consumer_group = 'hub.rcd' AND key = $1"
_REGIONS = "SELECT regions FROM projection_rcd_case WHERE case_id = $1"
_AWAY = "SELECT EXISTS (SELECT FROM projection_rcd_case WHERE case_id = ANY($1::text[]) AND outage_open)"
_ERASED = "SELECT EXISTS (SELECT FROM rcd_transfer WHERE case_id = ANY($1::text[]) AND erased_at IS NOT NULL)"
_CONFIRMATIONS = """
SELECT term, late FROM projection_rcd_term WHERE case_id = $1 AND term LIKE 'confirmation/%' AND state = 'running'
"""


class PostgresSettlements:
    """The ports ``Settlements``, ``Claims``, ``Suggestions``, ``Channels``, ``NoticeCases`` and ``Outages``."""

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

    async def steps(self, case: str) -> Mapping[str, Step]:
        """On which step of the channel each party stands."""
        async with translated():
            regions = await self._database.pool.fetchval(_REGIONS, case)
        found: dict[str, str] = json.loads(regions or "{}")
        own = {name.removeprefix("channel/"): step for name, step in found.items() if name.startswith("channel/")}
        return {party: cast("Step", step) for party, step in own.items() if step in STEPS}

    async def confirmations(self, case: str) -> Mapping[str, date]:
        """Last days of confirmations that are awaited, by party."""
        async with translated():
            rows = await self._database.pool.fetch(_CONFIRMATIONS, case)
        return {row["term"].partition("/")[2]: row["late"] for row in rows}

    async def language(self, case: str) -> Language | None:
        """The debtor's, as the admission told it."""
        async with translated():
            found: Language | None = await self._database.pool.fetchval(_LANGUAGE, case)
        return found

    async def told_by(self, register: str, *, after: str) -> Sequence[str]:
        """Cases whose acts a register has told, a thousand after one."""
        async with translated():
            return [row["key"] for row in await self._database.pool.fetch(_TOLD_BY, register, after)]

    async def outages(
        self, institution: str | None, before: datetime | None, limit: int
    ) -> Sequence[Mapping[str, Any]]:
        """Outages of the cases that an institution mediates or is linked to (None: of all), the newest first."""
        async with translated():
            return [dict(row) for row in await self._database.pool.fetch(_OUTAGES, institution, before, limit)]

    async def away(self, cases: Sequence[str]) -> bool:
        """Whether the register said of one of these cases that it is away."""
        async with translated():
            found: bool = await self._database.pool.fetchval(_AWAY, cases)
        return found

    async def erased(self, cases: Sequence[str]) -> bool:
        """Whether one of these cases was erased after its transfer."""
        async with translated():
            found: bool = await self._database.pool.fetchval(_ERASED, cases)
        return found
