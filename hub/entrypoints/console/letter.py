"""One letter: what failed and why, what waits behind it, what led to it, who looked; and what can be done."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from hub.application.administer.sign_in import hashed
from hub.application.audit import Deed
from hub.application.consume.replay_ports import LetterUnknownError
from hub.application.dead_letters.body import Body, body_of
from hub.application.reveal import RevealRefusedError
from hub.domain.messaging.errors import RefusalError
from hub.domain.messaging.messages import message
from hub.domain.messaging.return_messages import RETURN_CODES
from hub.entrypoints.console.failures import refusal_text
from hub.entrypoints.console.rendering import page
from hub.entrypoints.console.visitor import Visitor, demand, hub_of, posted, visitor

router = APIRouter()
_QUEUE = 50


@router.get("/letters/{letter}")
async def get_letter(request: Request, letter: UUID) -> Response:
    """The letter, masked but for what this session had revealed; looking is an entry of the audit."""
    who = await visitor(request)
    found = await _found(request, letter)
    await hub_of(request).audit.note([Deed(who=who.who.name, verb="look", what=f"letter {letter}")])
    return await _page(request, who, found)


@router.post("/letters/{letter}/reveal")
async def post_reveal(request: Request, letter: UUID) -> Response:
    """Open fields for a purpose, for minutes."""
    who = await visitor(request)
    form = await posted(request, who.token)
    found = await _found(request, letter)
    try:
        await hub_of(request).reveal_letter.grant(
            letter,
            body_of(found),
            fields=form.all("field"),
            purpose=form.get("purpose"),
            session=hashed(who.token),
            who=who.who,
        )
    except RevealRefusedError as refusal:
        return await _page(request, who, found, refused=refusal_text(refusal, who.language), status=409)
    return RedirectResponse(f"/letters/{letter}?said=revealed#body", 303)


@router.post("/letters/{letter}/replay")
async def post_replay(request: Request, letter: UUID) -> Response:
    """Handle it again, then what waits behind it; or the other way round."""
    who = await visitor(request)
    form = await posted(request, who.token)
    await demand(request, who, "act", verb="replay", what=f"letter {letter}")
    found = await _found(request, letter)
    if not form.get("reason"):
        refused = refusal_text(RefusalError("reason-missing"), who.language)
        return await _page(request, who, found, refused=refused, status=409)
    hub = hub_of(request)
    await hub.clock.refresh()
    try:
        report = await hub.replay_letter.run(
            letter, who=who.who.name, last=form.get("last") == "yes", reason=form.get("reason")
        )
    except RefusalError as refusal:
        return await _page(request, who, found, refused=refusal_text(refusal, who.language), status=409)
    said = "replayed" if report.succeeded and not report.failure else "failed-again"
    return RedirectResponse(f"/letters/{letter}?said={said}", 303)


async def _found(request: Request, letter: UUID) -> Mapping[str, Any]:
    found = await hub_of(request).letter_reads.letter(letter)
    if found is None:
        raise LetterUnknownError("letter-unknown", f"no dead letter {letter}")
    return found


async def _page(
    request: Request, who: Visitor, found: Mapping[str, Any], *, refused: str = "", status: int = 200
) -> Response:
    hub, letter = hub_of(request), found["id"]
    body = body_of(found)
    grant, opened = await hub.reveal_letter.seen(letter, body, session=hashed(who.token), who=who.who)
    context = {
        "letter": found,
        "body": body,
        "grant": grant,
        "opened": opened,
        "queue": [_waiting(row) for row in await hub.letter_reads.queue(letter, after=0, limit=_QUEUE)],
        "attempts": await hub.letter_reads.attempts(letter),
        "seen_by": await hub.letter_reads.seen_by(letter),
        "causes": await hub.letter_reads.causes(letter),
        "minutes": int(hub.settings.console.reveal.total_seconds() // 60),
        "return_codes": RETURN_CODES,
        "told": lambda code: message(code, who.language),
        "refused": refused,
    }
    answer = page(request, who, "letter.html", status=status, **context)
    if grant:  # when the time is over the page masks itself, without a script
        left = int((grant.expires_at - hub.reveal_letter.now()).total_seconds()) + 1
        answer.headers["Refresh"] = f"{max(left, 1)}; url=/letters/{letter}?said=masked"
    return answer


def _waiting(row: Mapping[str, Any]) -> dict[str, Any]:
    masked: Body = body_of({**row, "timestamp": 0, "record_key": None, "value": None})
    return {**row, "type": dict(masked.headers).get("ce_type")}
