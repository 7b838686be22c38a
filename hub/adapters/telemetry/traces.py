"""Traces over OpenTelemetry: spans to a collector, by OTLP over HTTP."""

import asyncio
from collections.abc import Mapping
from time import time_ns
from types import TracebackType
from typing import Self, Unpack
from uuid import uuid4

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.sampling import ParentBasedTraceIdRatio
from opentelemetry.trace import NonRecordingSpan, SpanContext, SpanKind, StatusCode, TraceFlags
from opentelemetry.util.types import AttributeValue

from hub.adapters.telemetry.collector import Collector, SpanQueue
from hub.application.spans import Step, Told
from hub.application.traceparent import given_trace
from hub.domain.messaging.errors import RefusalError

_KINDS: Mapping[Step, SpanKind] = {
    "document": SpanKind.SERVER,
    "fold": SpanKind.CONSUMER,
    "relay": SpanKind.PRODUCER,
    "deliver": SpanKind.CLIENT,
    "timer": SpanKind.PRODUCER,
}
_SERVICE = "mediation-hub"
_ROOT = Context()


class RecordedSpan:
    """One step, under way; ends with its block."""

    def __init__(self, span: trace.Span) -> None:
        self._span = span
        self.traceparent: str | None = _traceparent(span)

    def tell(self, *, failed: bool = False, **told: Unpack[Told]) -> None:
        """Say something of it."""
        self._span.set_attributes(_attributes(told))
        if failed:
            self._span.set_status(StatusCode.ERROR)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _: type[BaseException] | None, error: BaseException | None, __: TracebackType | None) -> None:
        """A refusal is told by its rule, it is no error of the hub; texts of errors stay out."""
        if isinstance(error, RefusalError):
            self.tell(rule=error.rule)
        elif error is not None:
            self._span.set_attribute("error.type", type(error).__name__)
            self.tell(failed=isinstance(error, Exception))
        self._span.end()


class RecordedBatch:
    """Steps of one transaction: told when its block ends well."""

    on = True

    def __init__(self, tracer: trace.Tracer) -> None:
        self._tracer, self._began = tracer, time_ns()
        self._spans: list[trace.Span] = []
        self._contexts: dict[str | None, Context] = {}

    def add(
        self, step: Step, what: str, parent: str | None, *, failed: bool = False, **told: Unpack[Told]
    ) -> str | None:
        """Begin a step, as early as the batch. In a trace that is not kept nothing is made: it may be most of them."""
        context = self._contexts.get(parent)
        if context is None:
            context = self._contexts[parent] = _context(parent)
        if context is not _ROOT and not trace.get_current_span(context).get_span_context().trace_flags.sampled:
            return parent
        span = self._tracer.start_span(
            f"{step} {what}", context, _KINDS[step], _attributes(told), start_time=self._began
        )
        if failed:
            span.set_status(StatusCode.ERROR)
        self._spans.append(span)
        return _traceparent(span)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, _: type[BaseException] | None, error: BaseException | None, __: object) -> None:
        if error is None:
            ended = time_ns()
            for span in self._spans:
                span.end(ended)


class OpenTelemetrySpans:
    """Spans of one process."""

    def __init__(self, collector: Collector, *, process: str, sample: float) -> None:
        """Send to a collector.

        ``sample`` is the share of traces that are kept among those that begin here; who calls with a
        ``traceparent`` has decided. ``process`` names what runs.
        """
        self._collector = collector
        said = {"service.name": _SERVICE, "service.instance.id": f"{process}-{uuid4().hex}", "hub.process": process}
        self._provider = TracerProvider(
            sampler=ParentBasedTraceIdRatio(sample), resource=Resource.create(said), shutdown_on_exit=False
        )
        self._provider.add_span_processor(SpanQueue(collector))
        self._tracer = self._provider.get_tracer("hub")

    def one(self, step: Step, what: str, parent: str | None, **told: Unpack[Told]) -> RecordedSpan:
        """A step from here to the end of the block."""
        return RecordedSpan(
            self._tracer.start_span(f"{step} {what}", _context(parent), _KINDS[step], _attributes(told))
        )

    def batch(self) -> RecordedBatch:
        """Steps of one transaction."""
        return RecordedBatch(self._tracer)

    async def close(self) -> None:
        """Send what was not sent yet, within seconds."""
        self._collector.hurry()
        await asyncio.to_thread(self._provider.shutdown)


def _context(parent: str | None) -> Context:
    """The context under a ``traceparent``; a new trace when there is none that can be read."""
    given = given_trace(parent)
    if given is None:
        return _ROOT
    _, trace_id, span_id, flags = given.split("-")
    found = SpanContext(int(trace_id, 16), int(span_id, 16), is_remote=True, trace_flags=TraceFlags(int(flags, 16)))
    return trace.set_span_in_context(NonRecordingSpan(found), _ROOT)


def _traceparent(span: trace.Span) -> str:
    found = span.get_span_context()
    return f"00-{found.trace_id:032x}-{found.span_id:016x}-{found.trace_flags:02x}"


def _attributes(told: Told) -> dict[str, AttributeValue]:
    return {f"hub.{name}": value for name, value in told.items()}  # type: ignore[misc]  # a TypedDict's values are object
