"""A refused document, opened for a purpose and edited as XML: a plan that a second person approves."""

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from hub.application.dead_letters.job_ports import PlanRefusedError
from hub.domain.messaging.errors import RefusalError
from hub.entrypoints.console.failures import refusal_text
from hub.entrypoints.console.rendering import page
from hub.entrypoints.console.visitor import Visitor, demand, hub_of, posted, visitor

router = APIRouter()
_MOST = 2 * 1024 * 1024
"""Bytes of a form; a larger document is edited on the command line."""


@router.get("/letters/{letter}/document")
async def get_document(request: Request, letter: UUID) -> Response:
    """Asks what for; nothing is opened yet."""
    who = await visitor(request)
    await demand(request, who, "act", verb="edit", what=f"letter {letter}")
    return _page(request, who, letter)


@router.post("/letters/{letter}/document")
async def post_document(request: Request, letter: UUID) -> Response:
    """The XML, opened: who and what for are in the log before it is."""
    who = await visitor(request)
    form = await posted(request, who.token)
    await demand(request, who, "act", verb="edit", what=f"letter {letter}")
    purpose, allowed = form.get("purpose"), "reveal" in who.who.rights
    try:
        xml = await hub_of(request).document_edits.form(letter, who=who.who.name, purpose=purpose, allowed=allowed)
    except RefusalError as refusal:
        return _page(request, who, letter, refused=refusal)
    return _page(request, who, letter, xml=xml)


@router.post("/letters/{letter}/document/plan")
async def post_plan(request: Request, letter: UUID) -> Response:
    """Plan the edit: the document is read as the door reads it before anybody can ask for it."""
    who = await visitor(request)
    form = await posted(request, who.token, most=_MOST)
    await demand(request, who, "act", verb="edit", what=f"letter {letter}")
    hub, xml = hub_of(request), form.get("xml")
    await hub.clock.refresh()
    try:
        options = await hub.document_edits.sealed(letter, xml)
        plan = await hub.plans.make([letter], verb="edit", who=who.who.name, options=options)
    except RefusalError as refusal:
        return _page(request, who, letter, xml=xml, refused=refusal)
    return RedirectResponse(f"/plans/{plan.id}", 303)


@router.get("/plans/{plan}/document")
async def get_diff(request: Request, plan: UUID) -> Response:
    """Asks what for; nothing is opened yet."""
    return page(request, await visitor(request), "document_diff.html", plan=plan, diff=(), closed_diff="", refused="")


@router.post("/plans/{plan}/document")
async def post_diff(request: Request, plan: UUID) -> Response:
    """What the edit of a document changes, for whoever approves it."""
    who = await visitor(request)
    form = await posted(request, who.token)
    hub, lines, text = hub_of(request), [], ""
    try:
        found = await hub.plans.found(plan)
        rows = await hub.plans.letters(plan, limit=1)
        if found.verb != "edit" or not rows:
            raise PlanRefusedError("plan-unknown", "this plan edits no document")
        lines = await hub.document_edits.diff(
            rows[0]["letter"],
            found.options,
            who=who.who.name,
            purpose=form.get("purpose"),
            allowed="reveal" in who.who.rights,
        )
    except RefusalError as refusal:
        text = refusal_text(refusal, who.language)
    context = {"plan": plan, "diff": lines, "closed_diff": "", "refused": text}
    return page(request, who, "document_diff.html", status=409 if text else 200, **context)


def _page(
    request: Request, who: Visitor, letter: UUID, *, xml: str = "", refused: RefusalError | None = None
) -> Response:
    text = refusal_text(refused, who.language) if refused else ""
    status = 409 if refused else 200
    return page(request, who, "document.html", status=status, letter=letter, xml=xml, refused=text)
