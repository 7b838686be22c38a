"""Spans of a batch: one for every event, handed on to what follows; no work at all when nobody collects."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Unpack
from uuid import UUID

from hub.application.consume.arrivals import Arrival
from hub.application.consume.fold_batch import Folded, FoldedBatch
from hub.application.consume.trace_folds import trace_folds
from hub.application.ports import Failure, Record
from hub.application.spans import OFF, Step, Told
from hub.domain.messaging.cloudevent import CloudEvent
from hub.domain.messaging.decision import Decision, Emission, State
from schemas.mediation import DossierOpened

CAUSE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DATA = DossierOpened(dossier="d" + "1" * 32, cpas="cpas-1", stage="new", opened_at=NOW)
RECORD = Record(
    topic="dossier-events",
    partition=0,
    offset=0,
    timestamp=0,
    key=b"d1",
    value=b"{}",
    headers=(("ce_traceparent", CAUSE.encode()),),
)
FAILURE = Failure(
    fingerprint="f1", stage="fold", classification="ours", exception="E", location="l", reason="r", trace="t"
)


@dataclass
class FakeSpanBatch:
    """Remembers what was begun; the n-th span is called ``span n``."""

    on: bool = True
    begun: list[tuple[str, str | None, bool, dict[str, Any]]] = field(default_factory=list)

    def add(
        self, step: Step, what: str, parent: str | None, *, failed: bool = False, **told: Unpack[Told]
    ) -> str | None:
        self.begun.append((f"{step} {what}", parent, failed, dict(told)))
        return f"span {len(self.begun)}"


def arrival(n: int) -> Arrival:
    event = CloudEvent(
        id=UUID(int=n),
        source="/test",
        type=DATA.type,
        time=NOW,
        recordedtime=NOW,
        partitionkey="d1",
        subject=None,
        correlationid="d1",
        traceparent=CAUSE,
        data=DATA,
    )
    return Arrival(record=RECORD, key="d1", id=event.id, event=event)


def folded(n: int, *emissions: Emission) -> Folded:
    one = arrival(n)
    assert one.event is not None
    return Folded(one, one.event, Decision(state=State(), events=emissions))


def test_what_follows_from_an_event_belongs_under_its_span() -> None:
    batch = FoldedBatch(folded=[folded(1), folded(2, Emission(data=DATA, key="d1"))])
    spans = FakeSpanBatch()

    trace_folds(batch, spans, "hub.mediation")

    assert [one.event.traceparent for one in batch.folded] == [CAUSE, "span 2"]
    told = {"group": "hub.mediation", "outcome": "folded"}
    assert spans.begun == [(f"fold {DATA.type}", CAUSE, False, told)] * 2


def test_failure_and_what_waits_behind_it_are_told_as_such() -> None:
    batch = FoldedBatch(failed=[(arrival(1), FAILURE)], waiting=[arrival(2)])
    spans = FakeSpanBatch()

    trace_folds(batch, spans, "g", queued=batch.waiting)

    failed = {"group": "g", "outcome": "failed", "stage": "fold", "fingerprint": "f1"}
    assert spans.begun == [
        (f"fold {DATA.type}", CAUSE, True, failed),
        (f"fold {DATA.type}", CAUSE, False, {"group": "g", "outcome": "queued"}),
    ]
    cause = batch.failed[0][0].event
    assert cause is not None
    assert cause.traceparent == "span 1"


def test_unreadable_record_belongs_to_the_trace_that_its_header_names() -> None:
    batch = FoldedBatch(failed=[(arrival(1)._replace(event=None), FAILURE)])
    spans = FakeSpanBatch()

    trace_folds(batch, spans, "g")

    assert [(name, parent) for name, parent, *_ in spans.begun] == [("fold unreadable", CAUSE)]


async def test_no_event_is_looked_at_when_nobody_collects() -> None:
    untouchable: Any = object()
    batch = FoldedBatch(folded=untouchable, failed=untouchable, waiting=untouchable)

    async with OFF.batch() as spans:
        trace_folds(batch, spans, "g", queued=untouchable)

    assert batch.folded is untouchable


def test_trace_goes_on_unchanged_when_nobody_collects() -> None:
    with OFF.one("deliver", "invitation", CAUSE, attempt=1) as span:
        span.tell(outcome="sent")

    assert span.traceparent == CAUSE
