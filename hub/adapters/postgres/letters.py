"""Dead letters and the queues behind parked keys."""

from base64 import b64decode
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import UUID

import asyncpg
from pydantic_core import from_json

from hub.adapters.postgres.audit import note
from hub.adapters.postgres.batches import PostgresBatch
from hub.adapters.postgres.bulk import write_fingerprints
from hub.adapters.postgres.database import Database, taken_back, translated
from hub.application.audit import Deed
from hub.application.consume.replay_ports import By, ReplayReport, Settled, StoredLetter, WaitingRecord
from hub.application.ports import Record

_RECORD = 'topic, partition, "offset", timestamp, record_key, headers, value'
_PLACES = "SELECT id, consumer_group, key FROM dead_letter WHERE id = ANY ($1::uuid[])"
_LETTER = f"""
SELECT id, consumer_group, key, state, fingerprint, {_RECORD},
       EXISTS (SELECT FROM parked_key p WHERE p.consumer_group = d.consumer_group AND p.key = d.key
               AND p.letter = d.id) AS head
FROM dead_letter d WHERE id ="""
LETTER = f"{_LETTER} $1"
"""One letter."""
_LETTERS = f"{_LETTER} ANY ($1::uuid[]) AND consumer_group = $2 ORDER BY recorded_at, id"
_QUEUES = f"""
SELECT wanted.key AS key, seq, {_RECORD} FROM unnest($2::text[], $3::int[]) AS wanted (key, most),
    LATERAL (SELECT seq, {_RECORD} FROM parked_record p WHERE p.consumer_group = $1 AND p.key = wanted.key
             ORDER BY seq LIMIT wanted.most) AS one
ORDER BY wanted.key, seq
"""
_TAKE = """
DELETE FROM parked_record WHERE consumer_group = $1 AND key = ANY ($2::text[]) AND seq = ANY ($3::bigint[])
"""
_UNPARK = "DELETE FROM parked_key WHERE consumer_group = $1 AND key = ANY ($2::text[])"
_SETTLED = """
WITH given AS (
    SELECT * FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::text[], $6::text[])
        AS given (letter, outcome, event, fingerprint, classification, reason)
), changed AS (
    UPDATE dead_letter d SET
        attempts = attempts + 1,
        state = CASE WHEN given.fingerprint IS NULL THEN given.outcome ELSE d.state END,
        closed_at = CASE WHEN given.fingerprint IS NULL THEN now() END,
        replaced_by = CASE WHEN given.fingerprint IS NULL THEN given.event END,
        fingerprint = coalesce(given.fingerprint, d.fingerprint),
        classification = coalesce(given.classification, d.classification),
        reason = coalesce(given.reason, d.reason)
    FROM given WHERE d.id = given.letter RETURNING d.id, d.attempts
)
INSERT INTO letter_attempt (letter, n, who, job, outcome, fingerprint, reason)
SELECT letter, attempts, $7, $8, CASE WHEN fingerprint IS NULL THEN outcome ELSE 'failed' END, fingerprint,
       coalesce(reason, $9) FROM given JOIN changed ON changed.id = given.letter
"""
_OUTCOMES = """
UPDATE replay_job_letter l SET released = l.released + given.released, fingerprint = given.fingerprint,
    reason = given.reason, outcome = coalesce(given.outcome, l.outcome),
    at = CASE WHEN given.outcome IS NULL THEN l.at ELSE now() END
FROM unnest($2::uuid[], $3::text[], $4::int[], $5::text[], $6::text[])
    AS given (letter, outcome, released, fingerprint, reason)
WHERE l.job = $1 AND l.letter = given.letter AND l.outcome = 'waiting'
"""
_HANDLED = """
SELECT event_id FROM timeline WHERE consumer_group = $1 AND key = ANY ($2::text[]) AND event_id = ANY ($3::uuid[])
"""
_DELIVERED = "SELECT id FROM delivery WHERE id = ANY ($1::uuid[])"
_WAITING = """
SELECT key, count(*) AS n FROM parked_record WHERE consumer_group = $1 AND key = ANY ($2::text[]) GROUP BY key
"""


