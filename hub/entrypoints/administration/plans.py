"""Plans: what a verb would do to each letter, said by the present code."""

from dataclasses import asdict
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from hub.application.dead_letters.window import Window
from hub.entrypoints.administration.access import Acting, Looking, TheHub
from hub.entrypoints.administration.inputs import After, Limit, Moment, Options, Word
from hub.entrypoints.administration.letters import Asking, Rows

router = APIRouter(tags=["plans"])


class NewPlan(BaseModel):
    """A verb over letters by id, or over all that a query finds.

    ``options``: of an edit ``body`` and ``headers``; of a return ``code`` and ``where``; of a redirection ``office``.
    """

    verb: Literal["replay", "skip", "archive", "restore", "return", "redirect", "edit"]
    letters: Annotated[list[UUID] | None, Field(min_length=1, max_length=10_000)] = None
    query: Asking | None = None
    options: Options = Field(default_factory=dict)


class NewWindow(BaseModel):
    """Records of a topic between two moments, for one consumer group."""

    topic: Word
    group: Word
    since: Moment
    until: Moment


@router.post("/v1/plans", summary="Plan a verb", status_code=201)
async def post_plan(hub: TheHub, who: Acting, wish: NewPlan) -> dict[str, Any]:
    """Freezes the list and asks the present code about each letter; ``confirmation`` is what the job wants typed."""
    asked = wish.letters if wish.letters is not None else (wish.query or Asking()).selection()
    plan = await hub.plans.make(asked, verb=wish.verb, who=who.name, options=wish.options)
    return {**await hub.plans.shown(plan.id), "confirmation": hub.jobs.confirmation(plan)}


@router.post("/v1/windows", summary="Plan the replay of a window of a topic", status_code=201)
async def post_window(hub: TheHub, who: Acting, wish: NewWindow) -> dict[str, Any]:
    """Handled in one transaction that is rolled back; what the group knows is passed over."""
    window = Window(topic=wish.topic, group=wish.group, since=wish.since, until=wish.until)
    plan = await hub.windows.plan(window, who=who.name)
    return {**asdict(plan), "confirmation": hub.jobs.confirmation(plan)}


@router.get("/v1/plans/{plan}", summary="One plan")
async def get_plan(hub: TheHub, who: Looking, plan: UUID) -> dict[str, Any]:
    """Verdicts counted; ``stale`` says why it can no longer be used."""
    del who
    return await hub.plans.shown(plan)


@router.get("/v1/plans/{plan}/letters", summary="A plan letter by letter")
async def get_plan_letters(hub: TheHub, who: Looking, plan: UUID, *, after: After = 0, limit: Limit = 50) -> Rows:
    """``after`` is the last ``n`` seen."""
    del who
    return Rows(rows=[dict(row) for row in await hub.plans.letters(plan, after=after, limit=limit)])


@router.get("/v1/plans/{plan}/diff", summary="What an edit changes")
async def get_diff(hub: TheHub, who: Looking, plan: UUID) -> list[str]:
    """A unified diff of headers and readable body, for whoever approves."""
    del who
    found = await hub.plans.found(plan)
    letters = await hub.plans.letters(plan, limit=1)
    if found.verb != "edit" or not letters:
        return []
    return await hub.edits.diff(letters[0]["letter"], found.options)
