"""The first page: is all well, and what wants a human now."""

from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from hub.entrypoints.console.curves import curve
from hub.entrypoints.console.rendering import page
from hub.entrypoints.console.visitor import hub_of, visitor
from hub.entrypoints.console.watch import Watch

router = APIRouter()
_CURVES = ("events", "outbox_depth", "behind", "dead_letters_waiting")
_LARGEST = 8


@router.get("/")
async def get_overview(request: Request) -> Response:
    """Rates, lag, what waits, what is at risk."""
    return page(request, await visitor(request), "overview.html", **await _context(request))


@router.get("/overview/live")
async def get_overview_live(request: Request) -> Response:
    """The same, as the page asks for it every few seconds."""
    return page(request, await visitor(request), "overview_live.html", **await _context(request))


async def _context(request: Request) -> dict[str, Any]:
    watch: Watch = request.app.state.watch
    look = await watch.now()
    series = {name: watch.series(name) for name in _CURVES}
    return {
        "look": look,
        "groups": look.groups[:_LARGEST],
        "curves": {name: curve(values) for name, values in series.items()},
        "rate": series["events"][-1] if series["events"] else None,
    }


@router.get("/find")
async def get_find(request: Request, q: str = "") -> Response:
    """Go to what an id names: a letter, a job, a group, a dossier; else letters with this in their reason."""
    await visitor(request)
    return RedirectResponse(await _place_of(request, q.strip()), 303)


async def _place_of(request: Request, asked: str) -> str:
    hub = hub_of(request)
    words = asked.lower()
    found = await hub.health.named(words)
    places = {
        "letter": "/letters/{}",
        "job": "/jobs/{}",
        "group": "/groups/{}",
        "dossier": "/dossiers/{}",
        "key": "/letters?state=any&key={}",
    }
    return places[found].format(words) if found else f"/letters{_text(asked)}"


def _text(asked: str) -> str:
    return f"?{urlencode({'text': asked})}" if asked else ""
