"""Dead letters as administrators read them; the query plans with a million letters are in docs/performance.md."""

from base64 import b64decode
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from pydantic_core import from_json
from sqlalchemy import LargeBinary, Select, and_, func, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.sql.elements import ColumnElement

from hub.adapters.postgres.administration_tables import audit
from hub.adapters.postgres.database import translated
from hub.adapters.postgres.dead_letter_tables import dead_letter, fingerprint, letter_attempt, parked_key, parked_record
from hub.adapters.postgres.tables import timeline
from hub.application.dead_letters.selection import LetterPage, Selection

_L = dead_letter.c
_SHOWN = [column for column in dead_letter.c if column.name not in {"value", "headers", "record_key"}]
_CHAIN = 50
"""Causes that are followed at the most."""


def wanted(selection: Selection) -> list[ColumnElement[bool]]:
    """The conditions of a selection, over ``dead_letter``."""
    equal = {
        "state": selection.state,
        "fingerprint": selection.fingerprint,
        "consumer_group": selection.consumer_group,
        "type": selection.type,
        "source": selection.source,
        "institution": selection.institution,
        "origin": selection.origin,
        "key": selection.key,
    }
    found: list[ColumnElement[bool]] = [_L[name] == value for name, value in equal.items() if value is not None]
    if selection.text:
        found.append(func.strpos(func.lower(_L.reason), selection.text.lower()) > 0)
    if selection.since:
        found.append(_L.recorded_at >= selection.since)
    if selection.until:
        found.append(_L.recorded_at < selection.until)
    return found


class PostgresLetterReads:
    """The port ``LetterReads``."""

    def __init__(self, engine: AsyncEngine, consumer_groups: Sequence[str]) -> None:
        self._engine = engine
        self._groups = list(consumer_groups)

    async def letters(
        self, selection: Selection, *, after: UUID | None, limit: int, body: str | None = None
    ) -> LetterPage:
        """One page, the oldest first."""
        query = select(*_SHOWN).where(*wanted(selection)).order_by(_L.recorded_at, _L.id).limit(limit + 1)
        if body:
            query = query.where(func.position(literal(body.encode(), LargeBinary).op("IN")(_L.value)) > 0)
        if after:
            last = select(_L.recorded_at, _L.id).where(_L.id == after).scalar_subquery()
            query = query.where(tuple_(_L.recorded_at, _L.id) > last)
        rows = await self._rows(query)
        more = len(rows) > limit
        return LetterPage(letters=rows[:limit], after=rows[limit - 1]["id"] if more else None)

    async def letter(self, letter: UUID) -> Mapping[str, Any] | None:
        """One letter with its failure, its headers and closed body, and how much waits behind it."""
        of_it = (fingerprint.c.stage, fingerprint.c.exception, fingerprint.c.location, fingerprint.c.trace)
        query = select(dead_letter, *of_it).outerjoin(fingerprint, fingerprint.c.id == _L.fingerprint)
        found = await self._rows(query.where(_L.id == letter))
        if not found:
            return None
        behind = await self._rows(
            select(func.count(parked_record.c.seq).label("n"))
            .select_from(parked_key)
            .outerjoin(parked_record, _same_key(parked_record))
            .where(parked_key.c.letter == letter)
            .group_by(parked_key.c.letter)
        )
        return {**found[0], "head": bool(behind), "parked_behind": behind[0]["n"] if behind else 0}

    async def queue(self, letter: UUID, *, after: int, limit: int) -> Sequence[Mapping[str, Any]]:
        """What waits behind a head, in order; bodies stay closed."""
        columns = [parked_record.c[name] for name in ("seq", "event_id", "topic", "partition", "offset", "parked_at")]
        query = (
            select(*columns, parked_record.c.headers)
            .join(parked_key, _same_key(parked_record))
            .where(parked_key.c.letter == letter, parked_record.c.seq > after)
        )
        return await self._rows(query.order_by(parked_record.c.seq).limit(limit))

    async def attempts(self, letter: UUID) -> Sequence[Mapping[str, Any]]:
        """Each time it was tried or changed hands, the first one first."""
        return await self._rows(
            select(letter_attempt).where(letter_attempt.c.letter == letter).order_by(letter_attempt.c.n)
        )

    async def seen_by(self, letter: UUID) -> Sequence[Mapping[str, Any]]:
        """Who did what with it, the newest first."""
        columns = [audit.c[name] for name in ("seq", "at", "who", "verb", "outcome", "reason")]
        query = select(*columns).where(audit.c.what == f"letter {letter}")
        return await self._rows(query.order_by(audit.c.seq.desc()).limit(100))

    async def causes(self, letter: UUID) -> Sequence[Mapping[str, Any]]:
        """The events that led to it, the first one first, as far as the timelines of its dossier know them."""
        found = await self._rows(select(_L.key, _L.headers, _L.event_id).where(_L.id == letter))
        if not found:
            return []
        attributes = _attributes(found[0]["headers"])
        keys = {found[0]["key"], attributes.get("ce_partitionkey", ""), attributes.get("ce_correlationid", "")}
        chain: list[dict[str, Any]] = []
        sought = attributes.get("ce_causationid")
        while sought and len(chain) < _CHAIN:
            cause = await self._event(sought, sorted(keys - {""}))
            if cause is None:
                chain.append({"event_id": sought, "type": None, "time": None, "consumer_group": None})
                break
            chain.append(cause)
            sought = cause.pop("causationid")
        return chain[::-1]

    async def _event(self, event_id: str, keys: Sequence[str]) -> dict[str, Any] | None:
        """An event as a timeline keeps it."""
        try:
            sought = UUID(event_id)
        except ValueError:
            return None
        query = select(timeline.c.consumer_group, timeline.c.attributes).where(
            timeline.c.consumer_group.in_(self._groups), timeline.c.key.in_(keys), timeline.c.event_id == sought
        )
        rows = await self._rows(query.limit(1))
        if not rows:
            return None
        said = from_json(rows[0]["attributes"])
        return {
            "event_id": event_id,
            "type": said.get("ce_type"),
            "time": said.get("ce_time"),
            "consumer_group": rows[0]["consumer_group"],
            "causationid": said.get("ce_causationid"),
        }

    async def _rows(self, query: Select[Any]) -> list[dict[str, Any]]:
        async with translated(), self._engine.connect() as connection:
            return [dict(row) for row in (await connection.execute(query)).mappings()]


def _same_key(other: Any) -> ColumnElement[bool]:
    return and_(other.c.consumer_group == parked_key.c.consumer_group, other.c.key == parked_key.c.key)


def _attributes(headers: Sequence[tuple[str, str]]) -> dict[str, str]:
    return {name: b64decode(value).decode(errors="replace") for name, value in headers}
