"""``hub audit``: what administrators did, and whether the record of it is whole."""

import asyncio
from typing import Annotated, Any

import typer

from hub.application.audit import verify
from hub.application.chain import Verified
from hub.bootstrap.hub import opened
from hub.entrypoints.cli.chain import Known, noted, tell
from hub.entrypoints.cli.output import AsJson, show, told

app = typer.Typer(no_args_is_help=True, help="What administrators did, denied attempts too.")
_SHOWN = ("seq", "at", "who", "verb", "what", "outcome", "reason")


@app.command("list")
def list_(
    who: Annotated[str | None, typer.Option(help="Only of this administrator.")] = None,
    what: Annotated[str | None, typer.Option(help="Only of this thing, for example 'letter 0123…'.")] = None,
    before: Annotated[int | None, typer.Option(help="The last number of the page before.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
    as_json: AsJson = False,
) -> None:
    """Entries, the newest first, page by page."""

    async def run() -> list[dict[str, Any]]:
        async with opened() as hub:
            return [dict(row) for row in await hub.audit.listed(before=before, who=who, what=what, limit=limit)]

    with told():
        rows = asyncio.run(run())
        show(
            rows if as_json else [{name: row[name] for name in _SHOWN} for row in rows], as_json=as_json, title="Audit"
        )


@app.command("verify")
def verify_(known: Known = None, as_json: AsJson = False) -> None:
    """Check every link of the chain and name the first broken entry (exit code 3)."""
    entry = noted(known)

    async def run() -> Verified:
        async with opened() as hub:
            return await verify(hub.audit, known=entry)

    with told():
        found = asyncio.run(run())
    tell(found, as_json=as_json)
