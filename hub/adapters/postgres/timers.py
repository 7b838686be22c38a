"""The timer table (ADR 0008).

A timer fires under the lock of its key's ``state`` row, the lock under which keys are parked and freed. Nothing
here waits for a lock: what a consumer holds now fires a moment later, so the two cannot deadlock.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from asyncpg import Record

from hub.adapters.postgres.bulk import write_outbox
from hub.adapters.postgres.database import Connection, Database, translated
from hub.adapters.postgres.outward_letters import write_outward
from hub.application.clock_ports import DueTimer
from hub.application.dead_letters.outward import OutwardLetter
from hub.application.ports import OutboxRow

_FREE = """NOT EXISTS (SELECT FROM parked_key
    WHERE parked_key.consumer_group = timer.consumer_group AND parked_key.key = timer.key)"""
_DUE = f"SELECT * FROM timer WHERE due <= $1 AND {_FREE} ORDER BY due LIMIT $2 FOR UPDATE SKIP LOCKED"
_LOCK = """
SELECT consumer_group, key FROM state
JOIN unnest($1::text[], $2::text[]) AS wanted (consumer_group, key) USING (consumer_group, key)
FOR SHARE OF state SKIP LOCKED
"""
# A later statement than the lock: its snapshot sees what was parked by whoever held the lock before.
_BUSY = """
SELECT wanted.consumer_group, wanted.key,
    EXISTS (SELECT FROM state WHERE (state.consumer_group, state.key) = (wanted.consumer_group, wanted.key)) AS known,
    EXISTS (SELECT FROM parked_key AS parked
            WHERE (parked.consumer_group, parked.key) = (wanted.consumer_group, wanted.key)) AS parked
FROM unnest($1::text[], $2::text[]) AS wanted (consumer_group, key)
"""
_FIRED = """
DELETE FROM timer USING unnest($1::text[], $2::text[], $3::text[]) AS gone (consumer_group, key, name)
WHERE (timer.consumer_group, timer.key, timer.name) = (gone.consumer_group, gone.key, gone.name)
"""
_NEXT = f"SELECT min(due) FROM timer WHERE {_FREE}"


class PostgresTimerBatch:
    """An open transaction over due timers."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def due(self, now: datetime, limit: int) -> Sequence[DueTimer]:
        """Due timers, the oldest first, locked with their keys; none of a parked key."""
        found = [_timer(row) for row in await self._connection.fetch(_DUE, now, limit)]
        if not found:
            return found
        ready = await self._ready(sorted({(one.group, one.key) for one in found}))
        return [one for one in found if (one.group, one.key) in ready]

    async def _ready(self, keys: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
        """Which keys nobody decides about now and are not parked; a key without state has nobody to lock out."""
        groups, names = map(list, zip(*keys, strict=True))
        locked = {tuple(row) for row in await self._connection.fetch(_LOCK, groups, names)}
        rows = await self._connection.fetch(_BUSY, groups, names)
        return {
            (group, key) for group, key, known, parked in rows if not parked and ((group, key) in locked or not known)
        }

    async def unreadable(self, letters: Sequence[OutwardLetter]) -> None:
        """Show them among the dead letters, once."""
        if letters:
            ids = [one.id for one in letters]
            rows = await self._connection.fetch("SELECT id FROM dead_letter WHERE id = ANY ($1::uuid[])", ids)
            known = {row[0] for row in rows}
            await write_outward(self._connection, [one for one in letters if one.id not in known])

    async def fire(self, timers: Sequence[DueTimer], rows: Sequence[OutboxRow]) -> None:
        """Remove timers and put their events into the outbox."""
        columns = zip(*((one.group, one.key, one.name) for one in timers), strict=True)
        await self._connection.execute(_FIRED, *map(list, columns))
        await write_outbox(self._connection, rows)


class PostgresTimers:
    """Deadlines of dossiers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[PostgresTimerBatch]:
        """One transaction; commits at the end, rolls back on any error."""
        async with self._database.transaction() as connection:
            yield PostgresTimerBatch(connection)

    async def next_due(self) -> datetime | None:
        """When the next timer of a key that is not parked is due."""
        async with translated():
            found: datetime | None = await self._database.pool.fetchval(_NEXT)
        return found


def _timer(row: Record) -> DueTimer:
    return DueTimer(
        group=row["consumer_group"],
        key=row["key"],
        name=row["name"],
        due=row["due"],
        type=row["type"],
        data=row["data"],
        event_key=row["event_key"],
        subject=row["subject"],
        correlationid=row["correlationid"],
        causationid=row["causationid"],
        traceparent=row["traceparent"],
    )
