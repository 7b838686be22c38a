"""Refused documents: opened for a purpose, corrected as XML, their difference for whoever approves."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from hub.application.dead_letters.job_ports import PlanRefusedError
from hub.entrypoints.administration.access import Acting, Looking, TheHub
from hub.entrypoints.administration.inputs import Prose

router = APIRouter(tags=["documents"])
_MOST = 2 * 1024 * 1024


class Opening(BaseModel):
    """What for; it stands in the log before anything is opened."""

    purpose: Prose


class Document(BaseModel):
    """The XML of a document, at most 2 MiB; a larger one is edited on the command line."""

    xml: Annotated[str, Field(max_length=_MOST)]


@router.post("/v1/letters/{letter}/document", summary="Open a refused document")
async def post_document(hub: TheHub, who: Acting, letter: UUID, wish: Opening) -> Document:
    """For a purpose, with the right to reveal; logged."""
    allowed = "reveal" in who.rights
    xml = await hub.document_edits.form(letter, who=who.name, purpose=wish.purpose, allowed=allowed)
    return Document.model_construct(xml=xml)


@router.post("/v1/letters/{letter}/document/plans", summary="Plan the correction of a document", status_code=201)
async def post_plan(hub: TheHub, who: Acting, letter: UUID, corrected: Document) -> dict[str, Any]:
    """It is read as the intake reads it; then a second administrator approves the job that is asked for the plan."""
    options = await hub.document_edits.sealed(letter, corrected.xml)
    plan = await hub.plans.make([letter], verb="edit", who=who.name, options=options)
    shown = await hub.plans.shown(plan.id)
    return {**shown, "options": {}, "confirmation": hub.jobs.confirmation(plan)}


@router.post("/v1/plans/{plan}/document", summary="What the correction of a document changes")
async def post_diff(hub: TheHub, who: Looking, plan: UUID, wish: Opening) -> list[str]:
    """A unified diff, for a purpose, with the right to reveal; logged."""
    found = await hub.plans.found(plan)
    rows = await hub.plans.letters(plan, limit=1)
    if found.verb != "edit" or not rows:
        raise PlanRefusedError("plan-unknown", "this plan edits no document")
    allowed = "reveal" in who.rights
    return await hub.document_edits.diff(
        rows[0]["letter"], found.options, who=who.name, purpose=wish.purpose, allowed=allowed
    )
