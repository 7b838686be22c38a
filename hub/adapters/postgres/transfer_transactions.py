"""One transaction about a case that leaves, under the lock of its state (ADR 0028)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from hub.adapters.postgres import audit, case_erasures
from hub.adapters.postgres.bulk import write_outbox
from hub.adapters.postgres.case_accesses import PostgresCaseAccesses
from hub.adapters.postgres.case_erasures import GROUP, LONGEST
from hub.adapters.postgres.database import Connection, Database
from hub.adapters.postgres.transfers import TOLD, PostgresSnapshot
from hub.application.audit import Deed
from hub.application.ports import OutboxRow
from hub.application.read.case_access import CaseAccess
from hub.application.transfer.erase_ports import ArchivesReceipt, Gone, Standing, Traces

_LOCK = "SELECT data::json->>'case_ref' FROM state WHERE consumer_group = $1 AND key = $2 FOR UPDATE"
_STANDING = """
SELECT sha256, last AS packed, received_at, reference, asked_by, reason, asked_at, erased_at
FROM rcd_transfer WHERE case_id = $1 FOR UPDATE
"""
_LAST = f"SELECT coalesce(max(seq), 0) FROM timeline WHERE {TOLD}"
_WAITS = """
SELECT EXISTS (SELECT FROM parked_key WHERE consumer_group = $2 AND key = $1)
    OR EXISTS (SELECT FROM dead_letter WHERE state IN ('waiting', 'archived')
               AND (key = $1 OR position(convert_to($1, 'UTF8') in value) > 0))
    OR EXISTS (SELECT FROM parked_record WHERE position(convert_to($1, 'UTF8') in value) > 0)
"""
_RECEIVED = """
UPDATE rcd_transfer SET reference = $2, received_on = $3, received_at = $4, received_by = $5 WHERE case_id = $1
"""
_ASKED = "UPDATE rcd_transfer SET asked_at = $2, asked_by = $3, reason = $4 WHERE case_id = $1"
_TOMBSTONE = "UPDATE rcd_transfer SET erased_at = $2, erased_by = $3 WHERE case_id = $1"
_ERASED = """UPDATE state SET data = '{"erased":true}' WHERE consumer_group = $1 AND key = $2"""


class PostgresTransferTransaction:
    """The port ``TransferTransaction``."""

    def __init__(self, connection: Connection, accesses: PostgresCaseAccesses, case: str, case_ref: str | None) -> None:
        self._connection, self._accesses, self._case, self._case_ref = connection, accesses, case, case_ref

    @property
    def snapshot(self) -> PostgresSnapshot:
        """What the case was told, and by which documents."""
        return PostgresSnapshot(self._connection, self._case)

    async def standing(self) -> Standing:
        """How far the case is."""
        row = await self._connection.fetchrow(_STANDING, self._case)
        return Standing(
            **(dict(row) if row else {}),
            last=await self._connection.fetchval(_LAST, GROUP, self._case),
            waits=await self._connection.fetchval(_WAITS, self._case, GROUP, timeout=LONGEST),
            case_ref=self._case_ref,
        )

    async def received(self, receipt: ArchivesReceipt, at: datetime, who: str) -> None:
        """Keep the Archives' receipt."""
        await self._connection.execute(_RECEIVED, self._case, receipt.reference, receipt.on, at, who)

    async def asked(self, at: datetime, who: str, reason: str) -> None:
        """Keep who wants it erased, and why."""
        await self._connection.execute(_ASKED, self._case, at, who, reason)

    async def destroy(self, traces: Traces, at: datetime) -> Gone:
        """Everything but the state."""
        return await case_erasures.destroy(self._connection, traces, at)

    async def publish(self, row: OutboxRow) -> None:
        """Tell it as an event."""
        await write_outbox(self._connection, [row])

    async def noted(self, deed: Deed, at: datetime, access: CaseAccess | None = None) -> None:
        """In both chains."""
        if access:
            await self._accesses.append(self._connection, [access])
        await audit.note(self._connection, [deed], at)

    async def closed(self, at: datetime, who: str) -> None:
        """The tombstone, and a state from which nothing begins anew."""
        await self._connection.execute(_TOMBSTONE, self._case, at, who)
        await self._connection.execute(_ERASED, GROUP, self._case)


class PostgresTransferTransactions:
    """The port ``TransferTransactions``."""

    def __init__(self, database: Database, accesses: PostgresCaseAccesses) -> None:
        self._database, self._accesses = database, accesses

    @asynccontextmanager
    async def begin(self, case: str) -> AsyncIterator[PostgresTransferTransaction]:
        """One transaction; events of the case wait until it ends."""
        async with self._database.transaction() as connection:
            case_ref = await connection.fetchval(_LOCK, GROUP, case)
            yield PostgresTransferTransaction(connection, self._accesses, case, case_ref)
