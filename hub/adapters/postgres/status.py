"""How the hub is doing, as the database knows it, and the letters an administrator sees."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from hub.adapters.postgres.counts import PostgresCounts
from hub.adapters.postgres.dead_letter_tables import dead_letter, fingerprint, parked_key, parked_record
from hub.adapters.postgres.tables import (
    delivery,
    outbox,
    timer,
)

Rows = Sequence[dict[str, Any]]
_LISTED = ("id", "consumer_group", "key", "type", "fingerprint", "reason", "state", "attempts", "recorded_at")


class PostgresStatus:
    """Reads for administrators."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def counts(self) -> Mapping[str, int]:
        """How many there are of everything, by name and state; see ``PostgresCounts``."""
        return await PostgresCounts(self._engine).now()

    async def depths(self) -> dict[str, Any]:
        """How much waits where; the age is of the oldest waiting event, in seconds."""
        age = func.extract("epoch", func.now() - func.min(outbox.c.created_at))
        wanted = {
            "outbox_depth": select(func.count()).select_from(outbox),
            "outbox_age_seconds": select(func.coalesce(age, 0)),
            "parked_keys": select(func.count()).select_from(parked_key),
            "parked_records": select(func.count()).select_from(parked_record),
            "dead_letters_waiting": select(func.count())
            .select_from(dead_letter)
            .where(dead_letter.c.state == "waiting"),
            "deliveries_waiting": select(func.count()).where(delivery.c.state.in_(("waiting", "sending"))),
            "deliveries_failed": select(func.count()).where(delivery.c.state == "failed"),
            "timers": select(func.count()).select_from(timer),
            "timers_due": select(func.count()).where(timer.c.due <= func.now()),
        }
        async with self._engine.connect() as connection:
            found = {name: await connection.scalar(query) for name, query in wanted.items()}
        return {name: int(value or 0) for name, value in found.items()}

    async def letter_groups(self) -> Rows:
        """Waiting letters by fingerprint, the largest group first."""
        letters, behind = dead_letter, parked_record
        waiting = (
            select(behind.c.consumer_group, behind.c.key, func.count().label("n"))
            .group_by(behind.c.consumer_group, behind.c.key)
            .subquery()
        )
        query = (
            select(
                letters.c.fingerprint,
                letters.c.consumer_group,
                fingerprint.c.stage,
                fingerprint.c.exception,
                letters.c.classification,
                func.min(letters.c.reason).label("reason"),
                func.count().label("letters"),
                func.coalesce(func.sum(waiting.c.n), 0).label("parked_behind"),
                func.min(letters.c.recorded_at).label("first_seen"),
                func.max(letters.c.recorded_at).label("last_seen"),
            )
            .join(fingerprint, fingerprint.c.id == letters.c.fingerprint)
            .outerjoin(
                waiting,
                and_(waiting.c.consumer_group == letters.c.consumer_group, waiting.c.key == letters.c.key),
            )
            .where(letters.c.state == "waiting")
            .group_by(
                letters.c.fingerprint,
                letters.c.consumer_group,
                fingerprint.c.stage,
                fingerprint.c.exception,
                letters.c.classification,
            )
            .order_by(func.count().desc(), letters.c.fingerprint)
        )
        return await self._rows(query)

    async def letters_listed(self, *, state: str, of: str | None, after: UUID | None, limit: int) -> Rows:
        """Letters in the order they were recorded; ``after`` is the last id of the page before."""
        query = (
            select(*(dead_letter.c[name] for name in _LISTED))
            .where(dead_letter.c.state == state)
            .order_by(dead_letter.c.recorded_at, dead_letter.c.id)
            .limit(limit)
        )
        if of:
            query = query.where(dead_letter.c.fingerprint == of)
        if after:
            last = select(dead_letter.c.recorded_at).where(dead_letter.c.id == after).scalar_subquery()
            query = query.where(
                (dead_letter.c.recorded_at > last) | ((dead_letter.c.recorded_at == last) & (dead_letter.c.id > after))
            )
        return await self._rows(query)

    async def letter_shown(self, letter: UUID) -> dict[str, Any] | None:
        """One letter with its failure and the number of records behind it; the body stays closed."""
        query = select(dead_letter, fingerprint.c.stage, fingerprint.c.exception, fingerprint.c.location).join(
            fingerprint, fingerprint.c.id == dead_letter.c.fingerprint
        )
        found = await self._rows(query.where(dead_letter.c.id == letter))
        if not found:
            return None
        one = found[0]
        of_key = and_(parked_record.c.consumer_group == one["consumer_group"], parked_record.c.key == one["key"])
        behind = await self._rows(select(func.count().label("n")).where(of_key))
        return {**one, "parked_behind": behind[0]["n"]}

    async def _rows(self, query: Any) -> Rows:
        async with self._engine.connect() as connection:
            return [dict(row) for row in (await connection.execute(query)).mappings()]
