"""The audit's chain in PostgreSQL. Writers wait for each other: a chain has one end."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from hub.adapters.postgres.administration_tables import audit
from hub.adapters.postgres.database import Connection, Database, translated
from hub.application.audit import Deed, Entry, hash_of
from hub.domain.messaging.hash_chain import GENESIS

_LOCK = "SELECT pg_advisory_xact_lock(7305124)"
_END = "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1"
_COLUMNS = ("seq", "at", "who", "verb", "what", "outcome", "reason", "detail", "before", "hash")
_SELECTED = ", ".join(_COLUMNS)
_FOLLOWING = f"SELECT {_SELECTED} FROM audit WHERE seq > $1 ORDER BY seq LIMIT 5000"
_LISTED = f"""
SELECT {_SELECTED} FROM audit
WHERE ($1::bigint IS NULL OR seq < $1) AND ($2::text IS NULL OR who = $2) AND ($3::text IS NULL OR what = $3)
ORDER BY seq DESC LIMIT $4
"""


async def note(connection: Connection, deeds: Sequence[Deed], at: datetime) -> None:
    """Append within an open transaction; held until it ends, so do it last."""
    if not deeds:
        return
    await connection.execute(_LOCK)
    end = await connection.fetchrow(_END)
    seq, before = (end["seq"], end["hash"]) if end else (0, GENESIS)
    rows = []
    for deed in deeds:
        seq += 1
        entry = Entry(
            seq=seq,
            at=at,
            who=deed.who,
            verb=deed.verb,
            what=deed.what,
            outcome=deed.outcome,
            reason=deed.reason.replace("\x00", ""),
            detail=deed.detail_json(),
            before=before,
            hash=b"",
        )
        before = hash_of(entry)
        rows.append(entry._replace(hash=before))
    await connection.copy_records_to_table(audit.name, records=rows, columns=_COLUMNS)


class PostgresAudit:
    """The table ``audit``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def note(self, deeds: Sequence[Deed]) -> None:
        """Append in a transaction of its own."""
        async with self._database.transaction() as connection:
            await note(connection, deeds, datetime.now(UTC))

    async def entries(self, *, after: int = 0) -> AsyncIterator[Entry]:
        """Every entry after ``after``, page by page."""
        while True:
            async with translated():
                rows = await self._database.pool.fetch(_FOLLOWING, after)
            if not rows:
                return
            for row in rows:
                yield Entry(*row)
            after = rows[-1]["seq"]

    async def listed(
        self, *, before: int | None, who: str | None, what: str | None, limit: int
    ) -> Sequence[Mapping[str, Any]]:
        """Newest first; ``before`` is the last number of the page before."""
        async with translated():
            rows = await self._database.pool.fetch(_LISTED, before, who, what, limit)
        return [{**dict(row), "before": row["before"].hex(), "hash": row["hash"].hex()} for row in rows]
