"""Deliveries, their attempts and the effect ledger (ADR 0007).

Leases and back-offs are counted by the database's clock, so that processes need not agree on the time.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID

from asyncpg import Record
from pydantic_core import from_json

from hub.adapters.postgres.bulk import write_outbox
from hub.adapters.postgres.database import Connection, Database
from hub.adapters.postgres.outward_letters import write_outward
from hub.application.dead_letters.outward import OutwardLetter
from hub.application.deliver.ports import DeliveryResult, DueDelivery
from hub.application.ports import OutboxRow
from hub.domain.messaging.cloudevent import Sealed

_TAKE = """
WITH head AS (
    SELECT id FROM delivery AS one
    WHERE state IN ('waiting', 'sending') AND due_at <= now()
      AND NOT EXISTS (SELECT FROM suspended_adapter WHERE adapter = one.partner)
      AND partner <> ALL ($3::text[]) AND ($4::text IS NULL OR partner = $4)
      AND NOT EXISTS (SELECT FROM delivery AS earlier WHERE earlier.key = one.key AND earlier.seq < one.seq
                      AND earlier.state IN ('waiting', 'sending'))
    ORDER BY due_at LIMIT $1 FOR UPDATE OF one SKIP LOCKED
), taken AS (
    UPDATE delivery SET state = 'sending', attempts = attempts + 1, due_at = now() + $2::interval,
        possibly_doubled = possibly_doubled OR state = 'sending'
    FROM head WHERE delivery.id = head.id
    RETURNING delivery.id, seq, event_id, effect, kind, partner, key, content, subject, box_event, box,
        correlationid, traceparent, attempts,
        EXISTS (SELECT FROM effect WHERE effect.event_id = delivery.event_id AND effect.effect = delivery.effect)
        AS happened
), started AS (
    INSERT INTO delivery_attempt (delivery, n, outcome) SELECT id, attempts, 'started' FROM taken
)
SELECT * FROM taken ORDER BY seq
"""

# A success ends the delivery whoever holds it; anything else counts only while the attempt is the newest.
_CLOSE = """
WITH given AS (
    SELECT * FROM unnest($1::uuid[], $2::int[], $3::text[], $4::interval[], $5::text[], $6::text[], $7::boolean[])
        AS given (id, n, outcome, wait, reason, reference, uncertain)
), changed AS (
    UPDATE delivery SET
        state = CASE given.outcome WHEN 'sent' THEN 'done' WHEN 'refused' THEN 'failed' ELSE 'waiting' END,
        attempts = attempts - (given.outcome = 'postponed')::int,
        due_at = now() + given.wait,
        reason = CASE WHEN given.outcome = 'postponed' THEN delivery.reason ELSE given.reason END,
        possibly_doubled = possibly_doubled OR given.uncertain,
        done_at = CASE WHEN given.outcome IN ('sent', 'refused') THEN now() END
    FROM given WHERE delivery.id = given.id AND CASE given.outcome
        WHEN 'sent' THEN state <> 'done' ELSE state = 'sending' AND attempts = given.n END
    RETURNING delivery.id, state, possibly_doubled
), noted AS (
    INSERT INTO effect (event_id, effect, reference)
    SELECT event_id, effect, given.reference FROM given JOIN delivery USING (id)
    WHERE given.outcome = 'sent' AND given.reference IS NOT NULL ORDER BY event_id, effect
    ON CONFLICT DO NOTHING
), tried AS (
    UPDATE delivery_attempt SET outcome = given.outcome, reason = given.reason
    FROM given WHERE delivery = given.id AND delivery_attempt.n = given.n AND given.outcome <> 'postponed'
), untried AS (
    DELETE FROM delivery_attempt USING given
    WHERE delivery = given.id AND delivery_attempt.n = given.n AND given.outcome = 'postponed'
)
SELECT id, possibly_doubled FROM changed WHERE state IN ('done', 'failed')
"""


class PostgresSettlement:
    """An open transaction that settles results."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def close(self, results: Sequence[DeliveryResult]) -> Mapping[UUID, bool]:
        """Write results (one per delivery at most); which deliveries ended, and whether possibly doubled."""
        ordered = sorted(results, key=lambda one: one.id)  # rivals lock in the same order
        columns = zip(*map(_columns, ordered), strict=True)
        rows = await self._connection.fetch(_CLOSE, *map(list, columns))
        return {row["id"]: row["possibly_doubled"] for row in rows}

    async def publish(self, rows: Sequence[OutboxRow]) -> None:
        """Put events into the outbox."""
        await write_outbox(self._connection, rows)

    async def give_up(self, letters: Sequence[OutwardLetter]) -> None:
        """Write the letters of deliveries that gave up."""
        await write_outward(self._connection, letters)


class PostgresDeliveries:
    """The ``delivery`` table and what hangs on it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def take(
        self, *, limit: int, lease: timedelta, shut: Sequence[str] = (), only: str | None = None
    ) -> Sequence[DueDelivery]:
        """Take due heads of their keys; a lease that ran out may have been a success, so it marks the delivery."""
        async with self._database.transaction() as connection:
            rows = await connection.fetch(_TAKE, limit, lease, list(shut), only)
        return [_due(row) for row in rows]

    @asynccontextmanager
    async def settle(self) -> AsyncIterator[PostgresSettlement]:
        """One transaction; commits at the end, rolls back on any error."""
        async with self._database.transaction() as connection:
            yield PostgresSettlement(connection)


def _columns(one: DeliveryResult) -> tuple[object, ...]:
    return (one.id, one.attempt, one.outcome, one.wait, one.reason, one.reference, one.uncertain)


def _due(row: Record) -> DueDelivery:
    personal = None
    if row["box"] is not None:
        personal = Sealed(event=row["box_event"], subject=row["subject"], box=row["box"])
    return DueDelivery(
        id=row["id"],
        event_id=row["event_id"],
        effect=row["effect"],
        kind=row["kind"],
        partner=row["partner"],
        key=row["key"],
        content=from_json(row["content"]),
        subject=row["subject"],
        personal=personal,
        correlationid=row["correlationid"],
        traceparent=row["traceparent"],
        attempt=row["attempts"],
        happened=row["happened"],
    )
