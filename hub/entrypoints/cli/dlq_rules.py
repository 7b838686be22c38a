"""``hub dlq rules``: what is known to fail until a release runs."""

import asyncio
from datetime import timedelta
from typing import Annotated

import typer

from hub.application.dead_letters.rules import shown
from hub.bootstrap.hub import opened
from hub.entrypoints.cli.acting import administrator
from hub.entrypoints.cli.output import AsJson, console, show, told

app = typer.Typer(
    no_args_is_help=True,
    help="Park everything like this until a release runs; then it is replayed in canary steps. Rules expire.",
)


@app.command()
def add(
    fingerprint: str,
    *,
    release: Annotated[str, typer.Option(help="The version that mends it, or the beginning of its full name.")],
    days: Annotated[int, typer.Option(min=1, max=90, help="After so many days the rule expires.")] = 14,
    reason: Annotated[str, typer.Option(prompt="Why (it stands in the audit)", help="Why; mandatory.")],
) -> None:
    """Let a fingerprint wait for a release: it no longer counts for the ceiling of its consumer group."""

    async def run() -> None:
        async with opened() as hub:
            await hub.clock.refresh()
            await hub.fingerprint_rules.add(
                fingerprint, release=release, lasts=timedelta(days=days), who=administrator(), reason=reason
            )

    with told():
        asyncio.run(run())
        console().print(f"{fingerprint} waits for release {release}, {days} days at the most.")


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """Every rule."""

    async def run() -> list[dict[str, object]]:
        async with opened() as hub:
            return [dict(shown(rule)) for rule in await hub.fingerprint_rules.listed()]

    with told():
        show(asyncio.run(run()), as_json=as_json, title="Fingerprint rules")


@app.command()
def remove(fingerprint: str) -> None:
    """Take a rule away; its letters stay."""

    async def run() -> None:
        async with opened() as hub:
            await hub.fingerprint_rules.remove(fingerprint, who=administrator())

    with told():
        asyncio.run(run())
        console().print(f"{fingerprint} has no rule any more.")
