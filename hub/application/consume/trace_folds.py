"""A span for every event of a batch; what follows from an event belongs under its span."""

from collections.abc import Iterable

from hub.application.consume.arrivals import Arrival, header
from hub.application.consume.fold_batch import Folded, FoldedBatch
from hub.application.ports import Failure
from hub.application.spans import SpanBatch


def trace_folds(batch: FoldedBatch, spans: SpanBatch, group: str, *, queued: Iterable[Arrival] = ()) -> None:
    """Begin the spans of a folded batch, and hand each on to the events, deliveries and timers that follow.

    ``queued``: what must wait from now on; in a replay that is told already.
    """
    if not spans.on:
        return
    batch.folded = [_folded(one, spans, group) for one in batch.folded]
    batch.failed = [(_failed(arrival, failure, spans, group), failure) for arrival, failure in batch.failed]
    for arrival in queued:
        spans.add("fold", _type(arrival), _parent(arrival), group=group, outcome="queued")


def _folded(one: Folded, spans: SpanBatch, group: str) -> Folded:
    event, decision = one.event, one.decision
    traceparent = spans.add("fold", event.type, event.traceparent, group=group, outcome="folded")
    if traceparent == event.traceparent or not (decision.events or decision.deliveries or decision.timers):
        return one
    return one._replace(event=event._replace(traceparent=traceparent))


def _failed(arrival: Arrival, failure: Failure, spans: SpanBatch, group: str) -> Arrival:
    traceparent = spans.add(
        "fold",
        _type(arrival),
        _parent(arrival),
        failed=True,
        group=group,
        outcome="failed",
        stage=failure.stage,
        fingerprint=failure.fingerprint,
    )
    return arrival._replace(event=arrival.event._replace(traceparent=traceparent)) if arrival.event else arrival


def _type(arrival: Arrival) -> str:
    return arrival.event.type if arrival.event else "unreadable"


def _parent(arrival: Arrival) -> str | None:
    return arrival.event.traceparent if arrival.event else header(arrival.record, "ce_traceparent")
