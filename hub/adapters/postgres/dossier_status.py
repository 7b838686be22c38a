"""A dossier as an administrator sees it: what happened, what waits, what will fall due; personal data stay closed."""

from collections.abc import Sequence
from typing import Any

from pydantic_core import from_json
from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncEngine

from hub.adapters.postgres.database import translated
from hub.adapters.postgres.dead_letter_tables import parked_key
from hub.adapters.postgres.tables import (
    delivery,
    projection_dossier,
    timeline,
    timer,
)

Rows = Sequence[dict[str, Any]]


class PostgresDossierStatus:
    """Reads of dossiers for administrators."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def listed(self, *, cpas: str | None, after: str, limit: int) -> Rows:
        """Dossiers by id; ``after`` is the last id of the page before."""
        columns = [
            projection_dossier.c[name] for name in ("dossier", "cpas", "state", "stage", "opened_at", "closed_at")
        ]
        query = select(*columns).where(projection_dossier.c.dossier > after).order_by("dossier").limit(limit)
        return await self._rows(query if cpas is None else query.where(projection_dossier.c.cpas == cpas))

    async def subject(self, dossier: str) -> str | None:
        """The pseudonym of the person a dossier is about."""
        rows = await self._rows(select(projection_dossier.c.subject).where(projection_dossier.c.dossier == dossier))
        return rows[0]["subject"] if rows else None

    async def happened(self, keys: Sequence[str], *, after: int, limit: int) -> Rows:
        """What each context saw of a dossier and its person, in order; ``after`` is the last ``seq`` seen."""
        columns = (timeline.c.seq, timeline.c.consumer_group, timeline.c.attributes, timeline.c.value)
        query = select(*columns).where(timeline.c.key.in_(keys), timeline.c.seq > after)
        return [_happening(row) for row in await self._rows(query.order_by(timeline.c.seq).limit(limit))]

    async def parked(self, keys: Sequence[str]) -> Rows:
        """Where it is parked, and behind which letter."""
        columns = (parked_key.c.consumer_group, parked_key.c.letter, parked_key.c.parked_at)
        return await self._rows(select(*columns).where(parked_key.c.key.in_(keys)))

    async def due(self, keys: Sequence[str]) -> Rows:
        """Its deadlines."""
        columns = (timer.c.name, timer.c.due, timer.c.type)
        return await self._rows(select(*columns).where(timer.c.key.in_(keys)).order_by(timer.c.due))

    async def outward(self, dossier: str) -> Rows:
        """Mails and calls of it."""
        columns = [delivery.c[name] for name in ("id", "effect", "state", "attempts", "reason", "done_at")]
        mine = or_(delivery.c.key == dossier, delivery.c.key.startswith(f"{dossier}.", autoescape=True))
        return await self._rows(select(*columns).where(mine).order_by(delivery.c.seq))

    async def _rows(self, query: Any) -> Rows:
        async with translated(), self._engine.connect() as connection:
            return [dict(row) for row in (await connection.execute(query)).mappings()]


def _happening(row: dict[str, Any]) -> dict[str, Any]:
    told, data = from_json(row["attributes"]), from_json(row["value"])
    closed = "closed" if data.pop("sealed", None) else None
    return {
        "seq": row["seq"],
        "group": row["consumer_group"],
        "time": told["ce_time"],
        "type": told["ce_type"].removeprefix("be.mediationhub."),
        "event": told["ce_id"],
        "cause": told.get("ce_causationid"),
        "data": data,
        "personal": closed,
    }
