"""The way to the collector of traces. When it is away the work goes on: spans are lost, counted and told once."""

import logging
from collections.abc import Sequence
from threading import Event

import structlog
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult

from hub.adapters.telemetry.metrics import SPANS

ROOM, BATCH = 16_384, 2048
"""Spans that may wait, spans of one request."""
_EVERY_MS = 1000
_PATIENCE = 3.0
"""Seconds for one request, its retries included; a stop waits for two at most."""


class Collector(SpanExporter):
    """Sends spans to the collector at ``otlp`` (base URL), for a process that its log lines name.

    ``taken``: how many left the queue, whatever became of them.
    """

    def __init__(self, otlp: str, *, process: str) -> None:
        logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)  # it tells every failed request; we tell once
        self._otlp = OTLPSpanExporter(f"{otlp.rstrip('/')}/v1/traces", timeout=_PATIENCE)
        self._log = structlog.get_logger().bind(process=process)
        self._hurry = Event()
        self._away = False
        self.taken = 0

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Send, or lose: nothing waits behind a collector that is away while the process stops."""
        self.taken += len(spans)
        if self._away and self._hurry.is_set():
            sent = False
        else:
            sent = self._otlp.export(spans) is SpanExportResult.SUCCESS
            self._learn(away=not sent)
        SPANS.labels("sent" if sent else "lost").inc(len(spans))
        return SpanExportResult.SUCCESS if sent else SpanExportResult.FAILURE

    def _learn(self, *, away: bool) -> None:
        if away and not self._away:
            self._log.warning("traces cannot be sent and are lost; the work goes on", setting="HUB_TELEMETRY__OTLP")
        if self._away and not away:
            self._log.info("traces are sent again")
        self._away = away

    def hurry(self) -> None:
        """The process stops: try what waits once, and give up what is being tried in vain."""
        self._hurry.set()
        if self._away:
            self._otlp.shutdown()  # type: ignore[no-untyped-call]  # the library left it untyped

    def shutdown(self) -> None:
        """Let go of the connection."""
        self._otlp.shutdown()  # type: ignore[no-untyped-call]  # the library left it untyped


class SpanQueue(BatchSpanProcessor):
    """Spans on their way to the collector; when there is no room left, new ones are lost."""

    def __init__(self, collector: Collector) -> None:
        super().__init__(collector, max_queue_size=ROOM, max_export_batch_size=BATCH, schedule_delay_millis=_EVERY_MS)
        self._collector = collector
        self._given = 0  # written by the work alone, as ``taken`` is by the sender alone

    def on_end(self, span: ReadableSpan) -> None:
        """Queue a span that is sampled."""
        if not (span.context and span.context.trace_flags.sampled):
            return
        if self._given - self._collector.taken >= ROOM:
            SPANS.labels("lost").inc()
            return
        self._given += 1
        super().on_end(span)
