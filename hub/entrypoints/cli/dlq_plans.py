"""``hub dlq plan|ask|skip|archive|restore``: what would happen first, then the job that does it."""

import asyncio
from collections.abc import Sequence
from typing import Annotated, Any, get_args
from uuid import UUID

import typer
from rich.progress import Progress

from hub.application.dead_letters.job_ports import JobOptions, Plan, Verb
from hub.application.dead_letters.selection import Selection
from hub.bootstrap.hub import Hub, opened
from hub.domain.messaging.return_messages import RETURN_CODES
from hub.entrypoints.cli.acting import administrator
from hub.entrypoints.cli.dlq_reads import OfFingerprint, OfGroup, OfInstitution, OfKey, OfOrigin, OfType
from hub.entrypoints.cli.output import AsJson, console, fail, print_json, show, show_one, told

app = typer.Typer()
Reason = Annotated[str, typer.Option(prompt="Why (it stands in the audit)", help="Why; mandatory, it is audited.")]
Confirm = Annotated[str, typer.Option(help="Of a query-wide plan: its verb and number of letters, REPLAY 1240.")]
Letters = Annotated[list[UUID] | None, typer.Argument(help="Letters; without any, the options select them.")]


@app.command()
def plan(
    verb: Annotated[str, typer.Argument(help="replay, skip, archive, restore, return, redirect.")],
    letters: Letters = None,
    *,
    fingerprint: OfFingerprint = None,
    group: OfGroup = None,
    type_: OfType = None,
    institution: OfInstitution = None,
    origin: OfOrigin = None,
    key: OfKey = None,
    as_json: AsJson = False,
) -> None:
    """Say what would become of each letter: the present code runs, in a transaction that is rolled back."""
    state = {"restore": "archived"}.get(verb, "waiting")
    wanted = Selection(
        state=state,
        fingerprint=fingerprint,
        consumer_group=group,
        type=type_,
        institution=institution,
        origin=origin,
        key=key,
    )

    async def run() -> tuple[dict[str, Any], str | None]:
        async with opened() as hub:
            made = await planned(hub, letters or wanted, verb)
            return await hub.plans.shown(made.id), hub.jobs.confirmation(made)

    with told():
        shown, confirmation = asyncio.run(run())
    if as_json:
        print_json(shown)
        return
    show(shown["verdicts"], as_json=False, title=f"Plan {shown['id']}: {verb} {shown['letters']} letters")
    confirmed = f' --confirm "{confirmation}"' if confirmation else ""
    console().print(f"To do it: hub dlq ask {shown['id']} --reason …{confirmed}", markup=False)


async def planned(
    hub: Hub, asked: Selection | Sequence[UUID], verb: str, options: dict[str, Any] | None = None
) -> Plan:
    """A plan, its making shown."""
    if verb not in get_args(Verb):
        fail(f"there is no verb {verb}; one of: {', '.join(get_args(Verb))}", 2)
    await hub.clock.refresh()
    with Progress(console=console(), transient=True) as bar:
        task = bar.add_task("Asking the present code", total=None)

        def progress(done: int, of: int) -> None:
            bar.update(task, completed=done, total=of)

        who = administrator()
        return await hub.plans.make(asked, verb=verb, who=who, options=options, progress=progress)  # type: ignore[arg-type]


@app.command("verdicts")
def verdicts_(
    plan: UUID,
    after: Annotated[int, typer.Option(help="The last n of the page before.")] = 0,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
    as_json: AsJson = False,
) -> None:
    """A plan letter by letter, page by page."""

    async def run() -> list[dict[str, Any]]:
        async with opened() as hub:
            return [dict(row) for row in await hub.plans.letters(plan, after=after, limit=limit)]

    with told():
        show(asyncio.run(run()), as_json=as_json, title=f"Plan {plan}")


@app.command()
def ask(
    plan: UUID,
    *,
    reason: Reason,
    confirm: Confirm = "",
    everything: Annotated[bool, typer.Option("--all", help="Also letters whose verdict is not good.")] = False,
    rate: Annotated[float | None, typer.Option(min=0, help="Letters a second; 0: no limit.")] = None,
    as_json: AsJson = False,
) -> None:
    """Ask for what a plan showed. It runs at once, or waits for a second administrator."""

    async def run() -> dict[str, Any]:
        async with opened() as hub:
            await hub.clock.refresh()
            options = _with_rate(hub.job_options(), rate)
            job = await hub.jobs.ask(
                plan, who=administrator(), reason=reason, typed=confirm, everything=everything, options=options
            )
            return await hub.jobs.shown(job.id)

    with told():
        _told(asyncio.run(run()), as_json=as_json)


def _with_rate(options: JobOptions, rate: float | None) -> JobOptions:
    if rate is None:
        return options
    return JobOptions(
        canary=options.canary,
        stop_share=options.stop_share,
        stop_lag=options.stop_lag,
        rate=rate,
        together=options.together,
    )


def _told(job: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(job)
        return
    show_one({name: job[name] for name in ("id", "verb", "state", "letters", "reason")}, as_json=False)
    if job["state"] == "asked":
        console().print(f"Another administrator must approve it: hub dlq jobs approve {job['id']}", markup=False)
    else:
        console().print(f"Follow it: hub dlq jobs follow {job['id']}", markup=False)


def at_once(
    verb: Verb, letters: Sequence[UUID], reason: str, *, as_json: bool, options: dict[str, Any] | None = None
) -> None:
    """Plan and ask in one go, for letters that are named."""

    async def run() -> dict[str, Any]:
        async with opened() as hub:
            made = await planned(hub, letters, verb, options)
            job = await hub.jobs.ask(made.id, who=administrator(), reason=reason)
            return await hub.jobs.shown(job.id)

    with told():
        _told(asyncio.run(run()), as_json=as_json)


Some = Annotated[list[UUID], typer.Argument(help="Letters.")]


@app.command()
def skip(letters: Some, *, reason: Reason, as_json: AsJson = False) -> None:
    """Leave letters out for good and release what waits behind them; another administrator approves."""
    at_once("skip", letters, reason, as_json=as_json)


@app.command("return")
def return_(
    letters: Some,
    *,
    code: Annotated[str, typer.Option(help=f"What the sender is told: {', '.join(RETURN_CODES)}.")],
    where: Annotated[str, typer.Option(help="XPath or JSON pointer of what is wrong.")] = "",
    reason: Reason,
    as_json: AsJson = False,
) -> None:
    """Return letters to their senders, signed; the dossiers wait for the corrections, which close the letters."""
    at_once("return", letters, reason, as_json=as_json, options={"code": code, "where": where or None})


@app.command()
def archive(letters: Some, *, reason: Reason, as_json: AsJson = False) -> None:
    """Lay letters aside; their dossiers go on waiting. After a time they expire and their dossiers are released."""
    at_once("archive", letters, reason, as_json=as_json)


@app.command()
def restore(letters: Some, *, reason: Reason, as_json: AsJson = False) -> None:
    """Take archived or returned letters back among those that wait."""
    at_once("restore", letters, reason, as_json=as_json)
