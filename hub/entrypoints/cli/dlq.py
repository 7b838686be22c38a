"""``hub dlq``: dead letters, understood and replayed."""

import asyncio
from base64 import b64decode
from typing import Annotated, Any
from uuid import UUID

import typer

from hub.application.consume.replay import LetterUnknownError
from hub.bootstrap.hub import opened
from hub.entrypoints.cli.output import AsJson, console, print_json, show, show_one, told

app = typer.Typer(no_args_is_help=True, help="Dead letters: what failed, why, what waits behind it; and replay.")


@app.command()
def groups(as_json: AsJson = False) -> None:
    """Waiting letters by fingerprint: what fails alike."""

    async def run() -> list[dict[str, Any]]:
        async with opened() as hub:
            return list(await hub.status.letter_groups())

    with told():
        show(asyncio.run(run()), as_json=as_json, title="Dead letters by fingerprint")


@app.command("list")
def list_(
    fingerprint: Annotated[str | None, typer.Option(help="Only letters of this group.")] = None,
    state: Annotated[str, typer.Option(help="waiting or replayed")] = "waiting",
    after: Annotated[UUID | None, typer.Option(help="The last id of the page before.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
    as_json: AsJson = False,
) -> None:
    """Letters in the order they were recorded, page by page."""

    async def run() -> list[dict[str, Any]]:
        async with opened() as hub:
            return list(await hub.status.letters_listed(state=state, of=fingerprint, after=after, limit=limit))

    with told():
        show(asyncio.run(run()), as_json=as_json, title="Dead letters")


@app.command("show")
def show_letter(letter: UUID, as_json: AsJson = False) -> None:
    """One letter: its record's metadata, its failure, what waits behind it. The personal part stays closed."""

    async def run() -> dict[str, Any]:
        async with opened() as hub:
            found = await hub.status.letter_shown(letter)
        if found is None:
            raise LetterUnknownError("letter-unknown", f"no dead letter {letter}; see: hub dlq list")
        return _readable(found)

    with told():
        show_one(asyncio.run(run()), as_json=as_json)


def _readable(found: dict[str, Any]) -> dict[str, Any]:
    headers = {name: b64decode(value).decode(errors="replace") for name, value in found.pop("headers")}
    body = (found.pop("value") or b"").decode(errors="replace")
    found.pop("record_key")
    return {**found, "headers": headers, "body": body}


@app.command()
def replay(
    letter: UUID,
    last: Annotated[
        bool, typer.Option("--last", help="The letter came too early: handle it after what waits behind it.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Handle a letter again, for the group that failed only, then what waits behind it, in order.

    Exit code 3: it failed again, or a letter behind it did; the dossier stays parked.
    """

    async def run() -> dict[str, Any]:
        async with opened() as hub:
            await hub.clock.refresh()
            report = await hub.replay.letter(letter, last=last)
        return {
            "letter": report.letter,
            "succeeded": report.succeeded,
            "released": report.released,
            "parked": report.parked,
            "reason": report.failure.reason if report.failure else None,
        }

    with told():
        result = asyncio.run(run())
        if as_json:
            print_json(result)
        else:
            console().print(_sentence(result), markup=False)
        if result["parked"]:
            raise typer.Exit(3)


def _sentence(result: dict[str, Any]) -> str:
    if not result["succeeded"]:
        return f"Failed again: {result['reason']}. The dossier stays parked; mend the cause first."
    if result["parked"]:
        return f"Replayed, {result['released']} released behind it; then one failed: {result['reason']}."
    return f"Replayed, {result['released']} records released behind it. The dossier goes on."


@app.command()
def resume(group: Annotated[str, typer.Argument(help="A consumer group, for example hub.claims.")]) -> None:
    """Let a consumer group that reached its ceiling go on, once the cause is mended."""

    async def run() -> bool:
        async with opened() as hub:
            return await hub.stops.resume(group)

    with told():
        was = asyncio.run(run())
        console().print(f"{group} goes on within seconds." if was else f"{group} is not stopped.")
