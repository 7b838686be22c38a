"""Refused documents behind letters, for who edits them."""

from datetime import UTC, datetime
from uuid import UUID

from hub.adapters.postgres.aside import moved
from hub.adapters.postgres.audit import note
from hub.adapters.postgres.database import Database, translated
from hub.adapters.postgres.institutions import PostgresInstitutions
from hub.application.audit import Deed
from hub.application.consume.replay_ports import By
from hub.application.dead_letters.edit_document import Refused
from hub.application.intake.callers import Caller

_OF = """
SELECT l.id, l.state, d.id AS document, d.connector, d.institution, d.wrapped_key,
       ARRAY(SELECT body FROM document_chunk c WHERE c.document = d.id ORDER BY n) AS chunks
FROM dead_letter l JOIN document d ON d.id = l.reference WHERE l.id = $1 AND l.origin = 'document'
"""


class PostgresRefusedDocuments:
    """The port ``RefusedDocuments``."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._institutions = PostgresInstitutions(database)

    async def of(self, letter: UUID) -> Refused | None:
        """A refused document with its letter."""
        async with translated():
            row = await self._database.pool.fetchrow(_OF, letter)
        return Refused(*row) if row else None

    async def caller(self, institution: str, connector: str) -> Caller | None:
        """Its sender, if a living key lets it use the connector."""
        return await self._institutions.folder_caller(institution, connector)

    async def close(self, letter: UUID, document: UUID, by: By) -> bool:
        """That document stands in its place."""
        async with self._database.transaction() as connection:
            done = await moved(connection, [letter], ["returned", "waiting"], "edited", by)
            if done:
                await connection.execute("UPDATE dead_letter SET replaced_by = $2 WHERE id = $1", letter, document)
                detail = {"document": document, **({"job": by.job} if by.job else {})}
                deed = Deed(who=by.who, verb="edit", what=f"letter {letter}", reason=by.reason or "", detail=detail)
                await note(connection, [deed], datetime.now(UTC))
        return bool(done)
