"""Cases on their way to the State Archives: read in one snapshot, and how far each is."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import date
from typing import Any
from uuid import UUID

from hub.adapters.postgres import document_sql
from hub.adapters.postgres.audit import note
from hub.adapters.postgres.database import Connection, Database, translated
from hub.application.audit import Deed
from hub.application.intake.ports import DocumentRow
from hub.application.read.case_access import AccessEntry
from hub.application.transfer.ports import Head, Package, Told, TransferRefusedError
from schemas.rcd_notices import CaseAccessNoted

_GROUP = "hub.rcd"
TOLD = f"consumer_group = $1 AND key = $2 AND attributes::json->>'ce_type' <> '{CaseAccessNoted.type}'"
"""What a case was told, but for accesses to it: they are a log of their own, and a look changes no case."""
_HEAD = f"""
SELECT (SELECT data FROM state WHERE consumer_group = $1 AND key = $2),
       EXISTS (SELECT FROM parked_key WHERE consumer_group = $1 AND key = $2),
       coalesce((SELECT max(seq) FROM timeline WHERE {TOLD}), 0)
"""
_TIMELINE = f"SELECT seq, event_id, attributes, value FROM timeline WHERE {TOLD} ORDER BY seq"
_CLAIMS = "SELECT * FROM projection_rcd_claim WHERE case_id = $1 ORDER BY claim_ref"
_ACCESSES = f"""
SELECT {", ".join(AccessEntry._fields)} FROM case_access
WHERE case_id = $1 AND what <> ALL ($2::text[]) ORDER BY seq
"""
_RECEIPT = ("reference", "received_on", "received_at", "received_by", "asked_by", "reason", "asked_at")
_KEPT = ", ".join(
    f"{name} = CASE WHEN old.sha256 = excluded.sha256 THEN old.{name} END" for name in _RECEIPT
)  # of these bytes alone
_MADE = f"""
INSERT INTO rcd_transfer AS old (case_id, since, until, sha256, size, last, documents, made_at, made_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (case_id) DO UPDATE SET since = excluded.since, until = excluded.until, sha256 = excluded.sha256,
    size = excluded.size, last = excluded.last, documents = excluded.documents, made_at = excluded.made_at,
    made_by = excluded.made_by, {_KEPT}
WHERE old.erased_at IS NULL
  AND (old.received_at IS NULL OR old.sha256 = excluded.sha256 OR old.last <> excluded.last)
RETURNING case_id
"""
_LISTED = """
SELECT case_id, CASE WHEN transfer.erased_at IS NOT NULL THEN 'erased'
                     WHEN transfer.asked_at IS NOT NULL THEN 'asked'
                     WHEN transfer.received_at IS NOT NULL THEN 'received'
                     WHEN transfer.case_id IS NOT NULL THEN 'packed' ELSE 'proposed' END AS stage,
       coalesce(transfer.until, term.late) AS kept_until, encode(transfer.sha256, 'hex') AS sha256,
       transfer.made_at, transfer.reference, transfer.received_on, transfer.asked_by, transfer.erased_at
FROM (SELECT case_id, late FROM projection_rcd_term AS kept JOIN projection_rcd_case AS one USING (case_id)
      WHERE kept.term = 'retention' AND NOT one.outage_open
        AND (one.state = 'ARCHIVED' OR (kept.state = 'running' AND kept.late < $1))) AS term
FULL JOIN rcd_transfer AS transfer USING (case_id)
WHERE case_id > $2 AND ($4 OR transfer.erased_at IS NULL) ORDER BY case_id LIMIT $3
"""


class PostgresSnapshot:
    """The port ``Snapshot``."""

    def __init__(self, connection: Connection, case: str) -> None:
        self._connection, self._case = connection, case

    async def head(self) -> Head:
        """Its state, before it is read."""
        row = await self._connection.fetchrow(_HEAD, _GROUP, self._case)
        return Head(*row) if row else Head(None, parked=False, last=0)

    async def timeline(self) -> AsyncIterator[Told]:
        """Every event it was told."""
        async for row in self._connection.cursor(_TIMELINE, _GROUP, self._case):
            yield Told(*row)

    async def claims(self) -> AsyncIterator[Mapping[str, Any]]:
        """Claims as exports told them."""
        async for row in self._connection.cursor(_CLAIMS, self._case):
            yield dict(row)

    async def accesses(self, without: Sequence[str]) -> AsyncIterator[AccessEntry]:
        """The log of accesses to it."""
        async for row in self._connection.cursor(_ACCESSES, self._case, without):
            yield AccessEntry(*row)

    async def documents(self, connector: str, institution: str) -> AsyncIterator[DocumentRow]:
        """Accepted documents of a sender."""
        async for row in self._connection.cursor(document_sql.ACCEPTED, connector, institution):
            yield DocumentRow(**row)

    async def chunks(self, document: UUID) -> AsyncIterator[bytes]:
        """Sealed bytes of a document."""
        async for row in self._connection.cursor(document_sql.READ_CHUNKS, document, prefetch=4):
            yield row["body"]


class PostgresTransfers:
    """The port ``Transfers``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @asynccontextmanager
    async def snapshot(self, case: str) -> AsyncIterator[PostgresSnapshot]:
        """A case at one moment."""
        async with (
            translated(),
            self._database.pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            yield PostgresSnapshot(connection, case)

    async def made(self, package: Package, deed: Deed) -> None:
        """Keep the hash of a package, and who made it."""
        row = (package.case, package.since, package.until, package.sha256, package.size)
        more = (package.last, package.documents, package.at, package.who)
        async with self._database.transaction() as connection:
            if await connection.fetchval(_MADE, *row, *more) is None:
                raise TransferRefusedError("received", "the State Archives have this case already")
            await note(connection, [deed], package.at)

    async def listed(self, today: date, after: str, limit: int, *, erased: bool) -> Sequence[Mapping[str, Any]]:
        """Cases whose term is over, or that are on their way."""
        async with translated():
            return [dict(row) for row in await self._database.pool.fetch(_LISTED, today, after, limit, erased)]
