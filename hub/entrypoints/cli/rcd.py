"""``hub rcd``: collective settlements for administrators."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from hub.bootstrap.hub import opened
from hub.entrypoints.cli.output import told

app = typer.Typer(no_args_is_help=True, help="Collective settlements: claims of a case as a workbook.")


@app.callback()
def rcd() -> None:
    """One command so far, and a name for more."""


@app.command("export")
def export(
    case: Annotated[str, typer.Argument(help="The hub's id of the case (c…), or the register's reference of it.")],
    to: Annotated[Path, typer.Option(help="The file to write.")],
    language: Annotated[str, typer.Option(help="Of headings and words: fr or nl.")] = "fr",
) -> None:
    """Claims of a case in the form of the register's export."""

    async def run() -> bytes:
        async with opened() as hub:
            return await hub.export_claims.of(hub.case_of(case), language)

    with told():
        to.write_bytes(asyncio.run(run()))
        typer.echo(f"written: {to}", err=True)
