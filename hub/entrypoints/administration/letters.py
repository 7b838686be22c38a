"""Letters: pages, one, its queue; replay of one, the form of an edit, export."""

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import asdict
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import StreamingResponse

from hub.application.audit import Deed
from hub.application.consume.replay_ports import LetterUnknownError
from hub.application.dead_letters.body import body_of, shown
from hub.application.dead_letters.export import exported
from hub.application.dead_letters.search import SEARCHED, SEARCHED_TOO
from hub.application.dead_letters.selection import Selection
from hub.bootstrap.hub import Hub
from hub.entrypoints.administration.access import Acting, Looking, TheHub
from hub.entrypoints.administration.inputs import Limit, Moment, Prose, Seq, Word

router = APIRouter(tags=["letters"])


class Asking(BaseModel):
    """What letters have in common. ``state``: waiting, replayed, … or any; ``text``: a part of the reason."""

    model_config = ConfigDict(extra="forbid")

    state: Word = "waiting"
    fingerprint: Word | None = None
    consumer_group: Word | None = None
    type: Word | None = None
    source: Word | None = None
    institution: Word | None = None
    origin: Word | None = None
    key: Word | None = None
    text: Word | None = None
    since: Moment | None = None
    until: Moment | None = None

    def selection(self) -> Selection:
        """As the use cases want it."""
        said = {name: getattr(self, name) for name in Asking.model_fields}
        return Selection(**{**said, "state": None if self.state == "any" else self.state})


class LettersAsked(Asking):
    """A page of letters."""

    body: Word = ""
    after: UUID | None = None
    limit: Annotated[int, Field(ge=1, le=1000)] = 50


class LettersExported(Asking):
    """Letters for a file."""

    limit: Annotated[int, Field(ge=1, le=1_000_000)] = 10_000


class LetterList(BaseModel):
    """A page of letters, the oldest first. ``searched``: what was, and what was not."""

    letters: list[dict[str, Any]]
    next: UUID | None
    searched: str


class Rows(BaseModel):
    """A page of rows."""

    rows: list[dict[str, Any]]


class Revealing(BaseModel):
    """Which of a letter's closed fields to open, and what for; it stands in the audit before anything is opened."""

    fields: Annotated[list[Word], Field(min_length=1, max_length=100)]
    purpose: Prose


class Revealed(BaseModel):
    """The values of the fields; ``erased``: the person's key is destroyed, and nobody can open them any more."""

    fields: dict[str, Any]
    erased: bool


class ReplayWish(BaseModel):
    """Replay of one letter. ``last``: it came too early, so it follows what waits behind it."""

    reason: Prose
    last: bool = False


@router.get("/v1/letters", summary="Letters")
async def get_letters(hub: TheHub, who: Looking, wanted: Annotated[LettersAsked, Query()]) -> LetterList:
    """Page by page; nothing personal is in it. ``body`` wants the right to reveal; sealed parts are never searched."""
    page = await hub.search_letters.page(
        wanted.selection(),
        after=wanted.after,
        limit=wanted.limit,
        body=wanted.body,
        who=who.name,
        allowed="reveal" in who.rights,
    )
    searched = SEARCHED_TOO if wanted.body else SEARCHED
    return LetterList(letters=[dict(row) for row in page.letters], next=page.after, searched=searched)


@router.get("/v1/letters/{letter}", summary="One letter")
async def get_letter(hub: TheHub, who: Looking, letter: UUID) -> dict[str, Any]:
    """With its failure, attempts, causes, who looked; ``closed`` names what of its body stays closed. Audited."""
    found = await _found(hub, letter)
    await hub.audit.note([Deed(who=who.name, verb="look", what=f"letter {letter}")])
    rest = {name: value for name, value in found.items() if name not in {"headers", "value", "record_key"}}
    return {
        **rest,
        **shown(found),
        "attempts_made": await hub.letter_reads.attempts(letter),
        "causes": await hub.letter_reads.causes(letter),
        "seen_by": await hub.letter_reads.seen_by(letter),
    }


@router.post("/v1/letters/{letter}/reveal", summary="Open fields of a letter")
async def post_reveal(hub: TheHub, who: Looking, letter: UUID, wish: Revealing) -> Revealed:
    """For a purpose, with the right to reveal, for this one answer; ``closed`` of the letter names the fields."""
    body = body_of(await _found(hub, letter))
    opened = await hub.reveal_letter.once(letter, body, fields=wish.fields, purpose=wish.purpose, who=who)
    return Revealed(fields=dict(opened or {}), erased=opened is None)


@router.get("/v1/letters/{letter}/queue", summary="What waits behind a letter")
async def get_queue(
    hub: TheHub,
    who: Looking,
    letter: UUID,
    *,
    after: Seq = 0,
    limit: Limit = 50,
) -> Rows:
    """In order; ``after`` is the last ``seq`` seen."""
    del who
    rows = await hub.letter_reads.queue(letter, after=after, limit=limit)
    return Rows(rows=[{name: value for name, value in row.items() if name != "headers"} for row in rows])


@router.post("/v1/letters/{letter}/replay", summary="Replay one letter")
async def post_replay(hub: TheHub, who: Acting, letter: UUID, wish: ReplayWish) -> dict[str, Any]:
    """For the group that failed only, then what waits behind it, in order; the answer says what became of it."""
    report = await hub.replay_letter.run(letter, who=who.name, last=wish.last, reason=wish.reason)
    failure = report.failure.reason if report.failure else None
    return {**asdict(report), "failure": failure}


@router.get("/v1/letters/{letter}/edit", summary="What may be edited of a letter")
async def get_edit(hub: TheHub, who: Acting, letter: UUID) -> dict[str, Any]:
    """Its readable body, and each header: locked, sensitive or free. The edit itself is a plan with verb ``edit``."""
    del who
    return await hub.edits.form(letter)


@router.get("/v1/export", summary="Letters as a file", response_class=StreamingResponse)
async def get_export(hub: TheHub, who: Acting, wanted: Annotated[LettersExported, Query()]) -> StreamingResponse:
    """One letter a line, JSON; sealed parts stay sealed. Audited."""

    async def lines() -> AsyncIterator[str]:
        async for one in exported(hub.letter_reads, hub.audit, wanted.selection(), who=who.name, limit=wanted.limit):
            yield json.dumps(one, default=str, ensure_ascii=False) + "\n"

    return StreamingResponse(lines(), media_type="application/x-ndjson")


async def _found(hub: Hub, letter: UUID) -> Mapping[str, Any]:
    found = await hub.letter_reads.letter(letter)
    if found is None:
        raise LetterUnknownError("letter-unknown", f"no dead letter {letter}")
    return found
