"""Documents returned to their senders, and the corrections that came."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID

from hub.adapters.postgres.aside import lock, moved
from hub.adapters.postgres.audit import note
from hub.adapters.postgres.bulk import write_outcome
from hub.adapters.postgres.database import Database, translated
from hub.adapters.postgres.letters import read_record
from hub.application.audit import Deed
from hub.application.consume.replay_ports import By, WaitingRecord
from hub.application.dead_letters.corrections import Correction
from hub.application.dead_letters.return_to_sender import Rejection, Returnable
from hub.application.ports import Outcome

_RETURNABLE = """
SELECT d.id, d.state, d.key, d.event_id, d.type, f.location, d.attempts, d.institution,
       EXISTS (SELECT FROM institution i WHERE i.id = d.institution AND i.revoked_at IS NULL) AS known,
       (SELECT count(*) FROM parked_key k JOIN parked_record p USING (consumer_group, key) WHERE k.letter = d.id)
FROM dead_letter d JOIN fingerprint f ON f.id = d.fingerprint WHERE d.id = ANY ($1::uuid[])
"""
_RETURN = """
INSERT INTO letter_return (letter, institution, code, rule, "where", event_id, type, rejection, who)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (letter) DO UPDATE SET code = excluded.code, rule = excluded.rule, "where" = excluded."where",
    rejection = excluded.rejection, who = excluded.who, returned_at = now(), document = NULL, corrected_at = NULL
"""
_ANSWERED = """
SELECT r.letter, d.consumer_group, d.key, r.institution, c.connector, c.message_id, c.events
FROM letter_return r JOIN dead_letter d ON d.id = r.letter AND d.state = 'returned'
JOIN document c ON c.id = r.document
WHERE r.document IS NOT NULL ORDER BY r.corrected_at LIMIT $1
"""
_ARRIVED = "SELECT event_id FROM inbox WHERE consumer_group = $1 AND event_id = ANY ($2::uuid[])"
_PARKED = """
SELECT event_id, key, seq, topic, partition, "offset", timestamp, record_key, headers, value FROM parked_record
WHERE consumer_group = $1 AND key = $2 AND event_id = ANY ($3::uuid[])
"""


class PostgresReturns:
    """The ports ``Returns`` and ``Corrections``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def returnable(self, letters: Sequence[UUID]) -> Sequence[Returnable]:
        """Letters as far as their return is concerned."""
        async with translated():
            return [Returnable(*row) for row in await self._database.pool.fetch(_RETURNABLE, letters)]

    async def give_back(self, rejections: Sequence[Rejection], by: By) -> set[UUID]:
        """Return what still waits."""
        async with self._database.transaction() as connection:
            letters = [one.letter for one in rejections]
            await lock(connection, letters)
            done = await moved(connection, letters, ["waiting"], "returned", by)
            given = [one for one in rejections if one.letter in done]
            await connection.executemany(_RETURN, [(*_facts(one), by.who) for one in given])
            await write_outcome(connection, "hub.dead-letters", _outcome(given))
            deeds = [_deed(one, by) for one in given]
            await note(connection, deeds, datetime.now(UTC))
        return done

    async def answered(self, limit: int) -> Sequence[Correction]:
        """Returned letters whose correction was accepted."""
        async with translated():
            return [Correction(*row) for row in await self._database.pool.fetch(_ANSWERED, limit)]

    async def arrived(self, group: str, events: Sequence[UUID]) -> set[UUID]:
        """Which events reached the group."""
        async with translated():
            return {row[0] for row in await self._database.pool.fetch(_ARRIVED, group, events)}

    async def parked(self, group: str, key: str, events: Sequence[UUID]) -> Mapping[UUID, WaitingRecord]:
        """Which of them wait behind a key."""
        async with translated():
            rows = await self._database.pool.fetch(_PARKED, group, key, events)
        return {row["event_id"]: WaitingRecord(row["key"], row["seq"], read_record(row)) for row in rows}


def _facts(one: Rejection) -> tuple[object, ...]:
    return (one.letter, one.institution, one.code, one.rule, one.where, one.event, one.type, one.signed)


def _outcome(given: Sequence[Rejection]) -> Outcome:
    return Outcome(
        states={},
        handled=[],
        rows=[],
        outbox=[one.outbox for one in given],
        feed=[one.feed for one in given],
        follows=[one.mail for one in given],
        letters=[],
        queued=[],
    )


def _deed(one: Rejection, by: By) -> Deed:
    detail = {"code": one.code, "institution": one.institution, **({"job": by.job} if by.job else {})}
    return Deed(who=by.who, verb="return", what=f"letter {one.letter}", reason=by.reason or "", detail=detail)
