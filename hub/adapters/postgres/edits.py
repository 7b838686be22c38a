"""Edits of letters; the originals stay untouched."""

from base64 import b64encode
from uuid import UUID

from pydantic_core import to_json

from hub.adapters.postgres.database import Database, translated
from hub.adapters.postgres.letters import LETTER, stored_letter
from hub.application.consume.replay_ports import StoredLetter
from hub.application.dead_letters.edit import Edited

_KEEP = """
INSERT INTO letter_edit (letter, event_id, headers, value, who, job) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT DO NOTHING
"""


class PostgresEdits:
    """The port ``Edits``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def letter(self, letter: UUID) -> StoredLetter | None:
        """A letter as it lies."""
        async with translated():
            row = await self._database.pool.fetchrow(LETTER, letter)
        return stored_letter(row) if row else None

    async def edited(self, letter: UUID) -> UUID | None:
        """The job that edited it."""
        async with translated():
            found: UUID | None = await self._database.pool.fetchval(
                "SELECT job FROM letter_edit WHERE letter = $1", letter
            )
        return found

    async def keep(self, edited: Edited) -> bool:
        """Keep an edit; that of the same job may stand already."""
        headers = to_json([[name, b64encode(value).decode()] for name, value in edited.record.headers]).decode()
        value = edited.record.value or b""
        async with translated():
            await self._database.pool.execute(
                _KEEP, edited.letter, edited.event, headers, value, edited.who, edited.job
            )
        return await self.edited(edited.letter) == edited.job
