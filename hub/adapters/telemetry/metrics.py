"""Every metric of the hub, in one place: ``hub_<noun>_<unit>_total`` and gauges that ``hub status`` shows too."""

from prometheus_client import CollectorRegistry, Counter, Histogram

from hub.application.consume.handle_batch import BatchReport

REGISTRY = CollectorRegistry(auto_describe=True)

EVENTS = Counter(
    "hub_events_handled",
    "Events a consumer group saw, by what became of them.",
    ("group", "outcome"),  # folded · failed · queued · known
    registry=REGISTRY,
)
BATCH_SECONDS = Histogram(
    "hub_batch_seconds", "Time of one consumed batch, commit included.", ("group",), registry=REGISTRY
)
BATCH_WAITS = Counter(
    "hub_batch_waits", "Batches that had to wait for infrastructure and try again.", ("group",), registry=REGISTRY
)
RELAYED = Counter("hub_events_relayed", "Events the relay gave to Kafka.", registry=REGISTRY)
DOCUMENTS = Counter(
    "hub_documents_received",
    "Documents by connector and what became of them.",
    ("connector", "state"),
    registry=REGISTRY,
)
DELIVERIES = Counter(
    "hub_deliveries_attempted",
    "Outward effects by effect and outcome.",
    ("effect", "outcome"),  # sent · possibly_doubled · failed · retried
    registry=REGISTRY,
)
TIMERS = Counter("hub_timers_fired", "Deadlines by event type and outcome.", ("type", "outcome"), registry=REGISTRY)
SPANS = Counter(
    "hub_spans_exported", "Spans of traces by what became of them: sent or lost.", ("outcome",), registry=REGISTRY
)


class WorkMeter:
    """Counts what the relay and the consumers do."""

    def relayed(self, events: int) -> None:
        """Events given to Kafka."""
        RELAYED.inc(events)

    def taken(self, connector: str, state: str) -> None:
        """A document came in."""
        DOCUMENTS.labels(connector, state).inc()

    def waited(self, group: str) -> None:
        """A batch must try again later."""
        BATCH_WAITS.labels(group).inc()

    def batch(self, group: str, report: BatchReport, seconds: float) -> None:
        """A batch was committed."""
        for outcome in ("folded", "failed", "queued", "known"):
            EVENTS.labels(group, outcome).inc(getattr(report, outcome))
        BATCH_SECONDS.labels(group).observe(seconds)


class PrometheusDeliveryMeter:
    """Counts deliveries by template (the part of the effect before the slash)."""

    def sent(self, effect: str, *, possibly_doubled: bool) -> None:
        """One was accepted."""
        DELIVERIES.labels(_template(effect), "possibly_doubled" if possibly_doubled else "sent").inc()

    def failed(self, effect: str, rule: str) -> None:  # noqa: ARG002 - the rule is in the log, labels stay few
        """One was given up."""
        DELIVERIES.labels(_template(effect), "failed").inc()

    def retried(self, effect: str, rule: str) -> None:  # noqa: ARG002 - the rule is in the log, labels stay few
        """One is tried again later."""
        DELIVERIES.labels(_template(effect), "retried").inc()


class PrometheusClockMeter:
    """Counts deadlines."""

    def fired(self, type_: str) -> None:
        """One became an event."""
        TIMERS.labels(type_, "fired").inc()

    def unreadable(self, type_: str) -> None:
        """This release cannot read one; it stays."""
        TIMERS.labels(type_, "unreadable").inc()


def _template(effect: str) -> str:
    return effect.partition("/")[0]
