"""``hub dossier``: dossiers as an administrator sees them; personal data stay closed."""

import asyncio
from typing import Annotated, Any

import typer

from hub.bootstrap.hub import opened
from hub.domain.messaging.errors import RefusalError
from hub.entrypoints.cli.output import AsJson, print_json, show, told

app = typer.Typer(no_args_is_help=True, help="Dossiers: what happened to them, what waits, what falls due.")
Limit = Annotated[int, typer.Option(min=1, max=1000, help="Rows of a page.")]


@app.command("list")
def list_(
    cpas: Annotated[str | None, typer.Option(help="Only dossiers of this CPAS.")] = None,
    after: Annotated[str, typer.Option(help="The last id of the page before.")] = "",
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """Dossiers by id, page by page."""

    async def run() -> list[dict[str, Any]]:
        async with opened() as hub:
            return list(await hub.dossier_status.listed(cpas=cpas, after=after, limit=limit))

    with told():
        show(asyncio.run(run()), as_json=as_json, title="Dossiers")


@app.command("show")
def show_dossier(
    dossier: str,
    after: Annotated[int, typer.Option(help="The last seq of the page before.")] = 0,
    limit: Limit = 200,
    as_json: AsJson = False,
) -> None:
    """One dossier: its timeline in every context, where it is parked, its deadlines, its mails."""

    async def run() -> dict[str, Any]:
        async with opened() as hub:
            status = hub.dossier_status
            subject = await status.subject(dossier)
            if subject is None:
                raise RefusalError("dossier-unknown", f"{dossier}: no such dossier; see: hub dossier list")
            keys = [dossier, subject]
            return {
                "timeline": await status.happened(keys, after=after, limit=limit),
                "parked": await status.parked(keys),
                "deadlines": await status.due(keys),
                "deliveries": await status.outward(dossier),
            }

    with told():
        found = asyncio.run(run())
    if as_json:
        print_json(found)
        return
    lines = [{name: one[name] for name in ("seq", "time", "group", "type", "personal")} for one in found["timeline"]]
    show(lines, as_json=False, title=f"Timeline of {dossier}")
    for part in ("parked", "deadlines", "deliveries"):
        show(found[part], as_json=False, title=part.capitalize())
