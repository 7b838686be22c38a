"""A collector of traces on a real port: what an operator's own would be told, decoded."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub.entrypoints.http.server import serving

ERROR = 2
"""Status code of a span that failed."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A span as it arrived. ``process`` is who sent it; times in nanoseconds."""

    process: str
    name: str
    trace: str
    id: str
    parent: str
    told: Mapping[str, Any]
    failed: bool
    began: int
    ended: int


@dataclass
class TraceCollector:
    """Keeps what it is told. ``status`` is what it answers."""

    url: str = ""
    status: int = 200
    requests: list[ExportTraceServiceRequest] = field(default_factory=list)
    asked: int = 0

    async def take(self, request: Request) -> Response:
        body = await request.body()
        self.asked += 1
        if self.status == 200:
            self.requests.append(ExportTraceServiceRequest.FromString(body))
        return Response(status_code=self.status)

    @property
    def spans(self) -> list[Seen]:
        """Every span, in the order of its beginning."""
        return sorted(self._spans(), key=lambda span: span.began)

    def _spans(self) -> Iterator[Seen]:
        for resource in (one for request in self.requests for one in request.resource_spans):
            process = _told(resource.resource.attributes)["hub.process"]
            for span in (one for scope in resource.scope_spans for one in scope.spans):
                yield Seen(
                    process=process,
                    name=span.name,
                    trace=span.trace_id.hex(),
                    id=span.span_id.hex(),
                    parent=span.parent_span_id.hex(),
                    told=_told(span.attributes),
                    failed=span.status.code == ERROR,
                    began=span.start_time_unix_nano,
                    ended=span.end_time_unix_nano,
                )

    def text(self) -> str:
        """All that was sent, readable."""
        return "\n".join(str(request) for request in self.requests)


def _told(attributes: Any) -> dict[str, Any]:
    return {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in attributes}


@asynccontextmanager
async def collecting(port: int = 0) -> AsyncIterator[TraceCollector]:
    """A collector that runs."""
    found = TraceCollector()
    app = Starlette(routes=[Route("/v1/traces", found.take, methods=["POST"])])
    async with serving(app, host="127.0.0.1", port=port, grace=1) as bound:
        found.url = f"http://127.0.0.1:{bound}"
        yield found
