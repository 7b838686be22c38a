"""Letters, filtered, page by page; some of them chosen for a plan."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from hub.application.dead_letters.selection import Selection
from hub.entrypoints.console.rendering import page
from hub.entrypoints.console.visitor import hub_of, visitor

router = APIRouter()
PAGE = 50
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
    """In the order they were recorded, the oldest first. Bodies are not searched: they are sealed."""
    who = await visitor(request)
    asked = {name: request.query_params.get(name, "").strip() for name in ("state", "since", *FILTERS)}
    found = await hub_of(request).letter_reads.letters(selection_of(asked), after=after, limit=PAGE)
    context: dict[str, Any] = {
        "rows": found.letters,
        "after": found.after,
        "first": after is None,
        "asked": {**asked, "state": asked["state"] or "waiting"},
        "filters": [name for name in FILTERS if name != "text"],
        "states": STATES,
    }
    return page(request, who, "letters.html", **context)


def selection_of(asked: dict[str, str]) -> Selection:
    """What a query or form asks for; an empty value is no filter, letters that wait unless it says otherwise."""
    state = asked.get("state") or "waiting"
    given: dict[str, Any] = {name: asked[name] for name in FILTERS if asked.get(name)}
    return Selection(state=None if state == "any" else state, since=_moment(asked.get("since", "")), **given)


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
