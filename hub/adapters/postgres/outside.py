"""Deliveries, documents and timers behind letters; letters that were settled by what happened meanwhile."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from hub.adapters.postgres.aside import moved
from hub.adapters.postgres.audit import note
from hub.adapters.postgres.database import Connection, Database, translated
from hub.application.audit import Deed
from hub.application.consume.replay_ports import By
from hub.application.dead_letters.outward_hands import GivenUp, HeldTimer
from hub.domain.messaging.cloudevent import Sealed

_GIVEN_UP = """
SELECT l.id, l.state AS letter_state, d.id AS delivery, d.kind, d.state, d.possibly_doubled, d.subject, d.box_event,
       d.box, EXISTS (SELECT FROM effect e WHERE e.event_id = d.event_id AND e.effect = d.effect) AS happened
FROM dead_letter l JOIN delivery d ON d.id = l.reference WHERE l.id = ANY ($1::uuid[])
"""
_AGAIN = """
UPDATE delivery SET state = 'waiting', due_at = now(), done_at = NULL,
    content = CASE WHEN $2::text IS NULL THEN content
              ELSE (content::jsonb || jsonb_build_object('office', $2))::text END
WHERE state = 'failed' AND id IN (SELECT reference FROM dead_letter WHERE id = ANY ($1::uuid[]) AND state = 'waiting')
RETURNING id
"""
_LETTERS_OF = "SELECT id FROM dead_letter WHERE reference = ANY ($1::uuid[]) AND id = ANY ($2::uuid[])"
_TIMER = """l.key = t.key AND l.source = '/' || replace(t.consumer_group, '.', '/') || '/' || t.name"""
_TIMERS = f"""
SELECT l.id, l.state, t.type, t.data FROM dead_letter l LEFT JOIN timer t ON {_TIMER} WHERE l.id = ANY ($1::uuid[])
"""
_DROP = f"""
DELETE FROM timer t USING dead_letter l
WHERE {_TIMER} AND l.id = ANY ($1::uuid[]) AND l.state = 'waiting' RETURNING l.id
"""
_FIRED = f"""
SELECT l.id FROM dead_letter l WHERE l.origin = 'timer' AND l.origin <> 'record' AND l.closed_at IS NULL
    AND l.state = 'waiting'
    AND NOT EXISTS (SELECT FROM timer t WHERE {_TIMER}) LIMIT 500
"""
_CORRECTED = """
UPDATE dead_letter l SET state = 'corrected', replaced_by = later.id, closed_at = now(), attempts = attempts + 1
FROM document refused JOIN document later ON later.connector = refused.connector
    AND later.institution = refused.institution AND later.message_id = refused.message_id
    AND later.state <> 'rejected'
WHERE l.origin = 'document' AND l.origin <> 'record' AND l.closed_at IS NULL AND l.state = 'returned'
    AND refused.id = l.reference AND refused.message_id <> ''
RETURNING l.id, l.institution, later.id
"""
_OVER = """
UPDATE dead_letter SET state = 'expired', closed_at = now(), expires_at = NULL
WHERE origin = 'document' AND origin <> 'record' AND closed_at IS NULL AND state = 'returned' AND expires_at <= $1
"""


class PostgresOutside:
    """The port ``Outside``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def given_up(self, letters: Sequence[UUID]) -> Sequence[GivenUp]:
        """Deliveries behind letters."""
        async with translated():
            rows = await self._database.pool.fetch(_GIVEN_UP, letters)
        return [
            GivenUp(
                letter=row["id"],
                letter_state=row["letter_state"],
                delivery=row["delivery"],
                kind=row["kind"],
                state=row["state"],
                happened=row["happened"],
                doubled=row["possibly_doubled"],
                personal=Sealed(event=row["box_event"], subject=row["subject"], box=row["box"]) if row["box"] else None,
            )
            for row in rows
        ]

    async def knows_office(self, office: str) -> bool:
        """Whether the Chamber's directory lists it."""
        async with translated():
            known = "SELECT EXISTS (SELECT FROM projection_office WHERE office = $1)"
            return bool(await self._database.pool.fetchval(known, office))

    async def send_again(self, letters: Sequence[UUID], by: By, *, office: str | None) -> set[UUID]:
        """Put deliveries back on their way."""
        async with self._database.transaction() as connection:
            again = [row[0] for row in await connection.fetch(_AGAIN, letters, office)]
            ids = [row[0] for row in await connection.fetch(_LETTERS_OF, again, letters)]
            done = await moved(connection, ids, ["waiting"], "redirected" if office else "replayed", by)
            await _audit(connection, "redirect" if office else "replay", ids, by)
            await connection.execute("NOTIFY hub_delivery")
        return done

    async def timers(self, letters: Sequence[UUID]) -> Sequence[HeldTimer]:
        """Timers behind letters."""
        async with translated():
            return [HeldTimer(*row) for row in await self._database.pool.fetch(_TIMERS, letters)]

    async def drop_timers(self, letters: Sequence[UUID], by: By) -> set[UUID]:
        """Take timers away with their letters."""
        async with self._database.transaction() as connection:
            ids = [row[0] for row in await connection.fetch(_DROP, letters)]
            done = await moved(connection, ids, ["waiting"], "skipped", by)
            await _audit(connection, "skip", ids, by)
        return done

    async def settle(self, now: datetime) -> int:
        """Close letters whose document was corrected, whose timer is gone, whose retention is over; how many."""
        async with self._database.transaction() as connection:
            corrected = await connection.fetch(_CORRECTED)
            fired = [row[0] for row in await connection.fetch(_FIRED)]
            by = By(reason="its timer is gone: fired by a later release, or cancelled by its dossier")
            await moved(connection, fired, ["waiting"], "replayed", by)
            await connection.execute(_OVER, now)
            deeds = [
                Deed(who=row[1] or "hub", verb="correct", what=f"letter {row[0]}", detail={"document": row[2]})
                for row in corrected
            ]
            await note(connection, deeds, datetime.now(UTC))
        return len(corrected) + len(fired)


async def _audit(connection: Connection, verb: str, letters: Sequence[UUID], by: By) -> None:
    detail = {"job": by.job} if by.job else {}
    deeds = [
        Deed(who=by.who, verb=verb, what=f"letter {one}", reason=by.reason or "", detail=detail) for one in letters
    ]
    await note(connection, deeds, datetime.now(UTC))
