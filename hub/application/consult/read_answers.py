"""Answers of the bank for the CPAS that asked: while its gate is open, with a purpose, each reading logged (D8)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from pydantic_core import from_json

from hub.application.consult.calls import Gates
from hub.application.consult.seal_answer import associated
from hub.application.intake.callers import Caller
from hub.application.intake.refusals import IntakeRefusalError, NotFoundError, NotPermittedError
from hub.application.ports import Clock
from hub.application.vault import Vault
from hub.domain.messaging.calendar import local_date
from hub.domain.persons.gate import GateRules, reading_gate
from hub.domain.persons.searches import UNGATED
from schemas.persons import ListIntegrations

LIST = "integrations"
"""What an answer is filed under that is a list of the bank: it names other CPAS (I10)."""
Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class OtherRow:
    """Somebody else's part of an answer."""

    n: int
    subject: str
    dossier: str
    role: str
    box: str


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerRow:
    """An answer as it lies."""

    id: UUID
    consultation: str
    dossier: str
    cpas: str
    subject: str
    flow: str
    status: str
    ticket: UUID
    ticket_bcss: str | None
    box: str
    received_at: datetime
    expires_at: datetime
    stale: bool
    others: Sequence[OtherRow] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class OtherView:
    """What this reader may see of somebody else. ``content`` None: her gate is closed for this CPAS, or erased."""

    role: str
    content: Mapping[str, Any] | None


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerView:
    """An answer opened. ``content`` None: the person was erased."""

    row: AnswerRow
    content: Mapping[str, Any] | None
    others: Sequence[OtherView]


class Answers(Protocol):
    """Answers, who read them, and how integrations and consultations stand."""

    async def one(self, answer: UUID, at: datetime) -> AnswerRow | None:
        """An answer that is not past its time."""

    async def note(self, row: AnswerRow, reader: str, purpose: str, others: int, at: datetime) -> None:
        """Log a reading."""

    async def integrations(self, cpas: str, after: str, limit: int) -> Sequence[Row]: ...
    async def history(self, cpas: str, integration: str) -> Sequence[Row]: ...
    async def consultations(self, cpas: str, after: str, limit: int) -> Sequence[Row]: ...


class ReadAnswers:
    """Reads answers; what is not for a caller is as if it did not exist."""

    def __init__(self, answers: Answers, *, gates: Gates, vault: Vault, clock: Clock, rules: GateRules) -> None:
        self._answers, self._gates, self._vault = answers, gates, vault
        self._clock, self._rules = clock, rules

    async def integrations(self, caller: Caller, after: str, limit: int) -> Sequence[Row]:
        """The CPAS's integrations, by id."""
        return await self._answers.integrations(caller.institution, after, limit)

    async def history(self, caller: Caller, integration: str) -> Sequence[Row]:
        """Every step of one of the CPAS's integrations.

        Raises:
            NotFoundError: it has no such integration.
        """
        found = await self._answers.history(caller.institution, integration)
        if not found:
            raise NotFoundError("not-found")
        return found

    async def consultations(self, caller: Caller, after: str, limit: int) -> Sequence[Row]:
        """The CPAS's consultations, by id."""
        return await self._answers.consultations(caller.institution, after, limit)

    async def one(self, caller: Caller, answer: UUID, purpose: str) -> AnswerView:
        """One answer. It is logged before it is opened: no log, no reading.

        Raises:
            NotFoundError: there is none for this caller, or no longer.
            IntakeRefusalError: ``purpose-missing``.
            NotPermittedError: ``gate-closed``; ``answer-stale``: a mutation came since it was asked; for a list of
                integrations ``type-not-granted``.
        """
        now = self._clock()
        row = await self._answers.one(answer, now)
        if row is None or caller.kind != "cpas" or row.cpas != caller.institution:
            raise NotFoundError("not-found")
        if not purpose.strip():
            raise IntakeRefusalError("purpose-missing")
        await self._permitted(caller, row, local_date(now))
        shown = [one for one in row.others if await self._open(one.dossier, local_date(now))]
        await self._answers.note(row, caller.institution, purpose.strip(), len(shown), now)
        parts = [(row.subject, associated(row.id, "content"), row.box)]
        parts += [(one.subject, associated(row.id, f"other/{one.n}"), one.box) for one in shown]
        plain = await self._vault.open_parts(parts)
        opened = dict(zip([one.n for one in shown], plain[1:], strict=True))
        return AnswerView(
            row=row,
            content=_read(plain[0]),
            others=[OtherView(role=one.role, content=_read(opened.get(one.n))) for one in row.others],
        )

    async def _permitted(self, caller: Caller, row: AnswerRow, day: date) -> None:
        if row.flow == LIST:
            if ListIntegrations.type not in caller.types:
                raise NotPermittedError("type-not-granted", limit=ListIntegrations.type)
        elif row.flow not in UNGATED:
            if not await self._open(row.dossier, day):
                raise NotPermittedError("gate-closed")
            if row.stale:
                raise NotPermittedError("answer-stale")

    async def _open(self, dossier: str, day: date) -> bool:
        view = await self._gates.of(dossier)
        return not view.parked and reading_gate(view.access, day, self._rules).open


def _read(plain: bytes | None) -> Mapping[str, Any] | None:
    found: Mapping[str, Any] | None = None if plain is None else from_json(plain)
    return found
