"""Answers of the Crossroads Bank, who read them, and how integrations and consultations stand."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from hub.adapters.postgres.database import Database, translated
from hub.adapters.postgres.erasures import PostgresErasure
from hub.application.consult.read_answers import AnswerRow, OtherRow
from hub.domain.persons.searches import FLOW_NAME

_ONE = """
SELECT id, consultation, dossier, cpas, subject, flow, status, ticket, ticket_bcss, box, received_at, expires_at,
    EXISTS (SELECT FROM projection_flow_mutation AS mutation
            WHERE (mutation.dossier, mutation.flow) = (answer.dossier, answer.flow)
              AND mutation.mutated_at >= coalesce((SELECT sent_at FROM bank_call AS call
                                                   WHERE call.ticket = answer.ticket), answer.received_at)) AS stale
FROM answer WHERE id = $1 AND expires_at > $2
"""
_OTHERS = "SELECT n, subject, dossier, role, box FROM answer_other WHERE answer = $1 ORDER BY n"
_NOTE = "INSERT INTO answer_read (answer, cpas, reader, purpose, others, at) VALUES ($1, $2, $3, $4, $5, $6)"
_INTEGRATIONS = """
SELECT integration, dossier, code, begins_on, ends_on, state, reason, changed_at FROM projection_integration
WHERE cpas = $1 AND integration > $2 ORDER BY integration LIMIT $3
"""
_HISTORY = """
SELECT history.state, history.begins_on, history.ends_on, history.reason, history.at
FROM projection_integration_history AS history JOIN projection_integration AS one USING (dossier, integration)
WHERE one.cpas = $1 AND integration = $2 ORDER BY history.at, history.ctid
"""
_CONSULTATIONS = """
SELECT consultation, dossier, flow, state, status, reason, answer, asked_at, changed_at FROM projection_consultation
WHERE cpas = $1 AND consultation > $2 ORDER BY consultation LIMIT $3
"""
_HELD = """
SELECT EXISTS (
    SELECT FROM projection_integration, unnest($2::date[]) AS day
    WHERE dossier = $1 AND state IN ('registered', 'ended')
      AND begins_on <= day AND (ends_on IS NULL OR day <= ends_on))
"""
_EXPIRED = """
DELETE FROM answer WHERE id IN (SELECT id FROM answer WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2
    FOR UPDATE SKIP LOCKED)
RETURNING subject, flow
"""


class PostgresAnswers:
    """The port ``Answers``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def one(self, answer: UUID, at: datetime) -> AnswerRow | None:
        """An answer that is not past its time."""
        async with translated():
            rows = await self._database.pool.fetch(_ONE, answer, at)
            others = await self._database.pool.fetch(_OTHERS, answer) if rows else []
        if not rows:
            return None
        return AnswerRow(**dict(rows[0]), others=[OtherRow(**dict(one)) for one in others])

    async def note(self, row: AnswerRow, reader: str, purpose: str, others: int, at: datetime) -> None:
        """Log a reading."""
        async with self._database.transaction() as connection:
            await connection.execute(_NOTE, row.id, row.cpas, reader, purpose, others, at)

    async def held(self, dossier: str, days: Collection[date]) -> bool:
        """Whether the person of a dossier was integrated by its CPAS on one of the days."""
        async with translated():
            return bool(await self._database.pool.fetchval(_HELD, dossier, sorted(days)))

    async def integrations(self, cpas: str, after: str, limit: int) -> Sequence[Mapping[str, Any]]:
        """Of a CPAS, by id."""
        return await self._rows(_INTEGRATIONS, cpas, after, limit)

    async def history(self, cpas: str, integration: str) -> Sequence[Mapping[str, Any]]:
        """Every step of an integration."""
        return await self._rows(_HISTORY, cpas, integration)

    async def consultations(self, cpas: str, after: str, limit: int) -> Sequence[Mapping[str, Any]]:
        """Of a CPAS, by id."""
        return await self._rows(_CONSULTATIONS, cpas, after, limit)

    async def _rows(self, query: str, *given: object) -> Sequence[Mapping[str, Any]]:
        async with translated():
            return [dict(row) for row in await self._database.pool.fetch(query, *given)]


class PostgresAnswerExpiries:
    """Answers past their time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def destroy(self, until: datetime, limit: int) -> int:
        """Delete what expired until then; who read it stays known. A search goes with its key: nobody can erase it."""
        async with self._database.transaction() as connection:
            rows = await connection.fetch(_EXPIRED, until, limit)
            for subject in sorted({row["subject"] for row in rows if row["flow"] == FLOW_NAME}):
                await PostgresErasure(connection).destroy(subject, until)
        return len(rows)
