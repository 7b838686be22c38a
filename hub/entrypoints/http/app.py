"""The HTTP door of the hub: documents and events in, feeds and dossiers out."""

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response

from hub.application.refusals import DocumentRefusedError, IntakeRefusalError, NotFoundError
from hub.domain.messaging.errors import TransientError
from hub.entrypoints.http import documents, dossiers, events, feed
from hub.entrypoints.http.doors import Doors, doors_of
from hub.entrypoints.http.models import Health, KeySet
from hub.entrypoints.http.problems import refused

_LOG = structlog.get_logger()
_CLIENT_CLOSED = 499


def create_app(doors: Doors) -> FastAPI:
    """The app over its use cases; whoever composes them opens and closes them."""
    app = FastAPI(
        title="Mediation hub",
        version="1",
        description="Institutions of Belgian debt mediation publish documents and events, and follow their feeds.",
        docs_url=None,
        redoc_url=None,
    )
    app.state.doors = doors
    for routes in (documents, events, feed, dossiers):
        app.include_router(routes.router)
    _add_operations(app)
    for kind, handler in _HANDLERS.items():
        app.add_exception_handler(kind, handler)
    return app


def _add_operations(app: FastAPI) -> None:
    """Keys, health and metrics: for everyone, without a key."""

    @app.get("/v1/keys", tags=["receipts"], summary="Keys that receipts are checked with")
    async def get_keys(request: Request) -> KeySet:
        return KeySet.model_validate(doors_of(request).signer.key_set())

    @app.get("/health/live", tags=["operations"], summary="Whether the process runs")
    async def get_live() -> Health:
        return Health(status="live")

    @app.get("/health/ready", tags=["operations"], summary="Whether it can work", responses={503: {"model": Health}})
    async def get_ready(request: Request) -> Response:
        ready = await doors_of(request).ready()
        return JSONResponse({"status": "ready" if ready else "waiting"}, 200 if ready else 503)

    @app.get("/metrics", tags=["operations"], summary="Prometheus metrics", response_class=Response)
    async def get_metrics(request: Request) -> Response:
        return Response(doors_of(request).metrics(), media_type=CONTENT_TYPE_LATEST)


def _language(request: Request) -> str:
    return getattr(request.state, "language", "fr")


async def _on_refusal(request: Request, error: Exception) -> Response:
    assert isinstance(error, IntakeRefusalError)  # noqa: S101 - by its registration below
    return refused(request, error, _language(request))


async def _on_away(request: Request, error: Exception) -> Response:
    _LOG.warning("a part is away", error=str(error))
    return refused(request, IntakeRefusalError("away"), _language(request))


async def _on_form(request: Request, _: Exception) -> Response:
    return refused(request, IntakeRefusalError("query"), _language(request))


async def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - by its registration below
    found = NotFoundError("not-found") if error.status_code == 404 else IntakeRefusalError("method")  # noqa: PLR2004
    answer = refused(request, found, _language(request))
    answer.headers.update(error.headers or {})
    return answer


async def _on_gone(_: Request, __: Exception) -> Response:
    """Nobody reads it: the caller went away before all bytes came, and nothing was stored."""
    return Response(status_code=_CLIENT_CLOSED)


_HANDLERS = {
    IntakeRefusalError: _on_refusal,
    DocumentRefusedError: _on_refusal,
    TransientError: _on_away,
    RequestValidationError: _on_form,
    HTTPException: _on_http,
    ClientDisconnect: _on_gone,
}