class PostgresReplay(PostgresBatch):
    """An open replay transaction; the keys' state rows are locked by ``load`` first."""

    async def letters(self, letters: Sequence[UUID]) -> Mapping[UUID, StoredLetter]:
        """Letters of this group as they lie now."""
        rows = await self._connection.fetch(_LETTERS, letters, self._group)
        return {row["id"]: stored_letter(row) for row in rows}

    async def queues(self, limits: Mapping[str, int]) -> Sequence[WaitingRecord]:
        """The heads of what waits behind keys, as many of each as said."""
        rows = await self._connection.fetch(_QUEUES, self._group, list(limits), list(limits.values()))
        return [WaitingRecord(row["key"], row["seq"], read_record(row)) for row in rows]

    async def settle(self, settled: Sequence[Settled], by: By) -> None:
        """Count attempts and who made them: they have their outcome, or failed again."""
        if not settled:
            return
        await write_fingerprints(self._connection, [one.failure for one in settled if one.failure])
        rows = [
            (one.letter, one.outcome, one.event, *((f.fingerprint, f.classification, f.reason) if f else (None,) * 3))
            for one in settled
            for f in (one.failure,)
        ]
        columns = map(list, zip(*rows, strict=True))
        await self._connection.execute(_SETTLED, *columns, by.who, by.job, by.reason)

    async def take_from_queue(self, keys: Sequence[str], sequences: Sequence[int]) -> None:
        """Remove records that were handled or became letters."""
        if sequences:
            await self._connection.execute(_TAKE, self._group, keys, sequences)

    async def unpark(self, keys: Sequence[str]) -> None:
        """Let keys go on."""
        if keys:
            await self._connection.execute(_UNPARK, self._group, keys)

    async def report(self, reports: Sequence[ReplayReport], by: By, deeds: Sequence[Deed]) -> None:
        """What became of a job's letters; those that are finished stand in the audit."""
        rows = [(one.letter, _outcome(one), one.released, *_why(one)) for one in reports]
        await self._connection.execute(_OUTCOMES, by.job, *map(list, zip(*rows, strict=True)))
        ended = [deed for deed, one in zip(deeds, reports, strict=True) if one.finished]
        await note(self._connection, ended, datetime.now(UTC))

    async def handled(self, keys: Sequence[str], events: Sequence[UUID]) -> set[UUID]:
        """Events that dossiers hold already."""
        return {row[0] for row in await self._connection.fetch(_HANDLED, self._group, keys, events)}

    async def delivered(self, deliveries: Sequence[UUID]) -> set[UUID]:
        """Outward effects that exist already."""
        return {row[0] for row in await self._connection.fetch(_DELIVERED, deliveries)}

    async def waiting(self, keys: Sequence[str]) -> Mapping[str, int]:
        """How many records wait behind each key."""
        return {row[0]: row[1] for row in await self._connection.fetch(_WAITING, self._group, keys)}


class PostgresLetters:
    """Opens replay transactions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def places_of(self, letters: Sequence[UUID]) -> Mapping[UUID, tuple[str, str]]:
        """Consumer group and key of letters."""
        async with translated():
            rows = await self._database.pool.fetch(_PLACES, letters)
        return {row[0]: (row[1], row[2]) for row in rows}

    @asynccontextmanager
    async def begin(self, group: str) -> AsyncIterator[PostgresReplay]:
        """One transaction; commits at the end, rolls back on any error."""
        async with self._database.transaction() as connection:
            yield PostgresReplay(connection, group)

    @asynccontextmanager
    async def rehearse(self, group: str) -> AsyncIterator[PostgresReplay]:
        """One transaction that is rolled back whatever happens."""
        async with taken_back(self._database) as connection:
            yield PostgresReplay(connection, group)


def stored_letter(row: asyncpg.Record) -> StoredLetter:
    """A letter as it lies."""
    return StoredLetter(
        id=row["id"],
        group=row["consumer_group"],
        key=row["key"],
        state=row["state"],
        head=row["head"],
        fingerprint=row["fingerprint"],
        record=read_record(row),
    )


def _outcome(report: ReplayReport) -> str | None:
    if not report.finished:
        return None
    return "done" if report.succeeded else "failed"


def _why(report: ReplayReport) -> tuple[str | None, str | None]:
    failure = report.failure
    return (failure.fingerprint, failure.reason) if failure else (None, None)


def read_record(row: asyncpg.Record) -> Record:
    """A stored record as it came from Kafka."""
    return Record(
        topic=row["topic"],
        partition=row["partition"],
        offset=row["offset"],
        timestamp=row["timestamp"],
        key=row["record_key"],
        value=row["value"],
        headers=tuple((name, b64decode(value)) for name, value in from_json(row["headers"])),
    )
