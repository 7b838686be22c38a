"""Plans: what would happen, letter by letter."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from pydantic_core import from_json, to_json
from sqlalchemy import func, insert, literal, select
from sqlalchemy.sql.elements import ColumnElement

from hub.adapters.postgres.audit import note
from hub.adapters.postgres.database import Database, translated
from hub.adapters.postgres.dead_letter_tables import dead_letter, replay_plan, replay_plan_letter
from hub.adapters.postgres.letter_reads import wanted
from hub.application.audit import Deed
from hub.application.dead_letters.job_ports import JobLetter, Plan
from hub.application.dead_letters.selection import Selection
from hub.application.dead_letters.verdicts import Verdict

_L = dead_letter.c
_FROZEN = ("plan", "n", "letter", "consumer_group", "was", "state", "attempts")
_SAY = """
UPDATE replay_plan_letter l SET verdict = said.verdict, fingerprint = said.fingerprint, reason = said.reason,
    behind = said.behind, releases = said.releases, next_fingerprint = said.next_fingerprint
FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::int[], $7::int[], $8::text[])
    AS said (letter, verdict, fingerprint, reason, behind, releases, next_fingerprint)
WHERE l.plan = $1 AND l.letter = said.letter
"""
_LIST = "SELECT letter, consumer_group FROM replay_plan_letter WHERE plan = $1 ORDER BY n"
_FINISH = "UPDATE replay_plan SET letters = $2, expires_at = $3 WHERE id = $1"
_FIND = """
SELECT id, who, verb, selection, release, letters, made_at, expires_at, options FROM replay_plan WHERE id = $1
"""
_COUNTS = """
SELECT verdict, coalesce(fingerprint, reason) AS why, count(*) AS letters, sum(behind)::bigint AS behind,
       sum(releases)::bigint AS releases, count(next_fingerprint) AS fail_behind
FROM replay_plan_letter WHERE plan = $1 GROUP BY 1, 2 ORDER BY letters DESC, 1, 2 LIMIT 200
"""
_LETTERS = """
SELECT n, letter, consumer_group, was, verdict, reason, fingerprint, behind, releases, next_fingerprint
FROM replay_plan_letter WHERE plan = $1 AND n > $2 ORDER BY n LIMIT $3
"""
_CHANGED = """
SELECT count(*) FROM replay_plan_letter l JOIN dead_letter d ON d.id = l.letter
WHERE l.plan = $1 AND (d.state, d.attempts) IS DISTINCT FROM (l.state, l.attempts)
"""


class PostgresPlans:
    """The port ``Plans``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def freeze(self, plan: Plan, asked: Selection | Sequence[UUID], most: int) -> int:
        """Keep a plan and the list of its letters in one transaction."""
        conditions: list[ColumnElement[bool]] = (
            wanted(asked) if isinstance(asked, Selection) else [_L.id.in_(list(asked))]
        )
        found = select(_L.id, _L.consumer_group, _L.fingerprint, _L.state, _L.attempts, _L.recorded_at)
        found = found.where(*conditions).order_by(_L.recorded_at, _L.id).limit(most + 1)
        one = found.subquery()
        number = func.row_number().over(order_by=(one.c.recorded_at, one.c.id))
        frozen = select(
            literal(plan.id), number, one.c.id, one.c.consumer_group, one.c.fingerprint, one.c.state, one.c.attempts
        )
        async with translated(), self._database.engine.begin() as connection:
            await connection.execute(insert(replay_plan).values(_row(plan)))
            done = await connection.execute(insert(replay_plan_letter).from_select(_FROZEN, frozen))
        return int(done.rowcount)

    async def keep(self, plan: Plan) -> None:
        """Keep a plan that has no letters."""
        async with translated(), self._database.engine.begin() as connection:
            await connection.execute(insert(replay_plan).values(_row(plan)))

    async def drop(self, plan: UUID) -> None:
        """Forget a plan that nobody may use."""
        async with translated():
            await self._database.pool.execute("DELETE FROM replay_plan WHERE id = $1", plan)

    async def frozen(self, plan: UUID) -> Sequence[JobLetter]:
        """Its letters in order."""
        async with translated():
            return [JobLetter(*row) for row in await self._database.pool.fetch(_LIST, plan)]

    async def say(self, plan: UUID, verdicts: Sequence[Verdict]) -> None:
        """Write verdicts."""
        rows = [
            (v.letter, v.verdict, v.fingerprint, v.reason, v.behind, v.releases, v.next_fingerprint) for v in verdicts
        ]
        async with translated():
            await self._database.pool.execute(_SAY, plan, *map(list, zip(*rows, strict=True)))

    async def finish(self, plan: UUID, letters: int, expires_at: datetime, deed: Deed) -> None:
        """From now on it may be used."""
        async with self._database.transaction() as connection:
            await connection.execute(_FINISH, plan, letters, expires_at)
            await note(connection, [deed], datetime.now(UTC))

    async def find(self, plan: UUID) -> Plan | None:
        """One plan."""
        async with translated():
            row = await self._database.pool.fetchrow(_FIND, plan)
        if row is None:
            return None
        return Plan(**{**dict(row), "selection": from_json(row["selection"]), "options": from_json(row["options"])})

    async def counts(self, plan: UUID) -> Sequence[Mapping[str, Any]]:
        """How many letters of each verdict."""
        async with translated():
            return [dict(row) for row in await self._database.pool.fetch(_COUNTS, plan)]

    async def letters(self, plan: UUID, *, after: int, limit: int) -> Sequence[Mapping[str, Any]]:
        """A page of its letters."""
        async with translated():
            return [dict(row) for row in await self._database.pool.fetch(_LETTERS, plan, after, limit)]

    async def changed(self, plan: UUID) -> int:
        """How many letters are no longer as the plan saw them."""
        async with translated():
            return int(await self._database.pool.fetchval(_CHANGED, plan))


def _row(plan: Plan) -> dict[str, Any]:
    said = {name: getattr(plan, name) for name in ("id", "who", "verb", "release", "letters", "made_at", "expires_at")}
    return {**said, "selection": from_json(to_json(plan.selection)), "options": from_json(to_json(plan.options))}
