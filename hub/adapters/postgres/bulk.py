"""Everything a batch makes, written with one statement a table."""

from base64 import b64encode
from collections.abc import Sequence

from pydantic_core import to_json

from hub.adapters.postgres.database import Connection
from hub.adapters.postgres.projections import write_rows
from hub.application.ports import Failure, FeedRow, Follow, Handled, Letter, OutboxRow, Outcome, Queued, Record
from hub.domain.messaging.cloudevent import event_id_of
from hub.domain.messaging.decision import Delivery, Timer
from hub.domain.messaging.topics import shard_of

_STATES = """
UPDATE state SET data = new.data FROM unnest($2::text[], $3::text[]) AS new (key, data)
WHERE state.consumer_group = $1 AND state.key = new.key
"""
_DELIVERIES = """
INSERT INTO delivery (id, event_id, effect, kind, partner, key, content, subject, box_event, box, correlationid,
                      traceparent)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
                     $8::text[], $9::uuid[], $10::text[], $11::text[], $12::text[])
ON CONFLICT (event_id, effect) DO NOTHING
"""
_TIMERS = """
INSERT INTO timer (consumer_group, key, name, due, type, data, event_key, subject, correlationid, causationid,
                   traceparent)
SELECT $1, * FROM unnest($2::text[], $3::text[], $4::timestamptz[], $5::text[], $6::text[], $7::text[],
                         $8::text[], $9::text[], $10::text[], $11::text[])
ON CONFLICT (consumer_group, key, name) DO UPDATE SET due = excluded.due, type = excluded.type,
    data = excluded.data, event_key = excluded.event_key, causationid = excluded.causationid,
    traceparent = excluded.traceparent
"""
_TIMERS_GONE = """
DELETE FROM timer USING unnest($2::text[], $3::text[]) AS gone (key, name)
WHERE timer.consumer_group = $1 AND timer.key = gone.key AND timer.name = gone.name
"""
_RING = "SELECT pg_notify(channel, '') FROM unnest($1::text[]) AS channel"
"""Whoever waits is woken when the transaction commits."""
_FINGERPRINTS = """
INSERT INTO fingerprint (id, stage, exception, location, trace)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) ON CONFLICT DO NOTHING
"""
_PARK = """
INSERT INTO parked_key (consumer_group, key, letter) SELECT $1, * FROM unnest($2::text[], $3::uuid[])
ON CONFLICT (consumer_group, key) DO UPDATE SET letter = excluded.letter
"""
_HANDLED = ("consumer_group", "key", "event_id", "attributes", "value")
_OUTBOX = ("shard", "topic", "key", "headers", "value")
_FEED = ("institution", "event_id", "type", "attributes", "value")
_RECORD = ("topic", "partition", "offset", "timestamp", "record_key", "headers", "value")
_QUEUED = ("consumer_group", "key", "event_id", *_RECORD)
_LETTER = ("id", "consumer_group", "key", "event_id", "type", "source", "institution", *_RECORD,
           "fingerprint", "classification", "reason", "state", "attempts")  # fmt: skip


async def write_outcome(connection: Connection, group: str, outcome: Outcome) -> None:
    """Write a batch's outcome; the caller's transaction commits it."""
    if outcome.states:
        await connection.execute(_STATES, group, list(outcome.states), list(outcome.states.values()))
    await write_rows(connection, outcome.rows)
    await write_timeline(connection, group, outcome.handled)
    rung = [
        *await put_feed(connection, outcome.feed),
        *await put_outbox(connection, outcome.outbox),
        *await _write_follows(connection, group, outcome.follows),
    ]
    if rung:
        await connection.execute(_RING, rung)
    await write_letters(connection, group, outcome.letters)
    await _write_queued(connection, group, outcome.queued)


async def write_timeline(connection: Connection, group: str, handled: Sequence[Handled]) -> None:
    """What happened to each dossier, as this group saw it."""
    if handled:
        rows = [(group, one.key, one.event_id, one.attributes, one.value) for one in handled]
        await connection.copy_records_to_table("timeline", records=rows, columns=_HANDLED)


async def write_outbox(connection: Connection, rows: Sequence[OutboxRow]) -> None:
    """Events for Kafka; relays are woken when the transaction commits."""
    if rung := await put_outbox(connection, rows):
        await connection.execute(_RING, rung)


