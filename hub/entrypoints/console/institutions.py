"""Institutions and connectors with their health; services of the BCSS suspended and resumed."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from hub.application.audit import Deed
from hub.bootstrap.connectors import connectors
from hub.domain.messaging.errors import RefusalError
from hub.entrypoints.console.failures import refusal_text
from hub.entrypoints.console.rendering import page
from hub.entrypoints.console.visitor import Visitor, demand, hub_of, posted, visitor

router = APIRouter()


@router.get("/institutions")
async def get_institutions(request: Request) -> Response:
    """Who publishes and follows, what came from them within a day, what of it waits."""
    who = await visitor(request)
    return page(request, who, "institutions.html", rows=await hub_of(request).health.institutions())


@router.get("/connectors")
async def get_connectors(request: Request) -> Response:
    """Partner systems, the partners that are delivered to, and the services of the BCSS."""
    return await _page(request, await visitor(request))


@router.post("/connectors/{verb}")
async def post_service(request: Request, verb: str) -> Response:
    """Suspend or resume a service; audited."""
    who = await visitor(request)
    form = await posted(request, who.token)
    service, reason = form.get("service"), form.get("reason")
    what = f"service {service[:40]}"
    await demand(request, who, "act", verb=verb[:20], what=what)
    hub = hub_of(request)
    await hub.clock.refresh()
    deed = Deed(who=who.who.name, verb=f"{verb[:20]} service", what=what, reason=reason)
    try:
        if verb == "suspend" and not reason:
            _refuse("reason-missing")
        if verb == "suspend":
            await hub.suspend.suspend(service, reason, who.who.name)
        elif verb == "resume":
            await hub.suspend.resume(service, who.who.name)
        else:
            _refuse("service-verb-unknown")
    except RefusalError as refusal:
        return await _page(request, who, refused=refusal_text(refusal, who.language), status=409)
    await hub.audit.note([deed])
    return RedirectResponse(f"/connectors?said={verb}", 303)


def _refuse(rule: str) -> None:
    raise RefusalError(rule)


async def _page(request: Request, who: Visitor, *, refused: str = "", status: int = 200) -> Response:
    hub = hub_of(request)
    lately = await hub.health.connectors()
    rows = [
        {"name": name, "summary": one.summary, "institutions": one.institutions, "lately": lately.get(name)}
        for name, one in sorted(connectors().items())
    ]
    context = {
        "rows": rows,
        "events": lately.get("events"),
        "partners": await hub.health.partners(),
        "services": await hub.suspend.status(),
        "refused": refused,
    }
    return page(request, who, "connectors.html", status=status, **context)
