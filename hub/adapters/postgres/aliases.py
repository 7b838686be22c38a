"""Numbers that replaced others of the same person: which dossiers they lead to (ADR 0018).

A person becomes known under a number when a key is made for it; a number becomes another one's alias only while nobody
is known under it. Both happen under one lock, so that a number never is both.
"""

from collections.abc import Mapping, Sequence

from hub.adapters.postgres.database import Connection, Database, translated
from hub.application.intake.ports import Alias, NewDocument
from hub.application.vault import PersonRenumberedError

_LOCK = 0x616C696173
KNOWING_SHARED = f"SELECT pg_advisory_xact_lock_shared({_LOCK})"
_KNOWING_ALONE = f"SELECT pg_advisory_xact_lock({_LOCK})"
_ALL = "SELECT subject, stands_for FROM person_alias"
_KNOWN = "SELECT EXISTS (SELECT FROM person_key WHERE subject = $1)"
_ADD = """
    INSERT INTO person_alias (subject, stands_for, document, since)
    SELECT $1, $2, $3, $4 WHERE NOT EXISTS (SELECT FROM person_key WHERE subject = $1)
    ON CONFLICT (subject) DO UPDATE SET stands_for = excluded.stands_for
        WHERE person_alias.stands_for = excluded.stands_for
    RETURNING subject
"""


class PostgresAliases:
    """The port ``Aliases``."""

    def __init__(self, database: Database) -> None:
        self._pool = database.pool

    async def all(self) -> Mapping[str, str]:
        """Whose dossiers each leads to."""
        async with translated():
            return {row["subject"]: row["stands_for"] for row in await self._pool.fetch(_ALL)}

    async def somebody(self, subject: str) -> bool:
        """Whether the hub knows anything of somebody under a number."""
        async with translated():
            return bool(await self._pool.fetchval(_KNOWN, subject))


async def write_aliases(connection: Connection, documents: Sequence[NewDocument]) -> None:
    """Keep what the documents say of new numbers.

    Raises:
        PersonRenumberedError: somebody became known under one since the document was read.
    """
    said: list[tuple[NewDocument, Alias]] = [(one, alias) for one in documents for alias in one.aliases]
    if said:
        await connection.execute(_KNOWING_ALONE)
    for document, alias in said:
        row = document.row
        if not await connection.fetchval(_ADD, alias.subject, alias.stands_for, row.id, row.received_at):
            raise PersonRenumberedError("somebody became known under a number while it was read; try again")
