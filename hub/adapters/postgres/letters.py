"""Dead letters and the queues behind parked keys."""

from base64 import b64decode
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from uuid import UUID

import asyncpg
from pydantic_core import from_json

from hub.adapters.postgres.batches import PostgresBatch
from hub.adapters.postgres.database import Database, translated
from hub.application.consume.replay import StoredLetter, WaitingRecord
from hub.application.ports import Failure, Record

_RECORD = 'topic, partition, "offset", timestamp, record_key, headers, value'
_GROUP = "SELECT consumer_group, key FROM dead_letter WHERE id = $1"
_LETTER = f"""
SELECT id, consumer_group, key, state, {_RECORD},
       EXISTS (SELECT FROM parked_key p WHERE p.consumer_group = d.consumer_group AND p.key = d.key
               AND p.letter = d.id) AS head
FROM dead_letter d WHERE id = $1
"""
_QUEUE = f"""
SELECT seq, {_RECORD} FROM parked_record WHERE consumer_group = $1 AND key = $2 ORDER BY seq LIMIT $3
"""
_TAKE = "DELETE FROM parked_record WHERE consumer_group = $1 AND key = $2 AND seq = ANY ($3::bigint[])"
_UNPARK = "DELETE FROM parked_key WHERE consumer_group = $1 AND key = $2"
_REPLAYED = """
UPDATE dead_letter SET state = 'replayed', closed_at = now(), attempts = attempts + 1 WHERE id = $1
"""
_FAILED_AGAIN = """
UPDATE dead_letter SET attempts = attempts + 1, fingerprint = $2, classification = $3, reason = $4 WHERE id = $1
"""
_ATTEMPT = """
INSERT INTO letter_attempt (letter, n, who, outcome, fingerprint, reason)
SELECT id, attempts, $2, $3, $4, $5 FROM dead_letter WHERE id = $1
"""
_FINGERPRINT = """
INSERT INTO fingerprint (id, stage, exception, location, trace) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING
"""


class PostgresReplay(PostgresBatch):
    """An open replay transaction; the key's state row is locked by ``load`` first."""

    async def letter(self, letter: UUID) -> StoredLetter | None:
        """The letter as it lies now."""
        row = await self._connection.fetchrow(_LETTER, letter)
        if row is None:
            return None
        place = {"group": row["consumer_group"], "key": row["key"]}
        return StoredLetter(id=row["id"], **place, state=row["state"], head=row["head"], record=_record(row))

    async def queue(self, key: str, limit: int) -> Sequence[WaitingRecord]:
        """The head of what waits behind a key."""
        rows = await self._connection.fetch(_QUEUE, self._group, key, limit)
        return [WaitingRecord(seq=row["seq"], record=_record(row)) for row in rows]

    async def settle(self, letter: UUID, failure: Failure | None, who: str) -> None:
        """Count an attempt and who made it: replayed, or failed again."""
        if failure is None:
            await self._connection.execute(_REPLAYED, letter)
            await self._connection.execute(_ATTEMPT, letter, who, "replayed", None, None)
            return
        await self._connection.execute(
            _FINGERPRINT, failure.fingerprint, failure.stage, failure.exception, failure.location, failure.trace
        )
        await self._connection.execute(
            _FAILED_AGAIN, letter, failure.fingerprint, failure.classification, failure.reason
        )
        await self._connection.execute(_ATTEMPT, letter, who, "failed", failure.fingerprint, failure.reason)

    async def take_from_queue(self, key: str, sequences: Sequence[int]) -> None:
        """Remove records that were handled or became letters."""
        await self._connection.execute(_TAKE, self._group, key, sequences)

    async def unpark(self, key: str) -> None:
        """Let a key go on."""
        await self._connection.execute(_UNPARK, self._group, key)


class PostgresLetters:
    """Opens replay transactions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def group_of(self, letter: UUID) -> tuple[str, str] | None:
        """Consumer group and key of a letter."""
        async with translated():
            row = await self._database.pool.fetchrow(_GROUP, letter)
        return (row[0], row[1]) if row else None

    @asynccontextmanager
    async def begin(self, group: str) -> AsyncIterator[PostgresReplay]:
        """One transaction; commits at the end, rolls back on any error."""
        async with self._database.transaction() as connection:
            yield PostgresReplay(connection, group)


def _record(row: asyncpg.Record) -> Record:
    return Record(
        topic=row["topic"],
        partition=row["partition"],
        offset=row["offset"],
        timestamp=row["timestamp"],
        key=row["record_key"],
        value=row["value"],
        headers=tuple((name, b64decode(value)) for name, value in from_json(row["headers"])),
    )
