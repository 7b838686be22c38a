"""Keys destroyed: the person's, and those of the documents that mention her."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from hub.adapters.postgres.bulk import write_outbox
from hub.adapters.postgres.database import Connection, Database
from hub.adapters.postgres.person_keys import PERSON_ERASED
from hub.application.ports import OutboxRow

_PERSON = """
UPDATE person_key SET wrapped = NULL, erased_at = $2 WHERE subject = $1 AND wrapped IS NOT NULL
"""
_DOCUMENTS = """
UPDATE document SET wrapped_key = NULL WHERE wrapped_key IS NOT NULL
AND id IN (SELECT document FROM document_slice WHERE subject = $1)
"""


class PostgresErasure:
    """An open erasure."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def destroy(self, subject: str, at: datetime) -> tuple[int, int]:
        """Destroy keys; every process is told when the transaction commits."""
        keys = _count(await self._connection.execute(_PERSON, subject, at))
        documents = _count(await self._connection.execute(_DOCUMENTS, subject))
        await self._connection.execute("SELECT pg_notify($1, $2)", PERSON_ERASED, subject)
        return keys, documents

    async def publish(self, row: OutboxRow) -> None:
        """Tell it as an event."""
        await write_outbox(self._connection, [row])


class PostgresErasures:
    """Opens erasures."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[PostgresErasure]:
        """One transaction."""
        async with self._database.transaction() as connection:
            yield PostgresErasure(connection)


def _count(tag: str) -> int:
    """``UPDATE 3`` → 3."""
    return int(tag.rpartition(" ")[2])
