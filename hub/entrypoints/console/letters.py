"""Letters, filtered, page by page; some of them chosen for a plan."""

import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response, StreamingResponse

from hub.application.dead_letters.export import exported
from hub.application.dead_letters.selection import Selection
from hub.entrypoints.console.rendering import local_moment, page
from hub.entrypoints.console.visitor import demand, hub_of, visitor

router = APIRouter()
PAGE = 50
_MOST = 100_000
STATES = (
    "waiting",
    "archived",
    "returned",
    "replayed",
    "edited",
    "corrected",
    "skipped",
    "redirected",
    "expired",
    "any",
)
FILTERS = ("fingerprint", "consumer_group", "type", "source", "institution", "origin", "key", "text")


@router.get("/letters")
async def get_letters(request: Request, after: UUID | None = None) -> Response:
    """In the order they were recorded, the oldest first; bodies are searched for those who may reveal them."""
    who = await visitor(request)
    asked = _asked(request)
    body = request.query_params.get("body", "").strip()
    found = await hub_of(request).search_letters.page(
        selection_of(asked),
        after=after,
        limit=PAGE,
        body=body,
        who=who.who.name,
        allowed="reveal" in who.who.rights,
    )
    context: dict[str, Any] = {
        "rows": found.letters,
        "after": found.after,
        "first": after is None,
        "asked": {**asked, "state": asked["state"] or "waiting", "body": body},
        "filters": [name for name in FILTERS if name != "text"],
        "states": STATES,
    }
    return page(request, who, "letters.html", **context)


@router.get("/letters/export")
async def get_export(request: Request) -> Response:
    """What the filters find as a file, one letter a line, JSON; sealed parts stay sealed. Audited."""
    who = await visitor(request)
    await demand(request, who, "act", verb="export", what="letters")
    hub, selection = hub_of(request), selection_of(_asked(request))

    async def lines() -> AsyncIterator[str]:
        async for one in exported(hub.letter_reads, hub.audit, selection, who=who.who.name, limit=_MOST):
            yield json.dumps(one, default=str, ensure_ascii=False) + "\n"

    name = {"Content-Disposition": 'attachment; filename="letters.ndjson"'}
    return StreamingResponse(lines(), media_type="application/x-ndjson", headers=name)


def _asked(request: Request) -> dict[str, str]:
    return {name: request.query_params.get(name, "").strip() for name in ("state", "since", *FILTERS)}


def selection_of(asked: dict[str, str]) -> Selection:
    """What a query or form asks for; an empty value is no filter, letters that wait unless it says otherwise."""
    state = asked.get("state") or "waiting"
    given: dict[str, Any] = {name: asked[name] for name in FILTERS if asked.get(name)}
    return Selection(state=None if state == "any" else state, since=local_moment(asked.get("since", "")), **given)
