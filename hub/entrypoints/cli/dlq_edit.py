"""``hub dlq edit|diff``: another event, or another XML, in a letter's place."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

from hub.bootstrap.hub import opened
from hub.entrypoints.cli.acting import administrator
from hub.entrypoints.cli.dlq_plans import at_once
from hub.entrypoints.cli.output import AsJson, console, print_json, told

app = typer.Typer()


@app.command()
def edit(
    letter: UUID,
    *,
    body: Annotated[Path | None, typer.Option(help="The new body, a JSON file; without it: show what may be.")] = None,
    xml: Annotated[Path | None, typer.Option(help="Of a refused document: its corrected XML.")] = None,
    purpose: Annotated[str, typer.Option(help="Print a refused document's XML for this purpose (logged).")] = "",
    header: Annotated[list[str] | None, typer.Option(help="NAME=VALUE; an empty value takes it away.")] = None,
    reason: Annotated[str, typer.Option(help="Why; mandatory, it is audited.")] = "",
    as_json: AsJson = False,
) -> None:
    """Put a new event in a letter's place. Without --body: its readable body and how free each header is."""
    if xml is not None:
        _edit_xml(letter, xml, reason, as_json=as_json)
        return
    if body is None:
        _show_form(letter, purpose)
        return
    options = {"body": json.loads(body.read_text(encoding="utf-8")), "headers": _headers(header or [])}
    at_once("edit", [letter], reason, as_json=as_json, options=options)


def _headers(given: Sequence[str]) -> dict[str, str | None]:
    pairs = [one.partition("=") for one in given]
    return {name: value or None for name, _, value in pairs}


def _show_form(letter: UUID, purpose: str) -> None:
    async def run() -> dict[str, Any] | str:
        async with opened() as hub:
            if not purpose:
                return await hub.edits.form(letter)
            allowed = hub.settings.reveal.allowed
            return await hub.document_edits.form(letter, who=administrator(), purpose=purpose, allowed=allowed)

    with told():
        found = asyncio.run(run())
        if isinstance(found, str):
            typer.echo(found)
        else:
            print_json(found)


def _edit_xml(letter: UUID, xml: Path, reason: str, *, as_json: bool) -> None:
    text = xml.read_text(encoding="utf-8")

    async def sealed() -> dict[str, Any]:
        async with opened() as hub:
            return await hub.document_edits.sealed(letter, text)

    with told():
        options = asyncio.run(sealed())
    at_once("edit", [letter], reason, as_json=as_json, options=options)


@app.command()
def diff(
    plan: UUID, purpose: Annotated[str, typer.Option(help="What for; asked for the edit of a document.")] = ""
) -> None:
    """What the edit of a plan changes: for whoever approves it."""

    async def run() -> list[str]:
        async with opened() as hub:
            found = await hub.plans.found(plan)
            (one,) = await hub.plans.letters(plan, limit=1)
            if "sealed" in found.options:
                who, allowed = administrator(), hub.settings.reveal.allowed
                return await hub.document_edits.diff(
                    one["letter"], found.options, who=who, purpose=purpose, allowed=allowed
                )
            return await hub.edits.diff(one["letter"], found.options)

    with told():
        for line in asyncio.run(run()):
            console().print(line, markup=False)
