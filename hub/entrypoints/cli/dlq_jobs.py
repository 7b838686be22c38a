"""``hub dlq jobs``: jobs over dead letters, followed, approved, paused, cancelled."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from hub.application.dead_letters.job_ports import Job
from hub.bootstrap.hub import Hub, opened
from hub.entrypoints.cli.acting import administrator
from hub.entrypoints.cli.output import AsJson, console, print_json, show, show_one, told

app = typer.Typer(no_args_is_help=True, help="Jobs over dead letters: who asked, who approved, how far they are.")
_LOOK = 0.3
Because = Annotated[str, typer.Option(help="Why, for the audit.")]


@app.command("list")
def list_(
    state: Annotated[str, typer.Option(help="asked, running, paused, stopped, done, cancelled, denied, expired.")] = "",
    before: Annotated[int | None, typer.Option(help="The last seq of the page before.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
    as_json: AsJson = False,
) -> None:
    """Jobs, the newest first."""

    async def run() -> list[dict[str, Any]]:
        async with opened() as hub:
            rows = await hub.jobs.listed(states=[state] if state else None, before=before, limit=limit)
            return [dict(row) for row in rows]

    with told():
        show(asyncio.run(run()), as_json=as_json, title="Jobs")


@app.command("show")
def show_job(job: UUID, as_json: AsJson = False) -> None:
    """One job: what was asked, by whom, why, and what became of its letters."""
    with told():
        show_one(asyncio.run(_shown(job)), as_json=as_json)


async def _shown(job: UUID) -> dict[str, Any]:
    async with opened() as hub:
        return await hub.jobs.shown(job)


@app.command("letters")
def letters_(
    job: UUID,
    after: Annotated[int, typer.Option(help="The last n of the page before.")] = 0,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
    as_json: AsJson = False,
) -> None:
    """What became of each letter, page by page."""

    async def run() -> list[dict[str, Any]]:
        async with opened() as hub:
            return [dict(row) for row in await hub.jobs.outcomes(job, after=after, limit=limit)]

    with told():
        show(asyncio.run(run()), as_json=as_json, title=f"Letters of job {job}")


@app.command()
def follow(job: UUID, as_json: AsJson = False) -> None:
    """Watch a job until it ends, stops or is paused. Exit code 3: it stopped, or a letter failed."""

    async def run() -> dict[str, Any]:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        async with opened() as hub:
            with Progress(*columns, console=console(), transient=True) as bar:
                task = bar.add_task("asked", total=None)
                while True:
                    shown = await hub.jobs.shown(job)
                    counts = shown["outcomes"]
                    waiting = counts.get("waiting", 0)
                    bar.update(
                        task, description=shown["state"], total=shown["letters"], completed=shown["letters"] - waiting
                    )
                    if shown["state"] not in {"asked", "running"}:
                        return shown
                    await asyncio.sleep(_LOOK)

    with told():
        shown = asyncio.run(run())
        if as_json:
            print_json(shown)
        else:
            show_one({name: shown[name] for name in ("state", "why_stopped", "outcomes")}, as_json=False)
        if shown["state"] == "stopped" or shown["outcomes"].get("failed"):
            raise typer.Exit(3)


def _changed(change: Callable[[Hub], Awaitable[Job]]) -> None:
    async def run() -> Job:
        async with opened() as hub:
            await hub.clock.refresh()
            return await change(hub)

    with told():
        job = asyncio.run(run())
        console().print(f"Job {job.id} is {job.state}.", markup=False)


@app.command()
def approve(job: UUID) -> None:
    """Let a job run that another administrator asked for."""
    _changed(lambda hub: hub.jobs.approve(job, who=administrator()))


@app.command()
def deny(job: UUID, reason: Because) -> None:
    """Refuse a job that another administrator asked for."""
    _changed(lambda hub: hub.jobs.deny(job, who=administrator(), reason=reason))


@app.command()
def pause(job: UUID) -> None:
    """Let a job stand still after its present step."""
    _changed(lambda hub: hub.jobs.pause(job, who=administrator()))


@app.command()
def resume(job: UUID) -> None:
    """Let a paused or stopped job go on."""
    _changed(lambda hub: hub.jobs.resume(job, who=administrator()))


@app.command()
def cancel(job: UUID, reason: Because = "") -> None:
    """End a job after its present step; what it did stays done, its other letters are free again."""
    _changed(lambda hub: hub.jobs.cancel(job, who=administrator(), reason=reason))
