"""``hub dlq``: dead letters, understood and replayed."""

import asyncio
from typing import Annotated, Any
from uuid import UUID

import typer

from hub.application.audit import Deed, Outcome
from hub.bootstrap.hub import opened
from hub.entrypoints.cli import dlq_edit, dlq_export, dlq_jobs, dlq_plans, dlq_reads, dlq_rules
from hub.entrypoints.cli.acting import administrator
from hub.entrypoints.cli.output import AsJson, console, print_json, told

app = typer.Typer(no_args_is_help=True, help="Dead letters: what failed, why, what waits behind it; and replay.")
app.registered_commands.extend(dlq_reads.app.registered_commands)
app.registered_commands.extend(dlq_plans.app.registered_commands)
app.registered_commands.extend(dlq_edit.app.registered_commands)
app.registered_commands.extend(dlq_export.app.registered_commands)
app.add_typer(dlq_jobs.app, name="jobs")
app.add_typer(dlq_rules.app, name="rules")


@app.command()
def replay(
    letter: UUID,
    last: Annotated[
        bool, typer.Option("--last", help="The letter came too early: handle it after what waits behind it.")
    ] = False,
    reason: Annotated[str, typer.Option(help="Why, for the audit.")] = "",
    as_json: AsJson = False,
) -> None:
    """Handle a letter again, for the group that failed only, then what waits behind it, in order.

    Exit code 3: it failed again, or a letter behind it did; the dossier stays parked.
    """

    async def run() -> dict[str, Any]:
        async with opened() as hub:
            await hub.clock.refresh()
            report = await hub.replay_letter.run(letter, who=administrator(), last=last, reason=reason)
        return {
            "letter": report.letter,
            "succeeded": report.succeeded,
            "released": report.released,
            "parked": report.parked,
            "reason": report.failure.reason if report.failure else None,
        }

    with told():
        result = asyncio.run(run())
        if as_json:
            print_json(result)
        else:
            console().print(_sentence(result), markup=False)
        if result["parked"]:
            raise typer.Exit(3)


def _sentence(result: dict[str, Any]) -> str:
    if not result["succeeded"]:
        return f"Failed again: {result['reason']}. The dossier stays parked; mend the cause first."
    if result["parked"]:
        return f"Replayed, {result['released']} released behind it; then one failed: {result['reason']}."
    return f"Replayed, {result['released']} records released behind it. The dossier goes on."


@app.command()
def resume(group: Annotated[str, typer.Argument(help="A consumer group, for example hub.claims.")]) -> None:
    """Let a consumer group that reached its ceiling go on, once the cause is mended."""

    async def run() -> bool:
        async with opened() as hub:
            was = await hub.stops.resume(group)
            outcome: Outcome = "done" if was else "refused"
            deed = Deed(who=administrator(), verb="resume", what=f"consumer group {group}", outcome=outcome)
            await hub.audit.note([deed])
            return was

    with told():
        was = asyncio.run(run())
        console().print(f"{group} goes on within seconds." if was else f"{group} is not stopped.")
