"""A window of a topic for one group: what it would do, as a plan; then the job is asked for like any other."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from hub.application.dead_letters.job_ports import PlanRefusedError
from hub.application.dead_letters.window import Window
from hub.entrypoints.console.failures import refusal_text
from hub.entrypoints.console.rendering import local_moment, page
from hub.entrypoints.console.visitor import Form, Visitor, demand, hub_of, posted, visitor

router = APIRouter()
_FIELDS = ("group", "topic", "since", "until")


@router.get("/windows")
async def get_window(request: Request) -> Response:
    """The form."""
    return _page(request, await visitor(request), Form({}))


@router.post("/windows")
async def post_window(request: Request) -> Response:
    """Handle the window in a transaction that is rolled back; what that found is a plan."""
    who = await visitor(request)
    form = await posted(request, who.token)
    await demand(request, who, "act", verb="plan", what="window")
    try:
        plan = await _planned(request, who, form)
    except PlanRefusedError as refusal:
        return _page(request, who, form, refused=refusal_text(refusal, who.language))
    return RedirectResponse(f"/plans/{plan}", 303)


async def _planned(request: Request, who: Visitor, form: Form) -> UUID:
    hub = hub_of(request)
    await hub.clock.refresh()
    since, until = _moment(form, "since"), _moment(form, "until")
    if since >= until:
        raise PlanRefusedError("window-moments", "the end lies before the beginning")
    window = Window(topic=form.get("topic"), group=form.get("group"), since=since, until=until)
    return (await hub.windows.plan(window, who=who.who.name)).id


def _moment(form: Form, name: str) -> datetime:
    found = local_moment(form.get(name))
    if found is None:
        raise PlanRefusedError("window-moments", f"{name}: a day and a time")
    return found


def _page(request: Request, who: Visitor, form: Form, *, refused: str = "") -> Response:
    groups = hub_of(request).windows.groups
    context = {
        "groups": sorted(groups),
        "topics": sorted({topic for topics in groups.values() for topic in topics}),
        "asked": {name: form.get(name) for name in _FIELDS},
        "refused": refused,
    }
    return page(request, who, "window.html", status=409 if refused else 200, **context)
