"""History: what administrators did, and whether the record of it is whole."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from hub.application.audit import verify
from hub.entrypoints.console.rendering import page
from hub.entrypoints.console.visitor import Seq, hub_of, posted, visitor

router = APIRouter()
_PAGE = 100


@router.get("/audit")
async def get_audit(request: Request, who: str = "", what: str = "", before: Seq | None = None) -> Response:
    """Entries, the newest first."""
    visiting = await visitor(request)
    asked = {"who": who.strip(), "what": what.strip()}
    rows = await hub_of(request).audit.listed(
        before=before, who=asked["who"] or None, what=asked["what"] or None, limit=_PAGE
    )
    more = rows[-1]["seq"] if len(rows) == _PAGE else None
    context: dict[str, Any] = {"rows": rows, "asked": asked, "more": more, "first": before is None, "verified": None}
    return page(request, visiting, "audit.html", **context)


@router.post("/audit/verify")
async def post_verify(request: Request) -> Response:
    """Walk the chain; the answer names the first broken entry."""
    who = await visitor(request)
    await posted(request, who.token)
    verified = await verify(hub_of(request).audit)
    rows = await hub_of(request).audit.listed(before=None, who=None, what=None, limit=_PAGE)
    more = rows[-1]["seq"] if len(rows) == _PAGE else None
    context: dict[str, Any] = {
        "rows": rows,
        "asked": {"who": "", "what": ""},
        "more": more,
        "first": True,
        "verified": verified,
    }
    return page(request, who, "audit.html", **context)
