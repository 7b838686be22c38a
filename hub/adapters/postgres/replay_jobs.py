"""Jobs over frozen lists of letters; a change and its entry in the audit are one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from asyncpg import Record
from pydantic_core import from_json, to_json

from hub.adapters.postgres.audit import note
from hub.adapters.postgres.database import Database, translated
from hub.application.audit import Deed
from hub.application.dead_letters.job_ports import OPEN, Job, JobLetter, JobOptions, JobState

_COLUMNS = """id, seq, plan, verb, who, reason, state, needs_approval, approver, why_stopped, release, options, letters,
asked_at, approved_at, expires_at, ended_at"""
_ADD = """
INSERT INTO replay_job (id, plan, verb, who, reason, state, needs_approval, release, options, letters, asked_at,
    expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
"""
_TAKE_LETTERS = """
INSERT INTO replay_job_letter (job, n, letter, consumer_group)
SELECT $1, n, letter, consumer_group FROM replay_plan_letter
WHERE plan = $2 AND ($3::text[] IS NULL OR verdict = ANY ($3)) ORDER BY letter
ON CONFLICT DO NOTHING
"""
_PASSED_OVER = """
INSERT INTO replay_job_letter (job, n, letter, consumer_group, outcome, reason, at)
SELECT $1, n, letter, consumer_group, 'passed over',
       CASE WHEN $3::text[] IS NULL OR verdict = ANY ($3) THEN 'letter-in-another-job'
            ELSE coalesce(reason, verdict) END, now()
FROM replay_plan_letter l WHERE plan = $2
    AND NOT EXISTS (SELECT FROM replay_job_letter j WHERE j.job = $1 AND j.letter = l.letter)
"""
_CHANGE = """
UPDATE replay_job SET state = $3, why_stopped = $4,
    approver = CASE WHEN $5::text IS NULL THEN approver ELSE $5 END,
    approved_at = CASE WHEN $5::text IS NULL THEN approved_at ELSE now() END,
    lease = CASE WHEN $3 = 'running' THEN NULL ELSE lease END,
    ended_at = CASE WHEN $3 IN ('done', 'cancelled', 'denied', 'expired') THEN now() END
WHERE id = $1 AND state = ANY ($2::text[])
"""
_FREE = """
UPDATE replay_job_letter SET outcome = 'passed over', reason = $2, at = now() WHERE job = $1 AND outcome = 'waiting'
"""
_TAKE = f"""
UPDATE replay_job SET lease = $1, lease_until = now() + $2::interval WHERE id = (
    SELECT id FROM replay_job WHERE state = 'running' AND (lease IS NULL OR lease_until < now())
    ORDER BY seq LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING {_COLUMNS}
"""
_KEEP = """
UPDATE replay_job SET lease_until = now() + $3::interval WHERE id = $1 AND lease = $2 AND state = 'running'
"""
_NEXT = """
SELECT letter, consumer_group FROM replay_job_letter WHERE job = $1 AND outcome = 'waiting' ORDER BY n LIMIT $2
"""
_KNOWN = """
SELECT DISTINCT unnest(ARRAY[was, fingerprint, next_fingerprint]) AS one FROM replay_plan_letter
WHERE plan = (SELECT plan FROM replay_job WHERE id = $1)
"""
_LEFT_OUT = """
UPDATE replay_job_letter l SET outcome = 'passed over', reason = given.why, at = now()
FROM unnest($2::uuid[], $3::text[]) AS given (letter, why)
WHERE l.job = $1 AND l.letter = given.letter AND l.outcome = 'waiting'
"""
_COUNTS = """
SELECT outcome, count(*) AS n, sum(released)::bigint AS released FROM replay_job_letter WHERE job = $1 GROUP BY outcome
"""
_LISTED = """
SELECT id, seq, verb, who, approver, reason, state, why_stopped, letters, asked_at, approved_at, ended_at
FROM replay_job WHERE ($1::text[] IS NULL OR state = ANY ($1)) AND ($2::bigint IS NULL OR seq < $2)
ORDER BY seq DESC LIMIT $3
"""
_OUTCOMES = """
SELECT n, letter, consumer_group, outcome, released, fingerprint, reason, at FROM replay_job_letter
WHERE job = $1 AND n > $2 ORDER BY n LIMIT $3
"""


class PostgresJobs:
    """The port ``Jobs``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, job: Job, take: Sequence[str] | None, deed: Deed) -> int:
        """Keep a job; letters that another job has are passed over."""
        async with self._database.transaction() as connection:
            options = to_json(asdict(job.options)).decode()
            facts = (job.verb, job.who, job.reason, job.state, job.needs_approval, job.release)
            await connection.execute(_ADD, job.id, job.plan, *facts, options, 0, job.asked_at, job.expires_at)
            taken = int((await connection.execute(_TAKE_LETTERS, job.id, job.plan, take)).split()[-1])
            if job.verb == "window":
                taken = job.letters
            elif not taken:
                await connection.execute("DELETE FROM replay_job WHERE id = $1", job.id)
                return 0
            await connection.execute(_PASSED_OVER, job.id, job.plan, take)
            await connection.execute("UPDATE replay_job SET letters = $2 WHERE id = $1", job.id, taken)
            await note(connection, [deed], datetime.now(UTC))
            await connection.execute("NOTIFY hub_replay")
        return taken

    async def find(self, job: UUID) -> Job | None:
        """One job."""
        async with translated():
            row = await self._database.pool.fetchrow(f"SELECT {_COLUMNS} FROM replay_job WHERE id = $1", job)
        return _job(row) if row else None

    async def change(
        self, job: UUID, source: Sequence[JobState], to: JobState, deed: Deed, *, why: str | None = None
    ) -> bool:
        """Change the state if it is one of these."""
        approver = deed.who if deed.verb == "approve" else None
        async with self._database.transaction() as connection:
            done = await connection.execute(_CHANGE, job, list(source), to, why, approver)
            if done.endswith(" 0"):
                return False
            if to not in OPEN:
                await connection.execute(_FREE, job, f"job-{to}")
            await note(connection, [deed], datetime.now(UTC))
            await connection.execute("NOTIFY hub_replay")
        return True

    async def listed(
        self, *, states: Sequence[str] | None, before: int | None, limit: int
    ) -> Sequence[Mapping[str, Any]]:
        """Jobs, the newest first."""
        async with translated():
            rows = await self._database.pool.fetch(_LISTED, list(states) if states else None, before, limit)
        return [dict(row) for row in rows]

    async def counts(self, job: UUID) -> Mapping[str, int]:
        """How many letters of each outcome, and what was released."""
        async with translated():
            rows = await self._database.pool.fetch(_COUNTS, job)
        return {**{row["outcome"]: row["n"] for row in rows}, "released": sum(row["released"] for row in rows)}

    async def outcomes(self, job: UUID, *, after: int, limit: int) -> Sequence[Mapping[str, Any]]:
        """What became of each letter."""
        async with translated():
            return [dict(row) for row in await self._database.pool.fetch(_OUTCOMES, job, after, limit)]

    async def of_letter(self, letter: UUID) -> UUID | None:
        """The open job that a letter belongs to."""
        wanted = "SELECT job FROM replay_job_letter WHERE letter = $1 AND outcome = 'waiting'"
        async with translated():
            found: UUID | None = await self._database.pool.fetchval(wanted, letter)
        return found

    async def take(self, runner: str, lease: timedelta) -> Job | None:
        """The next running job that nobody runs."""
        async with translated():
            row = await self._database.pool.fetchrow(_TAKE, runner, lease)
        return _job(row) if row else None

    async def keep(self, job: UUID, runner: str, lease: timedelta) -> bool:
        """Go on running it."""
        async with translated():
            done = await self._database.pool.execute(_KEEP, job, runner, lease)
        return not str(done).endswith(" 0")

    async def let_go(self, job: UUID, runner: str) -> None:
        """Nobody runs it now."""
        async with translated():
            await self._database.pool.execute(
                "UPDATE replay_job SET lease = NULL WHERE id = $1 AND lease = $2", job, runner
            )

    async def next(self, job: UUID, limit: int) -> Sequence[JobLetter]:
        """Letters to deal with next."""
        async with translated():
            return [JobLetter(*row) for row in await self._database.pool.fetch(_NEXT, job, limit)]

    async def known(self, job: UUID) -> set[str]:
        """Fingerprints that the plan knew."""
        async with translated():
            return {row[0] for row in await self._database.pool.fetch(_KNOWN, job) if row[0]}

    async def pass_over(self, job: UUID, why: Mapping[UUID, str]) -> None:
        """Letters that cannot be dealt with."""
        async with translated():
            await self._database.pool.execute(_LEFT_OUT, job, list(why), list(why.values()))

    async def overdue(self, now: datetime) -> Sequence[UUID]:
        """Jobs that waited too long for their approval."""
        async with translated():
            rows = await self._database.pool.fetch(
                "SELECT id FROM replay_job WHERE state = 'asked' AND expires_at <= $1", now
            )
        return [row[0] for row in rows]


def _job(row: Record) -> Job:
    said = from_json(row["options"])
    options = JobOptions(**{**said, "canary": tuple(said["canary"])})
    return Job(**{**dict(row), "options": options})
