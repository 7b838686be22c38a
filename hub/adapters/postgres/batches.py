"""The one transaction of a batch (ADR 0002).

Every decision about a dossier is made under the lock of its ``state`` row, which is made first where it is
missing. So whoever parks a key, frees it, queues behind it or folds it waits for whoever does so now.
The inbox is claimed first and states are read in a later statement: in one combined statement the snapshot
would be older than the wait for a rival's commit.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from uuid import UUID

from hub.adapters.postgres.bulk import write_outcome
from hub.adapters.postgres.database import Connection, Database, taken_back
from hub.application.ports import Outcome

_CLAIM = """
INSERT INTO inbox (consumer_group, event_id) SELECT $1, id FROM unnest($2::uuid[]) AS id
ON CONFLICT DO NOTHING RETURNING event_id
"""
_LOCK = """
SELECT key, data FROM state WHERE consumer_group = $1 AND key = ANY ($2::text[]) ORDER BY key FOR UPDATE
"""
_MAKE = """
INSERT INTO state (consumer_group, key) SELECT $1, key FROM unnest($2::text[]) AS key ON CONFLICT DO NOTHING
"""
_PARKED = "SELECT key FROM parked_key WHERE consumer_group = $1 AND key = ANY ($2::text[])"


class PostgresBatch:
    """An open batch transaction of one group."""

    def __init__(self, connection: Connection, group: str) -> None:
        self._connection = connection
        self._group = group

    async def claim(self, event_ids: Sequence[UUID]) -> set[UUID]:
        """Claim sorted ids in the inbox; waits for a rival that claims one of them now."""
        rows = await self._connection.fetch(_CLAIM, self._group, event_ids)
        return {row[0] for row in rows}

    async def load(self, keys: Sequence[str]) -> Mapping[str, str | None]:
        """Lock sorted keys and read their states."""
        found = await self._locked(keys)
        missing = [key for key in keys if key not in found]
        if missing:
            await self._connection.execute(_MAKE, self._group, missing)
            found |= await self._locked(missing)
        return found

    async def _locked(self, keys: Sequence[str]) -> dict[str, str | None]:
        return {row[0]: row[1] for row in await self._connection.fetch(_LOCK, self._group, keys)}

    async def parked(self, keys: Sequence[str]) -> set[str]:
        """Which of the locked keys are parked."""
        return {row[0] for row in await self._connection.fetch(_PARKED, self._group, keys)}

    async def write(self, outcome: Outcome) -> None:
        """Write everything in bulk."""
        await write_outcome(self._connection, self._group, outcome)


class PostgresBatches:
    """Opens batch transactions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @asynccontextmanager
    async def begin(self, group: str) -> AsyncIterator[PostgresBatch]:
        """One transaction; commits at the end, rolls back on any error."""
        async with self._database.transaction() as connection:
            yield PostgresBatch(connection, group)

    @asynccontextmanager
    async def rehearse(self, group: str) -> AsyncIterator[PostgresBatch]:
        """One transaction that is rolled back whatever happens."""
        async with taken_back(self._database) as connection:
            yield PostgresBatch(connection, group)
