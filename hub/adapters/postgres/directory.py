"""Who is who, for mails: the Chamber's directory as projected, and the institutions the hub knows."""

from hub.adapters.postgres.database import Database, translated
from hub.application.deliver.ports import Mailbox

_OFFICE = "SELECT name, email, language FROM projection_office WHERE office = $1"
_INSTITUTION = "SELECT name, email, language FROM institution WHERE id = $1"


class PostgresDirectory:
    """Mailboxes as they are now."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def office(self, office: str) -> Mailbox | None:
        """A bailiff office of the Chamber's directory; None when it is not listed."""
        return await self._mailbox(_OFFICE, office)

    async def institution(self, institution: str) -> Mailbox | None:
        """An institution as the hub knows it."""
        return await self._mailbox(_INSTITUTION, institution)

    async def _mailbox(self, query: str, identifier: str) -> Mailbox | None:
        async with translated():
            row = await self._database.pool.fetchrow(query, identifier)
        return Mailbox(name=row["name"], email=row["email"], language=row["language"]) if row else None
