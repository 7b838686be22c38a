"""Documents in PostgreSQL: many small ones in one transaction; large ones through a draft."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from hub.adapters.postgres import document_sql as sql
from hub.adapters.postgres.aliases import write_aliases
from hub.adapters.postgres.bulk import write_outbox
from hub.adapters.postgres.case_accesses import PostgresCaseAccesses
from hub.adapters.postgres.database import Connection, Database, translated
from hub.adapters.postgres.draft import PostgresDraft
from hub.application.intake.ports import DocumentRow, Gap, NewDocument

MISSING_MOST = 100


class PostgresDocuments:
    """The port ``Documents``. ``accesses``: where it is logged which cases a document edits."""

    def __init__(self, database: Database, accesses: PostgresCaseAccesses) -> None:
        self._database, self._accesses = database, accesses

    async def find(self, connector: str, institution: str, message_id: str) -> DocumentRow | None:
        """The accepted document of a message id."""
        async with translated():
            found = await self._database.pool.fetchrow(sql.FIND, connector, institution, message_id)
        return None if found is None else DocumentRow(**found)

    async def store(self, documents: Sequence[NewDocument]) -> Sequence[DocumentRow | None]:
        """Store many in one transaction; for each, None or the row that was there first.

        Rows are inserted in the order of their message ids, so that two processes storing the same documents
        wait for each other and never deadlock.
        """
        ordered = sorted(documents, key=_identity)
        async with self._database.transaction() as connection:
            made = {row["id"] for row in await connection.fetch(sql.INSERT, *columns([one.row for one in ordered]))}
            fresh = [one for one in documents if one.row.id in made]
            await write_aliases(connection, fresh)
            await _store_rest(connection, fresh)
            await self._accesses.append(connection, [access for one in fresh for access in one.accesses])
        return [None if one.row.id in made else await self.find(*_identity(one)) for one in documents]

    async def reject(self, document: NewDocument) -> UUID:
        """Keep a refused document; its id, or that of the same bytes refused before."""
        with self.draft(document.row.id) as draft:
            for page in document.refusals:
                draft.add_refusals(page)
            return await draft.reject(document.row, document.chunks, document.letter)

    @contextmanager
    def draft(self, document: UUID) -> Iterator[PostgresDraft]:
        """Rows of one large document, in temporary files until it is complete."""
        draft = PostgresDraft(self._database, document, self._accesses)
        try:
            yield draft
        finally:
            draft.close()

    async def gap(self, connector: str, institution: str, sequence: int) -> Gap:
        """What is missing among the sender's numbers, this one counted as received."""
        async with translated():
            last = await self._database.pool.fetchval(sql.LAST_SEQUENCE, connector, institution)
            missing = await self._database.pool.fetch(sql.MISSING, connector, institution, sequence, MISSING_MOST)
        ranges = tuple((row["first"], row["last"]) for row in missing)
        return Gap(expected=(last or 0) + 1, received=sequence, missing=ranges)

    async def awaits_correction(self, letter: UUID, institution: str) -> bool:
        """Whether a document was returned under this reference and not corrected yet."""
        async with translated():
            return bool(await self._database.pool.fetchval(sql.AWAITS_CORRECTION, letter, institution))

    async def of_sender(self, document: UUID, institution: str) -> DocumentRow | None:
        """One document of an institution."""
        async with translated():
            found = await self._database.pool.fetchrow(sql.OF_SENDER, document, institution)
        return None if found is None else DocumentRow(**found)

    async def listed(
        self, institution: str, state: str | None, after: tuple[Any, UUID], limit: int
    ) -> Sequence[DocumentRow]:
        """An institution's documents after a (time received, id), oldest first."""
        async with translated():
            rows = await self._database.pool.fetch(sql.LISTED, institution, state, *after, limit)
        return [DocumentRow(**row) for row in rows]

    async def chunks(self, document: UUID) -> Sequence[bytes]:
        """The sealed bytes of a document, as long as they are kept."""
        async with translated():
            rows = await self._database.pool.fetch(sql.READ_CHUNKS, document)
        return [row["body"] for row in rows]

    async def page(self, document: UUID, n: int) -> bytes | None:
        """A sealed page of findings."""
        async with translated():
            found: bytes | None = await self._database.pool.fetchval(sql.PAGE, document, n)
        return found


def columns(rows: Sequence[DocumentRow]) -> list[list[Any]]:
    """Rows as one array per column."""
    return [list(column) for column in zip(*map(sql.fields, rows), strict=True)]


def _identity(document: NewDocument) -> tuple[str, str, str]:
    return document.row.connector, document.row.institution, document.row.message_id


async def _store_rest(connection: Connection, documents: Sequence[NewDocument]) -> None:
    """Bytes, slices and events of documents whose rows are in."""
    chunks = [(one.row.id, n, body) for one in documents for n, body in enumerate(one.chunks)]
    slices = [(one.row.id, *part) for one in documents for part in one.slices]
    for statement, rows in ((sql.CHUNKS, chunks), (sql.SLICES, slices)):
        if rows:
            await connection.execute(statement, *map(list, zip(*rows, strict=True)))
    await write_outbox(connection, [row for one in documents for row in one.outbox])
    for one in documents:
        if one.corrects:
            await connection.execute(sql.CORRECTED, one.corrects, one.row.institution, one.row.id)
