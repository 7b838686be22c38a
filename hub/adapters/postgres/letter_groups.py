"""Groups of dead letters: counted together, and what administrators say of those with one fingerprint."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, Subquery, and_, func, literal_column, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from hub.adapters.postgres.database import translated
from hub.adapters.postgres.dead_letter_tables import (
    dead_letter,
    fingerprint,
    letter_group,
    letter_note,
    parked_key,
    parked_record,
)
from hub.adapters.postgres.letter_reads import wanted
from hub.adapters.postgres.tables import timer
from hub.application.dead_letters.selection import Selection

_L = dead_letter.c
_HOUR = timedelta(hours=1)


class PostgresLetterGroups:
    """The port ``LetterGroups``. ``at_risk``: a deadline of a parked dossier this near counts as at risk."""

    def __init__(self, engine: AsyncEngine, *, at_risk: timedelta) -> None:
        self._engine = engine
        self._at_risk = at_risk

    async def counted(self, selection: Selection, *, by: str, limit: int) -> Sequence[Mapping[str, Any]]:
        """Letters counted together, the largest first; with how many records wait behind them and which terms run."""
        column = _L[by]
        letters = _counted(selection, by)
        behind, terms = _behind(by), self._terms(by)
        query = (
            select(
                letters,
                func.coalesce(behind.c["records"], 0).label("parked_behind"),
                func.coalesce(behind.c["keys"], 0).label("parked_keys"),
                func.coalesce(terms.c.terms, 0).label("deadlines_at_risk"),
                terms.c.next.label("next_deadline"),
            )
            .outerjoin(behind, behind.c.value == letters.c[column.name])
            .outerjoin(terms, terms.c.value == letters.c[column.name])
            .order_by(letters.c.letters.desc(), letters.c[column.name])
            .limit(limit)
        )
        if by == "fingerprint":
            query = _with_group(query, letters)
        return await self._rows(query)

    def _terms(self, by: str) -> Subquery:
        """Deadlines that cannot fire while their dossier is parked, by what the head letter is counted by."""
        return (
            select(_L[by].label("value"), func.count().label("terms"), func.min(timer.c.due).label("next"))
            .select_from(parked_key)
            .join(dead_letter, _L.id == parked_key.c.letter)
            .join(timer, and_(timer.c.consumer_group == parked_key.c.consumer_group, timer.c.key == parked_key.c.key))
            .where(timer.c.due <= func.now() + self._at_risk)
            .group_by(_L[by])
            .subquery("terms")
        )

    async def group(self, of: str) -> Mapping[str, Any] | None:
        """What is known of a fingerprint: where it fails, its trace, owner, state, release; None: no such."""
        facts = [letter_group.c[name] for name in ("owner", "release", "changed_at")]
        state = func.coalesce(letter_group.c.state, "new").label("state")
        query = select(fingerprint, *facts, state).outerjoin(
            letter_group, letter_group.c.fingerprint == fingerprint.c.id
        )
        rows = await self._rows(query.where(fingerprint.c.id == of))
        return rows[0] if rows else None

    async def notes(self, of: str) -> Sequence[Mapping[str, Any]]:
        """What administrators noted, the newest first."""
        query = select(letter_note).where(letter_note.c.fingerprint == of)
        return await self._rows(query.order_by(letter_note.c.seq.desc()).limit(200))

    async def change(self, of: str, values: Mapping[str, str | None]) -> None:
        """Set owner, state or release."""
        statement = insert(letter_group).values(fingerprint=of, **values)
        changed = statement.on_conflict_do_update(
            index_elements=["fingerprint"], set_={**values, "changed_at": func.now()}
        )
        async with translated(), self._engine.begin() as connection:
            await connection.execute(changed)

    async def note(self, of: str, who: str, text: str) -> None:
        """Add a note."""
        async with translated(), self._engine.begin() as connection:
            await connection.execute(insert(letter_note).values(fingerprint=of, who=who, text=text))

    async def _rows(self, query: Select[Any]) -> list[dict[str, Any]]:
        async with translated(), self._engine.connect() as connection:
            return [dict(row) for row in (await connection.execute(query)).mappings()]


def _counted(selection: Selection, by: str) -> Subquery:
    hours = [func.count().filter(_L.recorded_at > func.now() - _HOUR * n) for n in (1, 2)]
    return (
        select(
            _L[by],
            func.count().label("letters"),
            func.min(_L.recorded_at).label("first_seen"),
            func.max(_L.recorded_at).label("last_seen"),
            hours[0].label("last_hour"),
            (hours[1] - hours[0]).label("hour_before"),
        )
        .where(*wanted(selection))
        .group_by(_L[by])
        .subquery("letters")
    )


def _behind(by: str) -> Subquery:
    """Records that wait behind parked keys, by what the head letter is counted by."""
    queue = (
        select(parked_record.c.consumer_group, parked_record.c.key, func.count().label("n"))
        .group_by(parked_record.c.consumer_group, parked_record.c.key)
        .subquery("queue")
    )
    return (
        select(
            _L[by].label("value"),
            func.count().label("keys"),
            func.coalesce(func.sum(queue.c.n), 0).label("records"),
        )
        .select_from(parked_key)
        .join(dead_letter, _L.id == parked_key.c.letter)
        .outerjoin(queue, and_(queue.c.consumer_group == parked_key.c.consumer_group, queue.c.key == parked_key.c.key))
        .group_by(_L[by])
        .subquery("behind")
    )


def _with_group(query: Select[Any], letters: Subquery) -> Select[Any]:
    """With the failure of each fingerprint, one of its letters, and what administrators say of it."""
    sample = (
        select(_L.reason, _L.classification, _L.consumer_group)
        .where(_L.fingerprint == letters.c.fingerprint)
        .limit(1)
        .lateral("sample")
    )
    return (
        query.add_columns(
            fingerprint.c.stage,
            fingerprint.c.exception,
            fingerprint.c.location,
            sample.c.classification,
            sample.c.consumer_group,
            sample.c.reason,
            letter_group.c.owner,
            func.coalesce(letter_group.c.state, "new").label("state"),
            letter_group.c.release,
        )
        .outerjoin(fingerprint, fingerprint.c.id == letters.c.fingerprint)
        .outerjoin(sample, literal_column("true"))
        .outerjoin(letter_group, letter_group.c.fingerprint == letters.c.fingerprint)
    )
