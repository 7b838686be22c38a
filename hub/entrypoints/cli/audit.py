"""``hub audit``: what administrators did, and whether the record of it is whole."""

import asyncio
from typing import Annotated, Any

import typer

from hub.application.audit import Verified, verify
from hub.bootstrap.hub import opened
from hub.entrypoints.cli.output import AsJson, console, fail, print_json, show, told
from hub.entrypoints.endings import REFUSED

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
def verify_(
    known: Annotated[
        str | None, typer.Option(help="NUMBER:HASH of an entry you noted down; the chain must lead to it.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check every link of the chain and name the first broken entry (exit code 3)."""
    noted = _noted(known)

    async def run() -> Verified:
        async with opened() as hub:
            return await verify(hub.audit, known=noted)

    with told():
        found = asyncio.run(run())
    if as_json:
        print_json({"entries": found.entries, "head": found.head, "broken": found.broken, "why": found.why})
    elif found.broken is None:
        console().print(f"{found.entries} entries, unbroken. Note down its end: {found.entries}:{found.head}")
    if found.broken is not None:
        fail(f"Entry {found.broken} is broken: {found.why}. {found.entries} entries before it hold.", REFUSED)


def _noted(known: str | None) -> tuple[int, str] | None:
    if known is None:
        return None
    number, _, digest = known.partition(":")
    if not number.isdecimal() or not digest:
        raise typer.BadParameter("NUMBER:HASH, as `hub audit verify` prints it", param_hint="--known")
    return int(number), digest
