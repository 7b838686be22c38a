"""``hub dlq groups|group|list|show|reveal|queue``: dead letters, counted, filtered, looked at; bodies stay closed."""

import asyncio
from base64 import b64decode
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

import typer

from hub.application.administer.ports import Administrator
from hub.application.audit import Deed
from hub.application.consume.replay_ports import LetterUnknownError
from hub.application.dead_letters.body import body_of, shown
from hub.application.dead_letters.selection import LetterPage, Selection
from hub.bootstrap.hub import Hub, opened
from hub.entrypoints.cli.acting import administrator
from hub.entrypoints.cli.output import AsJson, console, print_json, show, show_one, told

app = typer.Typer()
_LISTED = ("id", "consumer_group", "key", "type", "fingerprint", "reason", "state", "attempts", "recorded_at")
_QUEUED = ("seq", "event_id", "type", "topic", "partition", "offset", "parked_at")

State = Annotated[str, typer.Option(help="waiting, replayed, edited, skipped, returned, redirected, archived; or any.")]
OfFingerprint = Annotated[str | None, typer.Option("--fingerprint", help="Only letters that failed like this.")]
OfGroup = Annotated[str | None, typer.Option("--group", help="Only of this consumer group.")]
OfType = Annotated[str | None, typer.Option("--type", help="Only of this event type.")]
OfSource = Annotated[str | None, typer.Option("--source", help="Only of this source (CloudEvents attribute).")]
OfInstitution = Annotated[str | None, typer.Option("--institution", help="Only from or for this institution.")]
OfOrigin = Annotated[str | None, typer.Option("--origin", help="record, delivery, document or timer.")]
OfKey = Annotated[str | None, typer.Option("--key", help="Only of this dossier or person, by pseudonym.")]
WithText = Annotated[str | None, typer.Option("--text", help="Only with this in the reason.")]
InBody = Annotated[str, typer.Option("--body", help="Only with this in what is readable of the body. Audited.")]
Since = Annotated[datetime | None, typer.Option(help="Only recorded at or after this moment (UTC).")]


def _state(said: str) -> str | None:
    return None if said == "any" else said


@app.command()
def groups(
    *,
    by: Annotated[str, typer.Option(help="fingerprint, institution, source, type, consumer_group, origin, key.")] = (
        "fingerprint"
    ),
    state: State = "waiting",
    group: OfGroup = None,
    type_: OfType = None,
    institution: OfInstitution = None,
    origin: OfOrigin = None,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
    as_json: AsJson = False,
) -> None:
    """Letters counted together, the largest group first: by what failed alike, or by what they have in common."""
    wanted = Selection(state=_state(state), consumer_group=group, type=type_, institution=institution, origin=origin)

    async def run() -> list[dict[str, Any]]:
        async with opened() as hub:
            return [dict(row) for row in await hub.letter_groups.counted(wanted, by=by, limit=limit)]

    with told():
        show(asyncio.run(run()), as_json=as_json, title=f"Dead letters by {by}")


@app.command()
def group(
    fingerprint: str,
    *,
    owner: Annotated[str | None, typer.Option(help="Who looks after it; an empty text takes it away.")] = None,
    state: Annotated[
        str | None,
        typer.Option(help="new, acknowledged, 'waiting for partner', 'fix released', replaying, closed."),
    ] = None,
    release: Annotated[str | None, typer.Option(help="The release that should mend it.")] = None,
    note: Annotated[str | None, typer.Option(help="A note for whoever comes next.")] = None,
    as_json: AsJson = False,
) -> None:
    """A group: its failure, its trace, its notes. With options: say who owns it, how far it is, what will mend it."""

    async def run() -> dict[str, Any]:
        async with opened() as hub:
            if owner is state is release is note is None:
                return await hub.letter_groups.shown(fingerprint)
            said = {"owner": owner, "state": state, "release": release, "note": note}
            return await hub.letter_groups.change(fingerprint, who=administrator(), **said)

    with told():
        show_one(asyncio.run(run()), as_json=as_json)


