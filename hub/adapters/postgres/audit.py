"""The audit's chain in PostgreSQL."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from hub.adapters.postgres.administration_tables import audit
from hub.adapters.postgres.chains import Chain, Place, shown
from hub.adapters.postgres.database import Connection, Database, translated
from hub.application.audit import Deed, Entry, hash_of

_CHAIN = Chain(audit, Entry, Entry._fields, lock=7305124)
_LISTED = f"""
SELECT {_CHAIN.columns} FROM audit
WHERE ($1::bigint IS NULL OR seq < $1) AND ($2::text IS NULL OR who = $2) AND ($3::text IS NULL OR what = $3)
ORDER BY seq DESC LIMIT $4
"""


async def note(connection: Connection, deeds: Sequence[Deed], at: datetime) -> None:
    """Append within an open transaction; held until it ends, so do it last."""
    if deeds:
        await _CHAIN.append(connection, [partial(_entry, deed, at) for deed in deeds])


class PostgresAudit:
    """The table ``audit``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def note(self, deeds: Sequence[Deed]) -> None:
        """Append in a transaction of its own."""
        async with self._database.transaction() as connection:
            await note(connection, deeds, datetime.now(UTC))

    def entries(self, *, after: int = 0) -> AsyncIterator[Entry]:
        """Every entry after ``after``, page by page."""
        return _CHAIN.entries(self._database, after=after)

    async def listed(
        self, *, before: int | None, who: str | None, what: str | None, limit: int
    ) -> Sequence[Mapping[str, Any]]:
        """Newest first; ``before`` is the last number of the page before."""
        async with translated():
            rows = await self._database.pool.fetch(_LISTED, before, who, what, limit)
        return [shown(row) for row in rows]


def _entry(deed: Deed, at: datetime, place: Place) -> Entry:
    entry = Entry(
        seq=place.seq,
        at=at,
        who=deed.who,
        verb=deed.verb,
        what=deed.what,
        outcome=deed.outcome,
        reason=deed.reason.replace("\x00", ""),
        detail=deed.detail_json(),
        before=place.before,
        hash=b"",
    )
    return entry._replace(hash=hash_of(entry))
