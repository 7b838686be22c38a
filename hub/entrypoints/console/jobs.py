"""Jobs: live while they run, approved by a second person, their history afterwards."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from hub.application.dead_letters.job_ports import JobRefusedError
from hub.bootstrap.hub import Hub
from hub.domain.access.roles import Right
from hub.entrypoints.console.failures import refusal_text
from hub.entrypoints.console.plans import diff_of
from hub.entrypoints.console.rendering import page
from hub.entrypoints.console.visitor import Form, Nth, Seq, Visitor, demand, hub_of, posted, visitor

router = APIRouter()
_PAGE = 50
STATES = ("asked", "running", "paused", "stopped", "done", "cancelled", "denied", "expired")
_Change = Callable[[Hub, UUID, str, Form], Awaitable[Any]]

_CHANGES: dict[str, tuple[Right, _Change]] = {
    "approve": ("approve", lambda hub, job, who, _form: hub.jobs.approve(job, who=who)),
    "deny": ("approve", lambda hub, job, who, form: hub.jobs.deny(job, who=who, reason=form.get("reason"))),
    "pause": ("act", lambda hub, job, who, _form: hub.jobs.pause(job, who=who)),
    "resume": ("act", lambda hub, job, who, _form: hub.jobs.resume(job, who=who)),
    "cancel": ("act", lambda hub, job, who, form: hub.jobs.cancel(job, who=who, reason=form.get("reason"))),
}


@router.get("/jobs")
async def get_jobs(request: Request, state: str = "", before: Seq | None = None) -> Response:
    """The newest first."""
    who = await visitor(request)
    states = [state] if state in STATES else None
    rows = await hub_of(request).jobs.listed(states=states, before=before, limit=_PAGE)
    more = rows[-1]["seq"] if len(rows) == _PAGE else None
    return page(request, who, "jobs.html", rows=rows, states=STATES, state=state, more=more, first=before is None)


@router.get("/jobs/{job}")
async def get_job(request: Request, job: UUID, after: Nth = 0) -> Response:
    """One job, with what became of its letters."""
    return await _page(request, await visitor(request), job, after=after)


@router.get("/jobs/{job}/live")
async def get_job_live(request: Request, job: UUID) -> Response:
    """How far it is, as its page asks every second."""
    who = await visitor(request)
    return page(request, who, "job_live.html", job=await _shown(hub_of(request), job), refused="")


@router.post("/jobs/{job}/{verb}")
async def post_job(request: Request, job: UUID, verb: str) -> Response:
    """Approve, deny, pause, resume, cancel."""
    who = await visitor(request)
    form = await posted(request, who.token)
    if verb not in _CHANGES:
        raise JobRefusedError("job-verb-unknown", "a job is approved, denied, paused, resumed or cancelled")
    right, change = _CHANGES[verb]
    await demand(request, who, right, verb=verb, what=f"job {job}")
    hub = hub_of(request)
    await hub.clock.refresh()
    try:
        await change(hub, job, who.who.name, form)
    except JobRefusedError as refusal:
        if refusal.rule == "job-unknown":
            raise
        return await _page(request, who, job, refused=refusal_text(refusal, who.language), status=409)
    return RedirectResponse(f"/jobs/{job}?said={verb}", 303)


async def _page(
    request: Request, who: Visitor, job: UUID, *, after: int = 0, refused: str = "", status: int = 200
) -> Response:
    hub = hub_of(request)
    rows = await hub.jobs.outcomes(job, after=after, limit=_PAGE)
    more = rows[-1]["n"] if len(rows) == _PAGE else None
    shown = await _shown(hub, job)
    diff = await diff_of(hub, shown["plan"])
    context = {"job": shown, **diff, "rows": rows, "more": more, "refused": refused}
    return page(request, who, "job.html", status=status, **context)


async def _shown(hub: Hub, job: UUID) -> dict[str, Any]:
    """A job with its progress in whole percent."""
    shown = await hub.jobs.shown(job)
    done = shown["letters"] - shown["outcomes"].get("waiting", 0)
    return {**shown, "dealt": done, "percent": 100 * done // shown["letters"] if shown["letters"] else 100}
