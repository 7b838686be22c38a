"""Rows of one large document, in temporary files until one short transaction takes them."""

import struct
from collections.abc import Iterable, Sequence
from uuid import UUID

from hub.adapters.postgres import document_sql as sql
from hub.adapters.postgres.case_accesses import PostgresCaseAccesses
from hub.adapters.postgres.copying import CopyFile
from hub.adapters.postgres.database import Connection, Database
from hub.adapters.postgres.outward_letters import write_outward
from hub.application.dead_letters.outward import OutwardLetter
from hub.application.intake.ports import DocumentRow, Slice
from hub.application.ports import OutboxRow
from hub.application.read.case_access import CaseAccess
from hub.domain.messaging.topics import shard_of

_SHARD = struct.Struct(">h")


class PostgresDraft:
    """The port ``Draft``: nothing holds a transaction while the document is read."""

    def __init__(self, database: Database, document: UUID, accesses: PostgresCaseAccesses) -> None:
        self._database, self._document, self._accesses = database, document, accesses
        self._outbox = CopyFile("outbox", ("shard", "topic", "key", "headers", "value"))
        self._slices = CopyFile("document_slice", ("document", "n", "subject", "box"))
        self._refusals = CopyFile("document_refusal", ("document", "n", "body"))
        self._pages = 0

    def add(self, outbox: Sequence[OutboxRow], slices: Sequence[Slice]) -> None:
        """Keep more events and slices."""
        self._outbox.write(
            (_SHARD.pack(shard_of(row.key)), row.topic, row.key, row.headers, row.value or b"") for row in outbox
        )
        self._slices.write((self._document.bytes, *row) for row in slices)

    def add_refusals(self, page: bytes) -> None:
        """Keep one more sealed page of findings."""
        self._refusals.write([(self._document.bytes, self._pages, page)])
        self._pages += 1

    async def commit(
        self, row: DocumentRow, chunks: Iterable[bytes], accesses: Sequence[CaseAccess] = ()
    ) -> DocumentRow | None:
        """Store the document with all rows; the row that was there first under its message id, if any."""
        async with self._database.transaction() as connection:
            if await self._insert(connection, row, chunks):
                for rows in (self._slices, self._outbox):
                    await rows.copy(connection)
                await connection.execute(sql.WAKE_RELAY)
                await self._accesses.append(connection, accesses)
                return None
            found = await connection.fetch(sql.FIND, row.connector, row.institution, row.message_id)
        return DocumentRow(**found[0])

    async def reject(self, row: DocumentRow, chunks: Iterable[bytes], letter: OutwardLetter | None = None) -> UUID:
        """Keep the document as refused, with its pages of findings; its id, or that of the same bytes before."""
        async with self._database.transaction() as connection:
            name = (row.institution, row.connector, row.message_id, row.sha256)
            before: UUID | None = await connection.fetchval(sql.REJECTED_BEFORE, *name)
            if before is None:
                await self._insert(connection, row, chunks)
                await write_outward(connection, [letter] if letter else [])
        return before or row.id

    def close(self) -> None:
        """Forget the rows."""
        for rows in (self._outbox, self._slices, self._refusals):
            rows.close()

    async def _insert(self, connection: Connection, row: DocumentRow, chunks: Iterable[bytes]) -> bool:
        """The document's own row, its bytes and pages; False when its message id is taken."""
        made = await connection.fetch(sql.INSERT, *([value] for value in sql.fields(row)))
        if not made:
            return False
        records = ((row.id, n, body) for n, body in enumerate(chunks))
        await connection.copy_records_to_table("document_chunk", columns=("document", "n", "body"), records=records)
        await self._refusals.copy(connection)
        return True
