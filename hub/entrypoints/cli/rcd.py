"""``hub rcd``: collective settlements for administrators."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from hub.application.chain import Verified
from hub.application.read.case_access import verify
from hub.bootstrap.hub import Hub, opened
from hub.domain.rcd.forms import FORMS, REPRODUCED, FormRow
from hub.domain.rcd.notice_words import LANGUAGES, Language
from hub.entrypoints.cli import rcd_retention
from hub.entrypoints.cli.acting import administrator
from hub.entrypoints.cli.chain import Known, noted, tell
from hub.entrypoints.cli.output import AsJson, show, told

CaseNamed = Annotated[str, typer.Argument(help="The hub's id of the case (c…), or the register's reference of it.")]

app = typer.Typer(
    no_args_is_help=True,
    help="Collective settlements: claims as a workbook, who looked at a case, its way to archives.",
)
app.registered_commands.extend(rcd_retention.app.registered_commands)


@app.callback()
def rcd() -> None:
    """Claims of a case as a workbook; who looked at a case."""


async def _case(hub: Hub, named: str) -> str:
    """Its id; whoever asks while the register is away is told so (royal decree of 11 October 2023, art. 7)."""
    case = hub.case_of(named)
    if await hub.settlements.away([case]):
        typer.echo("The register is away: this is how it stood before.", err=True)
    return case


@app.command("export")
def export(
    case: CaseNamed,
    to: Annotated[Path, typer.Option(help="The file to write.")],
    language: Annotated[str, typer.Option(help="Of headings and words: fr or nl.")] = "fr",
) -> None:
    """Claims of a case in the form of the register's export."""

    async def run() -> bytes:
        async with opened() as hub:
            return await hub.export_claims.for_administrator(administrator(), await _case(hub, case), language)

    with told():
        to.write_bytes(asyncio.run(run()))
        typer.echo(f"written: {to}", err=True)


def _language(named: str | None) -> Language | None:
    """Of notices."""
    if named is None:
        return None
    found = next((one for one in LANGUAGES if one == named), None)
    if found is None:
        raise typer.BadParameter(f"there are {', '.join(LANGUAGES)}", param_hint="--language")
    return found


@app.command("accesses")
def accesses(
    case: CaseNamed,
    before: Annotated[int | None, typer.Option(help="The last number of the page before.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
    as_json: AsJson = False,
) -> None:
    """Who looked at a case, when, how (royal decree of 11 October 2023, art. 4), the newest first: this look too."""

    async def run() -> list[dict[str, object]]:
        async with opened() as hub:
            asked = await _case(hub, case)
            found = await hub.accesses.for_administrator(administrator(), asked, before=before, limit=limit)
            return [dict(row) for row in found]

    with told():
        show(asyncio.run(run()), as_json=as_json, title="Accesses")


@app.command("notices")
def notices(
    case: CaseNamed,
    language: Annotated[str | None, typer.Option(help="fr, nl or de, instead of the debtor's own.")] = None,
    before: Annotated[int | None, typer.Option(help="The last number of the page before.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
    as_json: AsJson = False,
) -> None:
    """What the debtor can read of each access (royal decree of 11 October 2023, art. 8), the newest first."""

    async def run() -> list[dict[str, object]]:
        async with opened() as hub:
            asked, wanted = await _case(hub, case), _language(language)
            found = await hub.debtor_notices.for_administrator(
                administrator(), asked, wanted, before=before, limit=limit
            )
            return [one._asdict() for one in found]

    with told():
        show(asyncio.run(run()), as_json=as_json, title="Notices")


@app.command("channels")
def channels(
    case: CaseNamed,
    after: Annotated[str, typer.Option(help="The last party of the page before.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 100,
    communication: Annotated[
        str | None, typer.Option(help="An act that is communicated: with its form for each party on paper.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """How each party is reached: through the register or on paper, and what comes next (art. 1675/15bis).

    Every communication of the court or the mediator reproduces art. 1675/15bis §1.
    """
    if communication is not None and communication not in FORMS:
        raise typer.BadParameter(f"one of {', '.join(FORMS)}", param_hint="--communication")

    async def run() -> list[dict[str, object]]:
        async with opened() as hub:
            asked = await _case(hub, case)
            found = await hub.channels.for_administrator(
                administrator(), asked, after=after, limit=limit, communication=communication
            )
            return [{**one._asdict(), "paper": on_paper(one.paper)} for one in found]

    with told():
        show(asyncio.run(run()), as_json=as_json, title="Channels")
        typer.echo(f"every communication of the court or the mediator reproduces art. {REPRODUCED}", err=True)


def on_paper(row: FormRow | None) -> str | None:
    """In one cell."""
    return f"{row.form}, by {row.by} ({row.article})" if row else None


@app.command("outages")
def outages(
    before: Annotated[datetime | None, typer.Option(help="The last start of the page before.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
    as_json: AsJson = False,
) -> None:
    """When the register was away (royal decree of 11 October 2023, arts. 4 and 7), the newest first."""

    async def run() -> list[dict[str, object]]:
        async with opened() as hub:
            since = before.replace(tzinfo=before.tzinfo or UTC) if before else None
            return [dict(row) for row in await hub.settlements.outages(None, since, limit)]

    with told():
        show(asyncio.run(run()), as_json=as_json, title="Outages of the register")


@app.command("verify")
def verify_(known: Known = None, as_json: AsJson = False) -> None:
    """Check every link of the chain of accesses and name the first broken entry (exit code 3)."""
    entry = noted(known)

    async def run() -> Verified:
        async with opened() as hub:
            return await verify(hub.case_accesses, known=entry)

    with told():
        found = asyncio.run(run())
    tell(found, as_json=as_json)
