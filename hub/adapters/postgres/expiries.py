"""Documents whose retention is over."""

from datetime import datetime

from hub.adapters.postgres.database import Database

_FIND = """
SELECT id FROM document WHERE wrapped_key IS NOT NULL AND expires_at <= $1
ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED
"""
_DESTROY = (
    "UPDATE document SET wrapped_key = NULL WHERE id = ANY ($1::uuid[])",
    "DELETE FROM document_chunk WHERE document = ANY ($1::uuid[])",
    "DELETE FROM document_slice WHERE document = ANY ($1::uuid[])",
    "DELETE FROM document_refusal WHERE document = ANY ($1::uuid[])",
)


class PostgresExpiries:
    """Destroys keys and bytes, in one transaction a batch."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def destroy(self, until: datetime, limit: int) -> int:
        """Destroy what expired until then; any number of processes may do so side by side."""
        async with self._database.transaction() as connection:
            ids = [row[0] for row in await connection.fetch(_FIND, until, limit)]
            if ids:
                for statement in _DESTROY:
                    await connection.execute(statement, ids)
        return len(ids)
