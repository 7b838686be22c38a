"""Calls to the Crossroads Bank, the gate they depend on, and suspended adapters."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from hub.adapters.postgres.bulk import write_outbox
from hub.adapters.postgres.database import Connection, Database, translated
from hub.application.consult.calls import Call, GateView, PastCall, SealedAnswer
from hub.application.ports import OutboxRow
from hub.domain.persons.fold import GROUP
from hub.domain.persons.state import Access
from schemas import EVENT_TYPES
from schemas.event import Event

_GATE = """
SELECT (SELECT data FROM state WHERE (consumer_group, key) = ($1, $2)) AS data,
    EXISTS (SELECT FROM parked_key WHERE (consumer_group, key) = ($1, $2)) AS parked
"""
_PAST = "SELECT ticket, outcome, told_type, told FROM bank_call WHERE delivery = $1 ORDER BY sent_at, attempt"
_BEGIN = """
INSERT INTO bank_call
    (ticket, delivery, attempt, dossier, cpas, adapter, operation, consultation, outcome, sent_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'sent', $9)
"""
_CLOSE = "UPDATE bank_call SET outcome = $2, reason = $3, ended_at = $4 WHERE ticket = $1"
_SETTLE = """
UPDATE bank_call SET outcome = 'ended', told_type = $2, told = $3, ticket_bcss = $4, ended_at = $5 WHERE ticket = $1
"""
_ANSWER = """
INSERT INTO answer (id, consultation, dossier, cpas, subject, flow, status, ticket, ticket_bcss, sha256, box, raw_box,
    received_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
"""
_OTHER = "INSERT INTO answer_other (answer, n, subject, dossier, role, box) VALUES ($1, $2, $3, $4, $5, $6)"
_SUSPEND = """
INSERT INTO suspended_adapter (adapter, reason, by, since) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING
"""
_RESUME = "DELETE FROM suspended_adapter WHERE adapter = $1"
_SUSPENDED = "SELECT adapter, reason, by, since FROM suspended_adapter ORDER BY adapter"
_WAITING = (
    "SELECT partner, count(*) FROM delivery WHERE state IN ('waiting', 'sending') GROUP BY partner ORDER BY partner"
)
_DUE = "UPDATE delivery SET due_at = now() WHERE partner = $1 AND state = 'waiting'"


class PostgresGates:
    """The gate as the group of persons folded it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, dossier: str) -> GateView:
        """What is known of a dossier now."""
        async with translated():
            (row,) = await self._database.pool.fetch(_GATE, GROUP, dossier)
        access = Access.model_validate_json(row["data"]) if row["data"] else None
        return GateView(access=access, parked=row["parked"])


class PostgresCalls:
    """The ``bank_call`` table, answers and suspensions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, delivery: UUID) -> Sequence[PastCall]:
        """Earlier calls of a delivery, the oldest first."""
        async with translated():
            return [_past(row) for row in await self._database.pool.fetch(_PAST, delivery)]

    async def begin(self, call: Call) -> None:
        """Note a call before it is sent; a ticket that was used is refused by the table."""
        async with self._database.transaction() as connection:
            await connection.execute(
                _BEGIN,
                call.ticket,
                call.delivery,
                call.attempt,
                call.dossier,
                call.cpas,
                call.adapter,
                call.operation,
                call.consultation,
                call.sent_at,
            )

    async def close(self, ticket: UUID, outcome: str, *, reason: str | None, at: datetime) -> None:
        """It led to nothing that is final."""
        async with self._database.transaction() as connection:
            await connection.execute(_CLOSE, ticket, outcome, reason, at)

    async def settle(
        self, ticket: UUID, told: Event, answer: SealedAnswer | None, *, ticket_bcss: str | None, at: datetime
    ) -> None:
        """It ended, and its answer is kept, at once."""
        async with self._database.transaction() as connection:
            data = told.clear_bytes().decode()
            await connection.execute(_SETTLE, ticket, told.type, data, ticket_bcss, at)
            if answer is not None:
                await _keep(connection, answer)

    async def suspend(self, adapter: str, reason: str, by: str, at: datetime, row: OutboxRow) -> bool:
        """Ask nothing more of an adapter."""
        async with self._database.transaction() as connection:
            new = await connection.execute(_SUSPEND, adapter, reason, by, at) == "INSERT 0 1"
            if new:
                await write_outbox(connection, [row])
        return new

    async def resume(self, adapter: str, row: OutboxRow) -> bool:
        """Ask it again; what waits for it is due at once."""
        async with self._database.transaction() as connection:
            gone = await connection.execute(_RESUME, adapter) == "DELETE 1"
            if gone:
                await connection.execute(_DUE, adapter)
                await write_outbox(connection, [row])
        return gone

    async def suspended(self) -> Sequence[tuple[str, str, str, datetime]]:
        """Adapter, reason, by whom, since when."""
        async with translated():
            rows = await self._database.pool.fetch(_SUSPENDED)
        return [(row["adapter"], row["reason"], row["by"], row["since"]) for row in rows]

    async def waiting(self) -> Sequence[tuple[str, int]]:
        """How many deliveries wait for each partner."""
        async with translated():
            return [(row[0], row[1]) for row in await self._database.pool.fetch(_WAITING)]


async def _keep(connection: Connection, answer: SealedAnswer) -> None:
    await connection.execute(
        _ANSWER,
        answer.id,
        answer.consultation,
        answer.dossier,
        answer.cpas,
        answer.subject,
        answer.flow,
        answer.status,
        answer.ticket,
        answer.ticket_bcss,
        answer.sha256,
        answer.box,
        answer.raw_box,
        answer.received_at,
        answer.expires_at,
    )
    others = [(answer.id, n, one.subject, one.dossier, one.role, one.box) for n, one in enumerate(answer.others)]
    await connection.executemany(_OTHER, others)


def _past(row: Record) -> PastCall:
    told = EVENT_TYPES[row["told_type"]].model_validate_json(row["told"]) if row["told"] else None
    return PastCall(ticket=row["ticket"], open=row["outcome"] in {"sent", "unknown"}, told=told)
