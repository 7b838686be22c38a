"""Health, readiness and metrics of a process that serves nothing else."""

from collections.abc import Awaitable, Callable

from prometheus_client import generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from hub.bootstrap.telemetry import METRICS


def probe(ready: Callable[[], Awaitable[bool]]) -> Starlette:
    """``/health/live``: it runs; ``/health/ready``: its database answers; ``/metrics``: Prometheus."""

    async def live(_request: Request) -> Response:
        return JSONResponse({"status": "live"})

    async def is_ready(_request: Request) -> Response:
        well = await ready()
        return JSONResponse({"status": "ready" if well else "waiting"}, status_code=200 if well else 503)

    async def metrics(_request: Request) -> Response:
        return Response(generate_latest(METRICS), media_type=CONTENT_TYPE_LATEST)

    routes = [Route("/health/live", live), Route("/health/ready", is_ready), Route("/metrics", metrics)]
    return Starlette(routes=routes)
