"""Edit a letter: its readable content and its headers; what comes of it is a plan that a second person approves."""

import json
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from hub.application.administer.sign_in import hashed
from hub.application.dead_letters.body import RAW, body_of
from hub.application.dead_letters.job_ports import PlanRefusedError
from hub.domain.messaging.errors import RefusalError
from hub.entrypoints.console.failures import refusal_text
from hub.entrypoints.console.rendering import page
from hub.entrypoints.console.visitor import Form, Visitor, demand, hub_of, posted, visitor

router = APIRouter()
_MOST = 512 * 1024
_HEADER = "header:"


@router.get("/letters/{letter}/edit")
async def get_edit(request: Request, letter: UUID) -> Response:
    """The form; of content that nobody can read as an event only after it was revealed."""
    who = await visitor(request)
    await demand(request, who, "act", verb="edit", what=f"letter {letter}")
    return await _page(request, who, letter)


@router.post("/letters/{letter}/edit")
async def post_edit(request: Request, letter: UUID) -> Response:
    """Plan the edit: it is validated and tried before anybody can ask for it."""
    who = await visitor(request)
    form = await posted(request, who.token, most=_MOST)
    await demand(request, who, "act", verb="edit", what=f"letter {letter}")
    hub = hub_of(request)
    await hub.clock.refresh()
    shown = await _form(request, who, letter)
    try:
        options = {"body": _body(form), "headers": _changed(form, shown["headers"])}
        plan = await hub.plans.make([letter], verb="edit", who=who.who.name, options=options)
    except RefusalError as refusal:
        return await _page(request, who, letter, typed=form, refused=refusal)
    return RedirectResponse(f"/plans/{plan.id}", 303)


def _body(form: Form) -> Any:
    try:
        return json.loads(form.get("body"))
    except ValueError as error:
        raise PlanRefusedError("edit-json", f"this is no JSON: {getattr(error, 'msg', '')}") from None


def _changed(form: Form, headers: list[dict[str, str]]) -> dict[str, str]:
    """Headers that were typed otherwise; a locked one is not in the form."""
    typed = {one["name"]: form.get(f"{_HEADER}{one['name']}") for one in headers if one["kind"] != "locked"}
    before = {one["name"]: one["value"] for one in headers}
    return {name: text for name, text in typed.items() if f"{_HEADER}{name}" in form.values and text != before[name]}


async def _form(request: Request, who: Visitor, letter: UUID) -> dict[str, Any]:
    """What may be edited.

    Raises:
        PlanRefusedError: no such letter, it cannot be edited, or what is in it was not revealed.
    """
    hub = hub_of(request)
    shown = await hub.edits.form(letter)
    found = await hub.letter_reads.letter(letter)
    if found is not None and RAW in body_of(found).closed:
        grant, _ = await hub.reveal_letter.seen(letter, body_of(found), session=hashed(who.token), who=who.who)
        if grant is None:
            raise PlanRefusedError("edit-masked", "this content is masked: reveal it first")
    return shown


async def _page(
    request: Request, who: Visitor, letter: UUID, *, typed: Form | None = None, refused: RefusalError | None = None
) -> Response:
    shown = await _form(request, who, letter)
    body = typed.get("body") if typed else json.dumps(shown["body"], indent=2, ensure_ascii=False)
    context = {
        "letter": letter,
        "body": body,
        "headers": [
            {**one, "value": (typed.get(f"{_HEADER}{one['name']}") if typed else "") or one["value"]}
            for one in shown["headers"]
        ],
        "refused": refusal_text(refused, who.language) if refused else "",
    }
    return page(request, who, "edit.html", status=409 if refused else 200, **context)
