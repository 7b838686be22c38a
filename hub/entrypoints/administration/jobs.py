"""Jobs: asked for, approved, watched, paused, cancelled."""

from dataclasses import replace
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from hub.application.dead_letters.job_ports import JobOptions
from hub.entrypoints.administration.access import Acting, Approving, Looking, TheHub
from hub.entrypoints.administration.inputs import After, Asked, Limit, Prose, Seq, Word
from hub.entrypoints.administration.letters import Rows

router = APIRouter(tags=["jobs"])


class HowItRuns(BaseModel):
    """What is absent is as the settings say."""

    canary: Annotated[list[Annotated[int, Field(ge=1, le=10_000)]] | None, Field(max_length=20)] = None
    stop_share: Annotated[float | None, Field(ge=0, le=1)] = None
    stop_lag: Annotated[int | None, Field(ge=0, le=2**31 - 1)] = None
    rate: Annotated[int | None, Field(ge=0, le=100_000)] = None
    together: Annotated[int | None, Field(ge=1, le=1000)] = None


class NewJob(BaseModel):
    """What a plan showed. ``everything``: also letters whose verdict is not good."""

    plan: UUID
    reason: Prose
    confirmation: Word = ""
    everything: bool = False
    options: HowItRuns = Field(default_factory=HowItRuns)


class Reason(BaseModel):
    """Why."""

    reason: Prose = ""


@router.post("/v1/jobs", summary="Ask for a job", status_code=201)
async def post_job(hub: TheHub, who: Acting, wish: NewJob) -> dict[str, Any]:
    """It runs at once, or waits for another administrator (state ``asked``)."""
    job = await hub.jobs.ask(
        wish.plan,
        who=who.name,
        reason=wish.reason,
        typed=wish.confirmation,
        everything=wish.everything,
        options=_options(hub.job_options(), wish.options),
    )
    return await hub.jobs.shown(job.id)


def _options(usual: JobOptions, asked: HowItRuns) -> JobOptions:
    given = {name: value for name, value in asked.model_dump().items() if value is not None}
    if "canary" in given:
        given["canary"] = tuple(given["canary"])
    return replace(usual, **given)


@router.get("/v1/jobs", summary="Jobs")
async def get_jobs(
    hub: TheHub,
    who: Looking,
    *,
    state: Asked = None,
    before: Seq | None = None,
    limit: Limit = 50,
) -> Rows:
    """The newest first; ``before`` is the last ``seq`` seen."""
    del who
    rows = await hub.jobs.listed(states=[state] if state else None, before=before, limit=limit)
    return Rows(rows=[dict(row) for row in rows])


@router.get("/v1/jobs/{job}", summary="One job")
async def get_job(hub: TheHub, who: Looking, job: UUID) -> dict[str, Any]:
    """With its outcomes counted."""
    del who
    return await hub.jobs.shown(job)


@router.get("/v1/jobs/{job}/letters", summary="What became of a job's letters")
async def get_job_letters(hub: TheHub, who: Looking, job: UUID, *, after: After = 0, limit: Limit = 50) -> Rows:
    """``after`` is the last ``n`` seen."""
    del who
    return Rows(rows=[dict(row) for row in await hub.jobs.outcomes(job, after=after, limit=limit)])


@router.post("/v1/jobs/{job}/approve", summary="Approve a job")
async def post_approve(hub: TheHub, who: Approving, job: UUID) -> dict[str, Any]:
    """That another administrator asked for."""
    await hub.jobs.approve(job, who=who.name)
    return await hub.jobs.shown(job)


@router.post("/v1/jobs/{job}/deny", summary="Refuse a job")
async def post_deny(hub: TheHub, who: Approving, job: UUID, why: Reason) -> dict[str, Any]:
    """That another administrator asked for."""
    await hub.jobs.deny(job, who=who.name, reason=why.reason)
    return await hub.jobs.shown(job)


@router.post("/v1/jobs/{job}/{change}", summary="Pause, resume or cancel a job")
async def post_change(
    hub: TheHub, who: Acting, job: UUID, change: Literal["pause", "resume", "cancel"], why: Reason | None = None
) -> dict[str, Any]:
    """After its present step; what it did stays done."""
    if change == "pause":
        await hub.jobs.pause(job, who=who.name)
    elif change == "resume":
        await hub.jobs.resume(job, who=who.name)
    else:
        await hub.jobs.cancel(job, who=who.name, reason=why.reason if why else "")
    return await hub.jobs.shown(job)
