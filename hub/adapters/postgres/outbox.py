"""The outbox, taken shard by shard: an advisory lock per shard lasts as long as the transaction."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from hub.adapters.postgres.database import Connection, Database
from hub.application.ports import OutboxRow
from hub.application.relay import TakenOutbox
from hub.domain.messaging.topics import SHARDS

_LOCK_CLASS = 7_305_124
_HOLD = """
SELECT shard FROM generate_series(0, $2::int - 1) AS shard WHERE pg_try_advisory_xact_lock($1, shard)
"""
_TAKE = """
SELECT one.* FROM unnest($1::smallint[]) AS mine (shard) CROSS JOIN LATERAL (
    SELECT seq, topic, key, headers, value FROM outbox WHERE outbox.shard = mine.shard ORDER BY seq LIMIT $3
) AS one ORDER BY seq LIMIT $2
"""
_DEPTH = 8
"""Each shard is looked into by itself, an eighth of a batch deep: one order over all would read the whole backlog."""
_REMOVE = "DELETE FROM outbox WHERE shard = ANY ($1::smallint[]) AND seq = ANY ($2::bigint[])"


class PostgresOutboxTransaction:
    """An open transaction that holds some shards."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._shards: list[int] = []

    async def take(self, limit: int) -> TakenOutbox:
        """The oldest events of every shard no other relay holds now."""
        held = await self._connection.fetch(_HOLD, _LOCK_CLASS, SHARDS)
        self._shards = [row[0] for row in held]
        found = (
            await self._connection.fetch(_TAKE, self._shards, limit, max(1, limit // _DEPTH)) if self._shards else []
        )
        return TakenOutbox(
            rows=[OutboxRow(topic=row[1], key=row[2], headers=row[3], value=row[4]) for row in found],
            sequences=[row[0] for row in found],
        )

    async def remove(self, sequences: Sequence[int]) -> None:
        """Forget events that the broker acknowledged."""
        await self._connection.execute(_REMOVE, self._shards, sequences)


class PostgresOutbox:
    """Opens outbox transactions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[PostgresOutboxTransaction]:
        """One transaction; the shards it holds are free again when it ends, however it ends."""
        async with self._database.transaction() as connection:
            yield PostgresOutboxTransaction(connection)
