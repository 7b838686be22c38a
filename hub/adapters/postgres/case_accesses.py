"""The log of accesses to cases in PostgreSQL. Writers wait for each other: a chain has one end."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from hub.adapters.postgres.database import Database, translated
from hub.adapters.postgres.rcd_tables import case_access
from hub.application.read.case_access import AccessEntry, CaseAccess, hash_of
from hub.domain.messaging.hash_chain import GENESIS

_LOCK = "SELECT pg_advisory_xact_lock(7305125)"
_END = "SELECT seq, hash FROM case_access ORDER BY seq DESC LIMIT 1"
_CASES = """
SELECT key, data::json->>'role_number' AS role_number, data::json->>'court' AS court FROM state
WHERE consumer_group = 'hub.rcd' AND key = ANY($1::text[]) AND data IS NOT NULL
"""
_COLUMNS = AccessEntry._fields
_SELECTED = ", ".join(_COLUMNS)
_FOLLOWING = f"SELECT {_SELECTED} FROM case_access WHERE seq > $1 ORDER BY seq LIMIT 5000"
_LISTED = f"""
SELECT {_SELECTED} FROM case_access
WHERE case_id = $1 AND ($2::bigint IS NULL OR seq < $2) ORDER BY seq DESC LIMIT $3
"""


class PostgresCaseAccesses:
    """The port ``AccessLog``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def note(self, accesses: Sequence[CaseAccess]) -> Sequence[int]:
        """Append in a transaction of its own; the numbers of the entries, in the order of the accesses."""
        if not accesses:
            return ()
        async with self._database.transaction() as connection:
            found = await connection.fetch(_CASES, [access.case for access in accesses])
            known = {row["key"]: dict(row) for row in found}
            await connection.execute(_LOCK)
            end = await connection.fetchrow(_END)
            seq, before = (end["seq"], end["hash"]) if end else (0, GENESIS)
            rows = []
            for access in accesses:
                seq += 1
                entry = _entry(seq, access, known.get(access.case), before)
                before = hash_of(entry)
                rows.append(entry._replace(hash=before))
            await connection.copy_records_to_table(case_access.name, records=rows, columns=_COLUMNS)
        return [row.seq for row in rows]

    async def entries(self, *, after: int = 0) -> AsyncIterator[AccessEntry]:
        """Every entry after a number, page by page."""
        while True:
            async with translated():
                rows = await self._database.pool.fetch(_FOLLOWING, after)
            if not rows:
                return
            for row in rows:
                yield AccessEntry(*row)
            after = rows[-1]["seq"]

    async def listed(self, case: str, *, before: int | None, limit: int) -> Sequence[Mapping[str, Any]]:
        """Of one case, the newest first."""
        async with translated():
            rows = await self._database.pool.fetch(_LISTED, case, before, limit)
        return [{**dict(row), "before": row["before"].hex(), "hash": row["hash"].hex()} for row in rows]


def _entry(seq: int, access: CaseAccess, known: Mapping[str, Any] | None, before: bytes) -> AccessEntry:
    """The next link, without its hash."""
    return AccessEntry(
        seq=seq,
        at=datetime.now(UTC),
        case_id=access.case,
        role_number=(known["role_number"] if known else None) or "",
        court=(known["court"] if known else None) or "",
        actor=access.actor,
        quality=access.quality,
        mandate_of=access.mandate_of or "",
        modality=access.modality,
        action=access.action,
        what=access.what,
        origin=access.origin,
        authenticated=access.authenticated,
        assurance=access.assurance,
        before=before,
        hash=b"",
    )
