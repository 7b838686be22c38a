"""The HTTP door of the hub: documents and events in, feeds and dossiers out."""

from fastapi import FastAPI, Request
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.responses import JSONResponse, Response

from hub.entrypoints.http import (
    contracts,
    debts,
    documents,
    dossiers,
    events,
    feed,
    outages,
    persons,
    returns,
    settlements,
    soap,
    workbooks,
)
from hub.entrypoints.http.doors import Doors, doors_of
from hub.entrypoints.http.errors import HANDLED, answer_to
from hub.entrypoints.http.guard import Guard
from hub.entrypoints.http.hot_path import DocumentsFirst
from hub.entrypoints.http.models import Health, KeySet

_ROUTES = (
    *(contracts, documents, soap, events, feed, dossiers, debts, persons, returns, settlements),
    *(outages, workbooks),
)


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
    for routes in _ROUTES:
        app.include_router(routes.router)
    _add_operations(app)
    for kind in HANDLED:
        app.add_exception_handler(kind, answer_to)
    app.add_middleware(DocumentsFirst)
    app.add_middleware(Guard)
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
