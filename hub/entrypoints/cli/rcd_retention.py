"""``hub rcd retention|package|archived|erase``: cases that were kept long enough leave (ADR 0028)."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn

from hub.application.transfer.erase_ports import ArchivesReceipt
from hub.application.transfer.ports import Package
from hub.bootstrap.hub import opened
from hub.entrypoints.cli.acting import administrator
from hub.entrypoints.cli.output import AsJson, show, show_one, told

app = typer.Typer()
ACase = Annotated[str, typer.Argument(help="The hub's id of the case (c…), or the register's reference of it.")]


@app.command("retention")
def retention(
    after: Annotated[str, typer.Option(help="The last case of the page before.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 100,
    *,
    erased: Annotated[bool, typer.Option("--erased", help="Those that were erased too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Cases whose retention is over, and how far each is on its way to the State Archives (art. 1675/24)."""

    async def run() -> list[dict[str, object]]:
        async with opened() as hub:
            found = await hub.list_transfers.listed(administrator(), after=after, limit=limit, erased=erased)
            return [dict(row) for row in found]

    with told():
        show(asyncio.run(run()), as_json=as_json, title="Retention")


@app.command("package")
def package(
    case: ACase,
    to: Annotated[Path, typer.Option(help="The file to write; never one that is there.")],
    as_json: AsJson = False,
) -> None:
    """Write the package of a case for the State Archives. It holds personal data, readable: guard the file."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TextColumn("{task.completed}"))

    async def run() -> Package:
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("", total=None)

            def progress(part: str, count: int) -> None:
                bar.update(task, description=part, completed=count)

            async with opened() as hub:
                with hub.package_file(to) as file:
                    return await hub.pack.case(hub.case_of(case), file, who=administrator(), progress=progress)

    with told():
        made = asyncio.run(run())
        shown = {"case": made.case, "sha256": made.sha256.hex(), "size": made.size, "documents": made.documents}
        show_one({**shown, "kept_until": made.until, "file": to}, as_json=as_json)


@app.command("archived")
def archived(
    case: ACase,
    receipt: Annotated[
        Path,
        typer.Option(exists=True, dir_okay=False, help="The Archives' receipt: JSON with reference, date, sha256."),
    ],
    as_json: AsJson = False,
) -> None:
    """Record the receipt of the State Archives: it must confirm the package that was made last."""

    async def run() -> ArchivesReceipt:
        async with opened() as hub:
            return await hub.receive.receipt(hub.case_of(case), receipt.read_bytes(), who=administrator())

    with told():
        found = asyncio.run(run())
        show_one({"reference": found.reference, "date": found.on, "sha256": found.sha256.hex()}, as_json=as_json)


@app.command("erase")
def erase(
    case: ACase,
    reason: Annotated[str, typer.Option(help="Ask for it: why, for the audit.")] = "",
    *,
    confirm: Annotated[bool, typer.Option("--confirm", help="Erase what another administrator asked for.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask again.")] = False,
    as_json: AsJson = False,
) -> None:
    """Erase a case that the State Archives have: one administrator asks (--reason), another confirms (--confirm)."""
    if confirm and not yes:
        typer.confirm("This cannot be undone. Erase?", abort=True)

    async def run() -> dict[str, object]:
        async with opened() as hub:
            asked = hub.case_of(case)
            if not confirm:
                until = await hub.erase_case.ask(asked, who=administrator(), reason=reason)
                return {"case": asked, "asked_by": administrator(), "confirm_before": until}
            gone = await hub.erase_case.confirm(asked, who=administrator())
            return {"case": asked, "erased": True, "rows": gone.rows, "persons": len(gone.persons)}

    with told():
        show_one(asyncio.run(run()), as_json=as_json)