@app.command("list")
def list_(
    *,
    fingerprint: OfFingerprint = None,
    state: State = "waiting",
    group: OfGroup = None,
    type_: OfType = None,
    source: OfSource = None,
    institution: OfInstitution = None,
    origin: OfOrigin = None,
    key: OfKey = None,
    text: WithText = None,
    body: InBody = "",
    since: Since = None,
    after: Annotated[UUID | None, typer.Option(help="The last id of the page before.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
    as_json: AsJson = False,
) -> None:
    """Letters in the order they were recorded, page by page. Sealed parts are never searched."""
    wanted = Selection(
        state=_state(state),
        since=since.replace(tzinfo=UTC) if since else None,
        fingerprint=fingerprint,
        consumer_group=group,
        type=type_,
        source=source,
        institution=institution,
        origin=origin,
        key=key,
        text=text,
    )

    with told():
        page = asyncio.run(_page(wanted, body, after, limit))
    show([{name: row[name] for name in _LISTED} for row in page.letters], as_json=as_json, title="Dead letters")
    if page.after and not as_json:
        console().print(f"More: --after {page.after}")


async def _page(wanted: Selection, body: str, after: UUID | None, limit: int) -> LetterPage:
    async with opened() as hub:
        who, allowed = administrator(), hub.settings.reveal.allowed
        return await hub.search_letters.page(wanted, after=after, limit=limit, body=body, who=who, allowed=allowed)


@app.command("show")
def show_letter(letter: UUID, as_json: AsJson = False) -> None:
    """One letter: metadata, failure, attempts, causes, who looked, what waits behind it; closed as to persons."""

    async def run() -> dict[str, Any]:
        async with opened() as hub:
            return await _shown(hub, letter)

    with told():
        found = asyncio.run(run())
    if as_json:
        print_json(found)
        return
    listings = {name: found.pop(name) for name in ("attempts_made", "causes", "seen_by")}
    show_one(found, as_json=False)
    for name, rows in listings.items():
        show(rows, as_json=False, title=name.replace("_", " "))


async def _shown(hub: Hub, letter: UUID) -> dict[str, Any]:
    found = await hub.letter_reads.letter(letter)
    if found is None:
        raise LetterUnknownError("letter-unknown", f"no dead letter {letter}; see: hub dlq list")
    await hub.audit.note([Deed(who=administrator(), verb="look", what=f"letter {letter}")])
    lists = {
        "attempts_made": await hub.letter_reads.attempts(letter),
        "causes": await hub.letter_reads.causes(letter),
        "seen_by": await hub.letter_reads.seen_by(letter),
    }
    rest = {name: value for name, value in found.items() if name not in {"headers", "value", "record_key"}}
    return {**rest, **shown(found), **lists}


@app.command()
def reveal(
    letter: UUID,
    field: Annotated[list[str], typer.Option(help="A closed field, as `hub dlq show` names it; may be repeated.")],
    purpose: Annotated[str, typer.Option(help="What for; it stands in the audit.")] = "",
    as_json: AsJson = False,
) -> None:
    """Open closed fields of a letter, with the right to reveal (HUB_REVEAL__ALLOWED), for a purpose."""

    async def run() -> dict[str, Any]:
        async with opened() as hub:
            found = await hub.letter_reads.letter(letter)
            if found is None:
                raise LetterUnknownError("letter-unknown", f"no dead letter {letter}; see: hub dlq list")
            roles = ("operator",) if hub.settings.reveal.allowed else ()
            who = Administrator(name=administrator(), roles=roles, language="en")
            opened_ = await hub.reveal_letter.once(letter, body_of(found), fields=field, purpose=purpose, who=who)
        return {"erased": True} if opened_ is None else dict(opened_)

    with told():
        show_one(asyncio.run(run()), as_json=as_json)


@app.command()
def queue(
    letter: UUID,
    after: Annotated[int, typer.Option(help="The last seq of the page before.")] = 0,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
    as_json: AsJson = False,
) -> None:
    """What waits behind a letter, in order, page by page."""

    async def run() -> list[dict[str, Any]]:
        async with opened() as hub:
            rows = await hub.letter_reads.queue(letter, after=after, limit=limit)
        told_ = [{**row, "type": _read(row["headers"]).get("ce_type")} for row in rows]
        return [{name: row[name] for name in _QUEUED} for row in told_]

    with told():
        show(asyncio.run(run()), as_json=as_json, title="Waiting behind it")


def _read(headers: list[tuple[str, str]]) -> dict[str, str]:
    return {name: b64decode(value).decode(errors="replace") for name, value in headers}