async def put_outbox(connection: Connection, rows: Sequence[OutboxRow]) -> Sequence[str]:
    """The channels to ring, as of every part below."""
    if rows:
        records = [(shard_of(row.key), row.topic, row.key, row.headers, row.value or b"") for row in rows]
        await connection.copy_records_to_table("outbox", records=records, columns=_OUTBOX)
        return ["hub_outbox"]
    return []


async def put_feed(connection: Connection, rows: Sequence[FeedRow]) -> Sequence[str]:
    """What institutions may see."""
    if rows:
        records = [(row.institution, row.event_id, row.type, row.attributes, row.value) for row in rows]
        await connection.copy_records_to_table("feed", records=records, columns=_FEED)
        return ["hub_feed"]
    return []


async def _write_follows(connection: Connection, group: str, follows: Sequence[Follow]) -> Sequence[str]:
    rung = []
    deliveries = [(one, one.what) for one in follows if isinstance(one.what, Delivery)]
    if deliveries:
        columns = zip(*(_delivery(one, what) for one, what in deliveries), strict=True)
        await connection.execute(_DELIVERIES, *map(list, columns))
        rung.append("hub_delivery")
    # a batch may set and cancel the same timer: the last word counts
    last = {(one.key, one.what.name): one for one in follows if isinstance(one.what, Timer)}
    timers = [(one, one.what) for one in last.values() if isinstance(one.what, Timer)]
    gone = [(one.key, what.name) for one, what in timers if what.due is None]
    if gone:
        await connection.execute(_TIMERS_GONE, group, *map(list, zip(*gone, strict=True)))
    set_ = [_timer(one, what) for one, what in timers if what.due is not None]
    if set_:
        await connection.execute(_TIMERS, group, *map(list, zip(*set_, strict=True)))
        rung.append("hub_timer")
    return rung


def _delivery(one: Follow, what: Delivery) -> tuple[object, ...]:
    cause = one.cause
    personal = what.personal
    return (
        event_id_of("delivery", str(cause.id), what.effect),
        cause.id,
        what.effect,
        what.kind,
        what.partner,
        what.key,
        to_json(dict(what.content)).decode(),
        personal.subject if personal else None,
        personal.event if personal else None,
        personal.box if personal else None,
        cause.correlationid,
        cause.traceparent,
    )


def _timer(one: Follow, what: Timer) -> tuple[object, ...]:
    if what.event is None:
        raise ValueError(f"timer {what.name} has a due time but no event")
    cause = one.cause
    data = to_json(what.event.clear_json()).decode()
    ids = (cause.correlationid, str(cause.id), cause.traceparent)
    return (one.key, what.name, what.due, what.event.type, data, what.key, what.subject, *ids)


async def write_fingerprints(connection: Connection, failures: Sequence[Failure]) -> None:
    """Once per fingerprint, where it broke."""
    new = {one.fingerprint: one for one in failures}
    if new:
        columns = [(f.fingerprint, f.stage, f.exception, f.location, f.trace) for f in new.values()]
        await connection.execute(_FINGERPRINTS, *map(list, zip(*columns, strict=True)))


async def write_letters(connection: Connection, group: str, letters: Sequence[Letter]) -> None:
    """Dead letters with their parked keys and, once per fingerprint, where it broke."""
    if not letters:
        return
    await write_fingerprints(connection, [one.failure for one in letters])
    await connection.copy_records_to_table(
        "dead_letter", records=[_letter(group, one) for one in letters], columns=_LETTER
    )
    await connection.execute(_PARK, group, [one.key for one in letters], [one.id for one in letters])


def _letter(group: str, one: Letter) -> tuple[object, ...]:
    failure = one.failure
    what = (one.id, group, one.key, one.event_id, one.type, one.source, one.institution)
    why = (failure.fingerprint, failure.classification, failure.reason, "waiting", 1)
    return (*what, *_record(one.record), *why)


async def _write_queued(connection: Connection, group: str, queued: Sequence[Queued]) -> None:
    if queued:
        records = [(group, one.key, one.event_id, *_record(one.record)) for one in queued]
        await connection.copy_records_to_table("parked_record", records=records, columns=_QUEUED)


def _record(record: Record) -> tuple[object, ...]:
    headers = to_json([[name, b64encode(value or b"").decode()] for name, value in record.headers]).decode()
    place = (record.topic, record.partition, record.offset, record.timestamp)
    return (*place, record.key, headers, record.value)
