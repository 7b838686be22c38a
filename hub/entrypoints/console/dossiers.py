"""Dossiers: what happened in every context, where it is parked, its deadlines, its mails; masked."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from hub.application.audit import Deed
from hub.domain.messaging.errors import RefusalError
from hub.entrypoints.console.rendering import page
from hub.entrypoints.console.visitor import Seq, hub_of, visitor

router = APIRouter()
_PAGE, _TIMELINE = 50, 200


@router.get("/dossiers")
async def get_dossiers(request: Request, cpas: str = "", after: str = "") -> Response:
    """By id, page by page."""
    who = await visitor(request)
    rows = await hub_of(request).dossier_status.listed(cpas=cpas.strip() or None, after=after, limit=_PAGE)
    more = rows[-1]["dossier"] if len(rows) == _PAGE else None
    return page(request, who, "dossiers.html", rows=rows, cpas=cpas.strip(), more=more, first=not after)


@router.get("/dossiers/{dossier}")
async def get_dossier(request: Request, dossier: str, after: Seq = 0) -> Response:
    """One dossier; looking is an entry of the audit."""
    who = await visitor(request)
    hub = hub_of(request)
    status = hub.dossier_status
    subject = await status.subject(dossier)
    if subject is None:
        raise RefusalError("dossier-unknown", f"{dossier[:64]}: no such dossier")
    await hub.audit.note([Deed(who=who.who.name, verb="look", what=f"dossier {dossier}")])
    keys = [dossier, subject]
    timeline = await status.happened(keys, after=after, limit=_TIMELINE)
    context: dict[str, Any] = {
        "dossier": dossier,
        "subject": subject,
        "timeline": timeline,
        "more": timeline[-1]["seq"] if len(timeline) == _TIMELINE else None,
        "parked": await status.parked(keys),
        "deadlines": await status.due(keys),
        "deliveries": await status.outward(dossier),
    }
    return page(request, who, "dossier.html", **context)
