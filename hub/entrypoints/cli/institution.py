"""``hub institution``: who may publish and follow, and with which keys."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

import typer

from hub.application.intake.callers import Institution
from hub.bootstrap.hub import opened
from hub.entrypoints.cli.output import AsJson, show, show_one, told

app = typer.Typer(no_args_is_help=True, help="Institutions and their API keys.")


Kind = Literal["fca", "chamber", "office", "cpas"]
Language = Literal["fr", "nl", "de", "en"]
Name = Annotated[str, typer.Argument(help="The institution's id: letters, digits, dot, dash, underscore.")]


@app.command("add")
def add(
    institution: Name,
    *,
    kind: Annotated[Kind, typer.Option(help="What it is.")],
    name: Annotated[str, typer.Option(help="Its name.")],
    email: Annotated[str | None, typer.Option(help="Where its people read mail.")] = None,
    language: Annotated[Language, typer.Option(help="In which language it is answered.")] = "fr",
    as_json: AsJson = False,
) -> None:
    """Add an institution. Exit code 3: it exists, or its id is not of the form."""
    added = Institution(id=institution, kind=kind, name=name, email=email, language=language)

    async def run() -> None:
        async with opened() as hub:
            await hub.institutions.add(added)

    with told():
        asyncio.run(run())
        show_one({"institution": institution, "kind": kind}, as_json=as_json)


@app.command("key")
def key(
    institution: Name,
    connector: Annotated[list[str] | None, typer.Option(help="A connector it may use; repeatable.")] = None,
    event_type: Annotated[
        list[str] | None, typer.Option("--type", help="An event type it may publish; repeatable.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make an API key and print it, this once. It also opens watched folders of its connectors."""

    async def run() -> tuple[str, str]:
        async with opened() as hub:
            return await hub.institutions.key(institution, connector or (), event_type or ())

    with told():
        handle, text = asyncio.run(run())
        show_one({"institution": institution, "id": handle, "key": text}, as_json=as_json)


@app.command("revoke")
def revoke(
    name: Annotated[str, typer.Argument(help="A key's id, or an institution's id: then all its keys.")],
    as_json: AsJson = False,
) -> None:
    """Revoke a key or an institution; within seconds no process accepts it any more."""

    async def run() -> None:
        async with opened() as hub:
            await hub.institutions.revoke(name)

    with told():
        asyncio.run(run())
        show_one({"revoked": name}, as_json=as_json)


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List institutions with their keys, never the secrets."""

    async def run() -> Sequence[Mapping[str, object]]:
        async with opened() as hub:
            return await hub.institutions.listed()

    with told():
        show(asyncio.run(run()), as_json=as_json, title="institutions")
