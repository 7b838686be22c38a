"""``hub dlq export|window``: letters as a file; a window of a topic for one group."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

from hub.application.dead_letters.export import exported
from hub.application.dead_letters.selection import Selection
from hub.application.dead_letters.window import Window
from hub.bootstrap.hub import opened
from hub.entrypoints.cli.acting import administrator
from hub.entrypoints.cli.dlq_reads import OfFingerprint, OfGroup, State
from hub.entrypoints.cli.output import AsJson, console, print_json, show_one, told

app = typer.Typer()


@app.command()
def export(
    to: Annotated[Path, typer.Argument(help="A new file; one letter a line, JSON.")],
    letters: Annotated[list[UUID] | None, typer.Argument(help="Letters; without any, the options select them.")] = None,
    *,
    fingerprint: OfFingerprint = None,
    group: OfGroup = None,
    state: State = "waiting",
    limit: Annotated[int, typer.Option(min=1, max=1_000_000, help="At most so many letters.")] = 10_000,
) -> None:
    """Write letters to a file: metadata, failure, headers, bodies with personal data sealed. Audited."""
    wanted = Selection(state=None if state == "any" else state, fingerprint=fingerprint, consumer_group=group)

    async def run() -> int:
        async with opened() as hub:
            count = 0
            with to.open("x", encoding="utf-8") as file:
                async for one in exported(
                    hub.letter_reads, hub.audit, letters or wanted, who=administrator(), limit=limit
                ):
                    file.write(json.dumps(one, default=str, ensure_ascii=False) + "\n")
                    count += 1
            return count

    with told():
        console().print(f"{asyncio.run(run())} letters in {to}", markup=False)


@app.command()
def window(
    topic: str,
    group: Annotated[str, typer.Argument(help="A consumer group, for example hub.claims.")],
    *,
    since: Annotated[datetime, typer.Option(help="Records written at or after this moment (UTC).")],
    until: Annotated[datetime, typer.Option(help="And before this one (UTC).")],
    as_json: AsJson = False,
) -> None:
    """Plan the replay of a window of a topic for one group, beside its live offsets; then: hub dlq ask."""

    async def run() -> dict[str, Any]:
        async with opened() as hub:
            await hub.clock.refresh()
            asked = Window(topic=topic, group=group, since=since.replace(tzinfo=UTC), until=until.replace(tzinfo=UTC))
            plan = await hub.windows.plan(asked, who=administrator())
            return {"id": plan.id, **plan.options["would"], "confirm": hub.jobs.confirmation(plan)}

    with told():
        shown = asyncio.run(run())
    if as_json:
        print_json(shown)
        return
    show_one(shown, as_json=False)
    console().print(f'To do it: hub dlq ask {shown["id"]} --reason … --confirm "{shown["confirm"]}"', markup=False)
