"""Letters laid aside: under the lock of their dossier, as everything that decides about it (ADR 0011)."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID

from hub.adapters.postgres.audit import note
from hub.adapters.postgres.database import Connection, Database, translated
from hub.application.audit import Deed
from hub.application.consume.replay_ports import By

_LOCK = """
SELECT FROM state s WHERE (s.consumer_group, s.key) IN (
    SELECT consumer_group, key FROM dead_letter WHERE id = ANY ($1::uuid[]))
ORDER BY s.consumer_group, s.key FOR UPDATE
"""
_MOVE = """
WITH moved AS (
    UPDATE dead_letter SET state = $3, expires_at = $4, attempts = attempts + 1,
        closed_at = CASE WHEN $3 = 'waiting' THEN NULL ELSE now() END
    WHERE id = ANY ($1::uuid[]) AND state = ANY ($2::text[]) RETURNING id, attempts
), tried AS (
    INSERT INTO letter_attempt (letter, n, who, job, outcome, reason) SELECT id, attempts, $5, $6, $7, $8 FROM moved
), told AS (
    UPDATE replay_job_letter SET outcome = 'done', at = now() FROM moved
    WHERE job = $6 AND letter = moved.id AND outcome = 'waiting'
)
SELECT id FROM moved
"""
_STATES = """
SELECT d.id, d.state, (SELECT count(*) FROM parked_key k JOIN parked_record p USING (consumer_group, key)
                       WHERE k.letter = d.id) AS behind
FROM dead_letter d WHERE d.id = ANY ($1::uuid[])
"""

_OVER = """
SELECT id, state = 'archived' FROM dead_letter
WHERE state IN ('archived', 'expired') AND expires_at <= $1 ORDER BY expires_at LIMIT $2
"""
_FORGET = """
UPDATE dead_letter SET value = NULL, record_key = NULL, expires_at = NULL
WHERE id = ANY ($1::uuid[]) AND state = 'expired'
"""


async def lock(connection: Connection, letters: Sequence[UUID]) -> None:
    """Lock the dossiers of letters; whoever decides about them does so first."""
    await connection.execute(_LOCK, letters)


async def moved(
    connection: Connection,
    letters: Sequence[UUID],
    source: Sequence[str],
    to: str,
    by: By,
    *,
    expires_at: datetime | None = None,
) -> set[UUID]:
    """Move letters in these states, with their attempt and what their job knows; which ones were."""
    outcome = "restored" if to == "waiting" else to
    rows = await connection.fetch(_MOVE, letters, source, to, expires_at, by.who, by.job, outcome, by.reason)
    return {row[0] for row in rows}


class PostgresAside:
    """The port ``Aside``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def move(
        self, letters: Sequence[UUID], source: Sequence[str], to: str, by: By, *, verb: str, expires_at: datetime | None
    ) -> set[UUID]:
        """Move letters that are in these states."""
        async with self._database.transaction() as connection:
            await lock(connection, letters)
            done = await moved(connection, letters, source, to, by, expires_at=expires_at)
            detail = {"job": by.job} if by.job else {}
            deeds = [
                Deed(who=by.who, verb=verb, what=f"letter {one}", reason=by.reason or "", detail=detail)
                for one in letters
                if one in done
            ]
            await note(connection, deeds, datetime.now(UTC))
        return done

    async def states(self, letters: Sequence[UUID]) -> Mapping[UUID, tuple[str, int]]:
        """State of letters, and how much waits behind each."""
        async with translated():
            rows = await self._database.pool.fetch(_STATES, letters)
        return {row[0]: (row[1], row[2]) for row in rows}

    async def over(self, now: datetime, limit: int) -> Sequence[tuple[UUID, bool]]:
        """Letters whose time is over: archived ones, and expired ones that still have a body."""
        async with translated():
            return [(row[0], row[1]) for row in await self._database.pool.fetch(_OVER, now, limit)]

    async def forget(self, letters: Sequence[UUID]) -> None:
        """Delete bodies."""
        async with translated():
            await self._database.pool.execute(_FORGET, letters)
