"""How the hub is doing, as the database knows it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from hub.adapters.postgres.counts import PostgresCounts
from hub.adapters.postgres.dead_letter_tables import dead_letter, parked_key, parked_record
from hub.adapters.postgres.tables import (
    delivery,
    outbox,
    timer,
)


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
