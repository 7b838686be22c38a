"""Plan first: what would become of each letter; then the job is asked for."""

from typing import Any, get_args
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from hub.application.dead_letters.job_ports import JobRefusedError, PlanRefusedError, Verb
from hub.application.dead_letters.selection import Selection
from hub.application.dead_letters.verdicts import GOOD
from hub.bootstrap.hub import Hub
from hub.domain.messaging.errors import RefusalError
from hub.entrypoints.console.failures import refusal_text
from hub.entrypoints.console.letters import FILTERS, selection_of
from hub.entrypoints.console.rendering import page
from hub.entrypoints.console.visitor import Form, Nth, Visitor, demand, hub_of, posted, visitor

router = APIRouter()
_PAGE = 50


@router.post("/plans")
async def post_plan(request: Request) -> Response:
    """Freeze a list and ask the present code: letters that were chosen, or all that a query finds."""
    who = await visitor(request)
    form = await posted(request, who.token)
    verb = form.get("verb")
    await demand(request, who, "act", verb="plan", what=verb[:40] or "plan")
    hub = hub_of(request)
    await hub.clock.refresh()
    plan = await hub.plans.make(_asked(form), verb=_verb(verb), who=who.who.name, options=_options(form))
    return RedirectResponse(f"/plans/{plan.id}", 303)


def _verb(text: str) -> Verb:
    for verb in get_args(Verb):
        if verb == text:
            found: Verb = verb
            return found
    raise PlanRefusedError("plan-verb", f"a plan is for one of: {', '.join(get_args(Verb))}")


def _asked(form: Form) -> Selection | list[UUID]:
    if form.get("scope") == "query":
        return selection_of({name: form.get(name) for name in ("state", "since", *FILTERS)})
    try:
        return [UUID(one) for one in form.all("letter")]
    except ValueError:
        raise PlanRefusedError("letter-unknown", "one of these is no letter") from None


def _options(form: Form) -> dict[str, Any]:
    match form.get("verb"):
        case "return":
            return {"code": form.get("code"), "where": form.get("where") or None}
        case "redirect":
            return {"office": form.get("office")}
        case _:
            return {}


@router.get("/plans/{plan}")
async def get_plan(request: Request, plan: UUID, after: Nth = 0) -> Response:
    """Its verdicts, counted and letter by letter; and the form that asks for the job."""
    return await _page(request, await visitor(request), plan, after=after)


@router.post("/plans/{plan}/ask")
async def post_ask(request: Request, plan: UUID) -> Response:
    """Ask for what the plan showed; it runs at once, or waits for a second administrator."""
    who = await visitor(request)
    form = await posted(request, who.token)
    await demand(request, who, "act", verb="ask", what=f"plan {plan}")
    hub = hub_of(request)
    await hub.clock.refresh()
    try:
        job = await hub.jobs.ask(
            plan,
            who=who.who.name,
            reason=form.get("reason"),
            typed=form.get("typed"),
            everything=form.get("everything") == "yes",
        )
    except JobRefusedError as refusal:
        return await _page(request, who, plan, refused=refusal, status=409)
    return RedirectResponse(f"/jobs/{job.id}?said=asked", 303)


async def diff_of(hub: Hub, plan: UUID) -> dict[str, Any]:
    """What an edit changes, for whoever asks and whoever approves; of a document, where that is opened."""
    found = await hub.plans.found(plan)
    letters = await hub.plans.letters(plan, limit=1)
    if found.verb != "edit" or not letters:
        return {"diff": (), "closed_diff": ""}
    if "sealed" in found.options:
        return {"diff": (), "closed_diff": f"/plans/{plan}/document"}
    return {"diff": await hub.edits.diff(letters[0]["letter"], found.options), "closed_diff": ""}


async def _page(
    request: Request,
    who: Visitor,
    plan: UUID,
    *,
    after: int = 0,
    refused: RefusalError | None = None,
    status: int = 200,
) -> Response:
    hub = hub_of(request)
    await hub.clock.refresh()
    shown, found = await hub.plans.shown(plan), await hub.plans.found(plan)
    rows = await hub.plans.letters(plan, after=after, limit=_PAGE)
    context = {
        "plan": shown,
        "good": GOOD,
        "taken": sum(row["letters"] for row in shown["verdicts"] if row["verdict"] in GOOD),
        "rows": rows,
        "more": rows[-1]["n"] if len(rows) == _PAGE else None,
        **await diff_of(hub, plan),
        "confirmation": hub.jobs.confirmation(found),
        "four_eyes": hub.jobs.needs_two(found),
        "canary": hub.settings.dead_letters.canary,
        "refused": refusal_text(refused, who.language) if refused else "",
    }
    return page(request, who, "plan.html", status=status, **context)
