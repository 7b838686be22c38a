"""What follows from folded events, encoded: outbox, feeds, rows, deliveries, timers, timeline, dead letters."""

from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from pydantic_core import from_json, to_json

from hub.application.consume.failures import letter_of
from hub.application.consume.fold_batch import Folded, FoldedBatch
from hub.application.envelope import encode, outbox_row
from hub.application.ports import FeedRow, Follow, Handled, Letter, OutboxRow, Outcome, Queued, Vault
from hub.domain.messaging.cloudevent import CloudEvent, event_id_of
from hub.domain.messaging.decision import Emission
from hub.domain.messaging.topics import DLQ_SUFFIX, Topics
from schemas.dead_letters import DeadLetterRecorded


class Following(NamedTuple):
    """An emission on its way to become an event."""

    emission: Emission
    cause: CloudEvent
    id: UUID


Encoded = tuple[CloudEvent, tuple[str, bytes], tuple[str, ...]]


class Consequences:
    """Turns what a group decided into the outcome that its batch writes."""

    def __init__(self, *, group: str, topics: Topics, vault: Vault) -> None:
        self._group = group
        self._topics = topics
        self._vault = vault
        self._source = f"/{group.replace('.', '/')}"

    async def of(self, batch: FoldedBatch, now: datetime) -> Outcome:
        """The outcome of a batch; boxes of carried personal data are sealed anew under the new event's id."""
        events = await self._events(batch.folded, now)
        letters = [(letter_of(arrival, self._group, failure), arrival.event) for arrival, failure in batch.failed]
        return Outcome(
            states=batch.states,
            handled=[_handled(one) for one in batch.folded],
            rows=[row for one in batch.folded for row in one.decision.rows],
            outbox=[
                *(self._outbox(event, *encoded) for event, encoded, _ in events),
                *(row for letter, cause in letters for row in self._announced(letter, cause, now)),
            ],
            feed=[
                FeedRow(institution=one, event_id=event.id, type=event.type, attributes=encoded[0], value=encoded[1])
                for event, encoded, feeds in events
                for one in feeds
            ],
            follows=[follow for one in batch.folded for follow in _follows(one)],
            letters=[letter for letter, _ in letters],
            queued=[Queued(key=a.key, event_id=a.id, record=a.record) for a in batch.waiting],
        )

    async def _events(self, folded: Sequence[Folded], now: datetime) -> list[Encoded]:
        """Every event that follows, with its stored form and whose feeds show it."""
        following = [
            Following(emission=emission, cause=one.event, id=self._id(one.event, at, emission))
            for one in folded
            for at, emission in enumerate(one.decision.events)
        ]
        boxes = await self._resealed([one for one in following if one.emission.personal])
        events = [self._event(one, boxes.get(one.id), now) for one in following]
        return [(event, encode(event), one.emission.feeds) for event, one in zip(events, following, strict=True)]

    def _id(self, cause: CloudEvent, at: int, emission: Emission) -> UUID:
        """The same cause decided again makes the same event."""
        return event_id_of(str(cause.id), self._group, str(at), emission.data.type)

    def _event(self, one: Following, box: str | None, now: datetime) -> CloudEvent:
        return CloudEvent(
            id=one.id,
            source=self._source,
            type=one.emission.data.type,
            time=one.emission.time or one.cause.time,
            recordedtime=now,
            partitionkey=one.emission.key,
            subject=one.emission.subject,
            correlationid=one.cause.correlationid,
            causationid=str(one.cause.id),
            traceparent=one.cause.traceparent,
            data=one.emission.data,
            box=box,
        )

    async def _resealed(self, carried: Sequence[Following]) -> dict[UUID, str]:
        """Boxes of carried personal data, reduced to what the new event may hold; erased data stays behind."""
        if not carried:
            return {}
        plain = await self._vault.open_many([one.emission.personal for one in carried if one.emission.personal])
        wanted = [
            (one, one.emission.data.opened(from_json(text)).personal_json())
            for one, text in zip(carried, plain, strict=True)
            if text is not None
        ]
        boxes = await self._vault.seal_many(
            [(one.emission.personal.subject, one.id, text) for one, text in wanted if one.emission.personal]
        )
        return {one.id: box for (one, _), box in zip(wanted, boxes, strict=True)}

    def _outbox(self, event: CloudEvent, headers: str, value: bytes) -> OutboxRow:
        topic = self._topics.by_type[event.type].name
        return OutboxRow(topic=topic, key=event.partitionkey, headers=headers, value=value)

    def _announced(self, letter: Letter, cause: CloudEvent | None, now: datetime) -> tuple[OutboxRow, OutboxRow]:
        """A letter for Kafka's tools, bytes untouched, and the event that alerts subscribe to."""
        recorded = CloudEvent(
            id=event_id_of("dead-letter", str(letter.id)),
            source=self._source,
            type=DeadLetterRecorded.type,
            time=now,
            recordedtime=now,
            partitionkey=letter.key,
            subject=None,
            correlationid=letter.key,
            causationid=str(letter.event_id),
            traceparent=cause.traceparent if cause else None,
            data=DeadLetterRecorded(
                letter=letter.id,
                consumer_group=self._group,
                fingerprint=letter.failure.fingerprint,
                stage=letter.failure.stage,
                topic=letter.record.topic,
                event_type=letter.type,
            ),
        )
        return _mirrored(letter, self._group), outbox_row(recorded, self._topics)


def _handled(one: Folded) -> Handled:
    return Handled(
        key=one.arrival.key,
        event_id=one.event.id,
        attributes=_attributes(one.arrival.record.headers),
        value=one.arrival.record.value or b"",
    )


def _attributes(headers: Sequence[tuple[str, bytes]]) -> str:
    """The headers as JSON; bytes of other tools that are no text are replaced."""
    try:
        return to_json(dict(headers)).decode()
    except ValueError:
        return to_json({name: (value or b"").decode(errors="replace") for name, value in headers}).decode()


def _mirrored(letter: Letter, group: str) -> OutboxRow:
    """The record as it came, with its causes in headers, for the ``-dlq`` topic."""
    record = letter.record
    causes = {
        "dlq_letter": str(letter.id),
        "dlq_group": group,
        "dlq_fingerprint": letter.failure.fingerprint,
        "dlq_stage": letter.failure.stage,
        "dlq_reason": letter.failure.reason,
        "dlq_topic": record.topic,
        "dlq_partition": str(record.partition),
        "dlq_offset": str(record.offset),
        "dlq_timestamp": str(record.timestamp),
    }
    headers = [*record.headers, *((name, text.encode()) for name, text in causes.items())]
    return OutboxRow(
        topic=record.topic + DLQ_SUFFIX,
        key=letter.key,
        headers=to_json([[name, b64encode(value or b"").decode()] for name, value in headers]).decode(),
        value=record.value,
    )


def _follows(one: Folded) -> list[Follow]:
    key = one.arrival.key
    deliveries = [Follow(cause=one.event, key=key, what=delivery) for delivery in one.decision.deliveries]
    return [*deliveries, *(Follow(cause=one.event, key=key, what=timer) for timer in one.decision.timers)]
