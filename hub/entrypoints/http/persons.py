"""Integrations, consultations and answers of the Crossroads Bank over HTTP, for the CPAS that asked."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Path, Query
from pydantic import BaseModel

from hub.entrypoints.http.documentation import READ_RESPONSES, refusals
from hub.entrypoints.http.doors import KnownCaller, TheDoors

router = APIRouter(tags=["persons"], responses=READ_RESPONSES)
Limit = Annotated[int, Query(ge=1, le=500)]
After = Annotated[str, Query(max_length=64, pattern=r"^[0-9a-f-]*$")]
IntegrationName = Annotated[str, Path(max_length=64, pattern=r"^[0-9a-f-]+$")]


class Integration(BaseModel):
    """An integration: requested, unknown, registered, rejected, ended or unregistered."""

    integration: str
    dossier: str
    code: int
    begins_on: date
    ends_on: date | None
    state: str
    reason: str | None
    changed_at: datetime


class IntegrationList(BaseModel):
    """A page of integrations; ``next`` is the cursor of the next page."""

    integrations: list[Integration]
    next: str | None


class Step(BaseModel):
    """One step of an integration."""

    state: str
    begins_on: date
    ends_on: date | None
    reason: str | None
    at: datetime


class History(BaseModel):
    """Every step of an integration, the oldest first."""

    steps: list[Step]


class Consultation(BaseModel):
    """A consultation: authorised, denied, answered or failed. ``answer``: where its answer is read."""

    consultation: str
    dossier: str
    flow: str
    state: str
    status: str | None
    reason: str | None
    answer: UUID | None
    asked_at: datetime | None
    changed_at: datetime


class ConsultationList(BaseModel):
    """A page of consultations; ``next`` is the cursor of the next page."""

    consultations: list[Consultation]
    next: str | None


class Other(BaseModel):
    """What an answer tells of somebody else; ``content`` absent: her own gate is closed for you, or she was erased."""

    role: str
    content: dict[str, Any] | None


class Answer(BaseModel):
    """An answer of the bank. ``content`` absent: the person was erased. What is filtered was not communicated."""

    answer: UUID
    consultation: str
    dossier: str
    flow: str
    status: str
    ticket: UUID
    ticket_bcss: str | None
    received_at: datetime
    expires_at: datetime
    content: dict[str, Any] | None
    others: list[Other]


@router.get("/v1/integrations", summary="Your integrations")
async def get_integrations(
    caller: KnownCaller, doors: TheDoors, after: After = "", limit: Limit = 100
) -> IntegrationList:
    """Of persons this CPAS integrated or asked to integrate; by id."""
    rows = [Integration.model_validate(row) for row in await doors.answers.integrations(caller, after, limit)]
    return IntegrationList(integrations=rows, next=rows[-1].integration if len(rows) == limit else None)


@router.get("/v1/integrations/{integration}/history", summary="Steps of an integration")
async def get_history(caller: KnownCaller, doors: TheDoors, integration: IntegrationName) -> History:
    """From the request to the end; nothing is ever taken out."""
    return History.model_validate({"steps": await doors.answers.history(caller, integration)})


@router.get("/v1/consultations", summary="Your consultations")
async def get_consultations(
    caller: KnownCaller, doors: TheDoors, after: After = "", limit: Limit = 100
) -> ConsultationList:
    """Of flows of the BCSS; by id."""
    rows = [Consultation.model_validate(row) for row in await doors.answers.consultations(caller, after, limit)]
    return ConsultationList(consultations=rows, next=rows[-1].consultation if len(rows) == limit else None)


@router.get("/v1/answers/{answer}", summary="One answer of the BCSS", responses=refusals(403))
async def get_answer(
    caller: KnownCaller,
    doors: TheDoors,
    answer: UUID,
    purpose: Annotated[str, Header(alias="Purpose", max_length=200, description="Why it is read; it is logged")] = "",
) -> Answer:
    """While the person is integrated by this CPAS; every reading is logged with its purpose."""
    view = await doors.answers.one(caller, answer, purpose)
    row = view.row
    return Answer(
        answer=row.id,
        consultation=row.consultation,
        dossier=row.dossier,
        flow=row.flow,
        status=row.status,
        ticket=row.ticket,
        ticket_bcss=row.ticket_bcss,
        received_at=row.received_at,
        expires_at=row.expires_at,
        content=dict(view.content) if view.content is not None else None,
        others=[Other(role=one.role, content=dict(one.content) if one.content else None) for one in view.others],
    )
