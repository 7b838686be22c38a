"""``hub person``: erasure."""

import asyncio
from typing import Annotated

import typer

from hub.bootstrap.hub import Hub, opened
from hub.entrypoints.cli.output import AsJson, console, print_json, told

app = typer.Typer(no_args_is_help=True, help="Persons, by pseudonym; their identifiers are never arguments.")


@app.command()
def erase(
    subject: Annotated[
        str | None, typer.Argument(help="The person's pseudonym (p…); without it the NISS is asked for, hidden.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask again.")] = False,
    as_json: AsJson = False,
) -> None:
    """Destroy the keys of a person: what the hub holds of her becomes unreadable for everyone, for ever."""
    niss = None if subject else typer.prompt("NISS", hide_input=True)
    if not yes:
        typer.confirm("This cannot be undone. Erase?", abort=True)

    async def run() -> dict[str, object]:
        async with opened() as hub:
            await hub.clock.refresh()
            person = subject or await _subject(hub, niss or "")
            fact = await hub.erase.person(person)
            return {"subject": person, "erased_at": fact.erased_at, "documents": fact.documents}

    with told():
        done = asyncio.run(run())
    if as_json:
        print_json(done)
        return
    console().print(
        f"Erased {done['subject']}; {done['documents']} documents that mention the person lost their key too."
    )


async def _subject(hub: Hub, niss: str) -> str:
    await hub.vault.renew()
    return hub.vault.subject_of("".join(filter(str.isdigit, niss)))
