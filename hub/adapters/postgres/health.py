"""How institutions and connectors are doing: what they handed in lately, what of it failed."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, literal, select
from sqlalchemy.ext.asyncio import AsyncEngine

from hub.adapters.postgres.database import translated
from hub.adapters.postgres.dead_letter_tables import dead_letter, fingerprint, parked_key, replay_job
from hub.adapters.postgres.tables import delivery, document, institution, projection_dossier, timer

_DAY = timedelta(days=1)
Rows = Sequence[Mapping[str, Any]]


class PostgresHealth:
    """Reads for the console."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def institutions(self) -> Rows:
        """Every institution with its documents of the last day and its letters that wait."""
        lately = _documents(document.c.institution).subquery("lately")
        letters = (
            select(dead_letter.c.institution, func.count().label("letters"))
            .where(dead_letter.c.state == "waiting", dead_letter.c.institution.is_not(None))
            .group_by(dead_letter.c.institution)
            .subquery("letters")
        )
        said = [institution.c[name] for name in ("id", "kind", "name", "language", "created_at", "revoked_at")]
        query = (
            select(
                *said,
                lately.c.last,
                func.coalesce(lately.c.documents, 0).label("documents"),
                func.coalesce(lately.c.refused, 0).label("refused"),
                func.coalesce(letters.c.letters, 0).label("letters"),
            )
            .outerjoin(lately, lately.c.of == institution.c.id)
            .outerjoin(letters, letters.c.institution == institution.c.id)
            .order_by(institution.c.id)
        )
        return await self._rows(query)

    async def connectors(self) -> Mapping[str, Mapping[str, Any]]:
        """Documents of the last day by connector."""
        return {row["of"]: row for row in await self._rows(_documents(document.c.connector))}

    async def partners(self) -> Rows:
        """Deliveries by the partner they go to: how many wait, gave up, and the oldest that waits."""
        states = {
            name: func.count().filter(delivery.c.state.in_(states))
            for name, states in (("waiting", ("waiting", "sending")), ("failed", ("failed",)))
        }
        query = select(
            delivery.c.partner,
            delivery.c.kind,
            *(count.label(name) for name, count in states.items()),
            func.min(delivery.c.created_at).filter(delivery.c.state.in_(("waiting", "sending"))).label("oldest"),
        )
        return await self._rows(query.group_by(delivery.c.partner, delivery.c.kind).order_by(delivery.c.partner))

    async def deadlines(self, within: timedelta, *, limit: int) -> Rows:
        """Deadlines of parked dossiers that fall soon, the next one first."""
        query = (
            select(timer.c.name, timer.c.type, timer.c.due, timer.c.key, parked_key.c.letter)
            .join(
                parked_key,
                (parked_key.c.consumer_group == timer.c.consumer_group) & (parked_key.c.key == timer.c.key),
            )
            .where(timer.c.due <= func.now() + within)
            .order_by(timer.c.due)
            .limit(limit)
        )
        return await self._rows(query)

    async def named(self, asked: str) -> str | None:
        """What an id names: a letter, job, group, dossier or the key of letters; None: nothing."""
        try:
            number: UUID | None = UUID(asked)
        except ValueError:
            number = None
        if number is not None:
            sought: tuple[tuple[str, ColumnElement[bool]], ...] = (
                ("letter", dead_letter.c.id == number),
                ("job", replay_job.c.id == number),
            )
        else:
            sought = (
                ("group", fingerprint.c.id == asked),
                ("dossier", projection_dossier.c.dossier == asked),
                ("key", dead_letter.c.key == asked),
            )
        for name, condition in sought:
            if await self._rows(select(literal(1)).where(condition).limit(1)):
                return name
        return None

    async def _rows(self, query: Select[Any]) -> list[dict[str, Any]]:
        async with translated(), self._engine.connect() as connection:
            return [dict(row) for row in (await connection.execute(query)).mappings()]


def _documents(by: Any) -> Select[Any]:
    """Documents of the last day, counted."""
    return (
        select(
            by.label("of"),
            func.max(document.c.received_at).label("last"),
            func.count().label("documents"),
            func.count().filter(document.c.state != "accepted").label("refused"),
        )
        .where(document.c.received_at > func.now() - _DAY)
        .group_by(by)
    )
