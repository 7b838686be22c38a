"""Other people's Kafka clients on our topics: librdkafka reads what we emit and writes what we fold."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary, to_binary, to_structured
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from confluent_kafka import Consumer, Message, Producer

from hub.application.ports import OutboxRow
from hub.bootstrap.hub import Hub
from hub.domain.messaging.cloudevent import event_id_of
from schemas.notices import NoticeRegistered
from tests.integration.intake_parts import door, key_of
from tests.integration.test_log import worker
from tests.support.documents import name_of, niss_of, notice
from tests.support.waiting import until

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("topics_ready")]

SUBJECT = "p" + "7" * 32


async def read(hub: Hub, topic: str, count: int) -> list[Message]:
    """So many records, as librdkafka reads them."""
    consumer = Consumer(
        {
            "bootstrap.servers": hub.where.kafka,
            "group.id": "a-partner",
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
        }
    )
    found: list[Message] = []

    async def all_read() -> bool:
        for message in await asyncio.to_thread(consumer.consume, count, 0.2):
            assert message.error() is None, message.error()
            found.append(message)
        return len(found) >= count

    try:
        consumer.subscribe([topic])
        await until(all_read, f"{count} records of {topic} by librdkafka", within=30)
    finally:
        await asyncio.to_thread(consumer.close)
    return found


async def write(hub: Hub, topic: str, records: Sequence[KafkaMessage]) -> list[int]:
    """Write as librdkafka does, keys where Kafka's own clients put them; the partitions they went to."""
    producer = Producer({"bootstrap.servers": hub.where.kafka, "partitioner": "murmur2_random"})
    places: list[int] = []

    def written(error: object, message: Message) -> None:
        assert error is None, error
        places.append(message.partition() or 0)

    for one in records:
        producer.produce(topic, key=one.key, value=one.value, headers=list(one.headers.items()), on_delivery=written)
    assert await asyncio.to_thread(producer.flush, 20) == 0
    return places


def as_foreign(message: Message) -> KafkaMessage:
    headers = {str(name): value for name, value in list(message.headers() or []) if isinstance(value, bytes)}
    return KafkaMessage(headers=headers, key=message.key(), value=message.value() or b"")


async def emitted(hub: Hub) -> None:
    """A notice on its way through the door and the relay."""
    async with door(hub, await key_of(hub, "fca", "fca", ["fca"])) as client:
        content = notice("n-1", 1, "etude-001", number="N-1")
        answer = await client.post(
            "/v1/connectors/fca/documents", content=content, headers={"content-type": "application/xml"}
        )
        assert answer.status_code == 201, answer.text
    while await hub.relay.once():
        pass


async def test_librdkafka_and_the_cloudevents_package_read_what_the_hub_emits(hub: Hub) -> None:
    await emitted(hub)
    subject = hub.vault.subject_of(niss_of(1))

    (message,) = await read(hub, "fca-notices", 1)

    event = from_binary(as_foreign(message), JSONFormat())
    assert isinstance(event, CloudEvent)
    assert (event.get_specversion(), event.get_id()) == ("1.0", str(event_id_of("fca", "fca", "n-1", "1")))
    assert (event.get_type(), event.get_source()) == (NoticeRegistered.type, "/connectors/fca/fca")
    assert (event.get_subject(), event.get_extension("partitionkey"), message.key()) == (
        subject,
        subject,
        subject.encode(),
    )
    assert event.get_time() == datetime(2026, 1, 15, 13, 2, 11, tzinfo=UTC)
    assert event.get_datacontenttype() == "application/json"
    data = event.get_data()
    assert isinstance(data, dict)
    sealed = data.pop("sealed")
    assert data == {
        "notice": "N-1",
        "kind": "N2",
        "subkind": "conservatory",
        "version": 1,
        "office": "etude-001",
        "registered_at": "2026-01-15T14:02:11+01:00",
        "expires_on": "2029-01-15",
        "nature": "energy",
    }
    assert isinstance(sealed, str)
    assert name_of(1).encode() not in (message.value() or b"")
    await _kcat_reads_the_same(hub, message)


async def _kcat_reads_the_same(hub: Hub, message: Message) -> None:
    """Where kcat is installed, it is one client more."""
    if not (kcat := shutil.which("kcat")):
        return
    process = await asyncio.create_subprocess_exec(
        kcat, "-C", "-e", "-q", "-J", "-b", hub.where.kafka, "-t", "fca-notices", stdout=asyncio.subprocess.PIPE
    )
    said, _ = await asyncio.wait_for(process.communicate(), 30)
    (record,) = [json.loads(line) for line in said.splitlines()]
    assert (record["key"].encode(), record["payload"].encode()) == (message.key(), message.value())
    headers = dict(zip(record["headers"][::2], record["headers"][1::2], strict=True))
    assert {name: value.encode() for name, value in headers.items()} == dict(message.headers() or [])


def registered(event_id: str, *, number: str = "F-1", key: str = SUBJECT) -> CloudEvent:
    """An event as a foreign system makes it with the package."""
    return CloudEvent(
        {
            "id": event_id,
            "source": "/fca/mainframe",
            "type": NoticeRegistered.type,
            "specversion": "1.0",
            "time": datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC),
            "datacontenttype": "application/json",
            "subject": key,
            "partitionkey": key,
        },
        {
            "notice": number,
            "kind": "N2",
            "office": "etude-009",
            "registered_at": "2026-02-03T04:05:06Z",
            "expires_on": "2029-02-03",
            "a_field_of_tomorrow": {"ignored": True},
        },
    )


@asynccontextmanager
async def consuming(hub: Hub) -> AsyncIterator[None]:
    """The consumer of notices at work."""
    subscriber = hub.subscriber("hub.notices", worker(hub).handle)
    await subscriber.start()
    try:
        yield
    finally:
        await subscriber.stop()


async def folded(hub: Hub, count: int) -> list[Mapping[str, Any]]:
    """The notices there are, once a number of events has been handled, dead-lettered or queued."""
    pool = hub.database.pool

    async def handled() -> bool:
        return bool(await pool.fetchval("SELECT count(*) FROM inbox") == count)

    await until(handled, f"{count} events")
    return [dict(row) for row in await pool.fetch("SELECT * FROM projection_notice ORDER BY notice")]


async def test_event_that_librdkafka_writes_with_an_id_of_another_form_is_folded_once(hub: Hub) -> None:
    message = to_binary(registered("FCA/2026/000.123#7"), JSONFormat())
    later = to_binary(registered("FCA/2026/000.124#1", number="F-2"), JSONFormat())
    async with consuming(hub):
        places = await write(hub, "fca-notices", [message, message, later])
        notices = await folded(hub, 2)

    assert [(row["subject"], row["notice"], row["office"], row["state"]) for row in notices] == [
        (SUBJECT, "F-1", "etude-009", "active"),
        (SUBJECT, "F-2", "etude-009", "active"),
    ]
    timeline = await hub.database.pool.fetch("SELECT event_id, attributes FROM timeline ORDER BY seq")
    assert [row["event_id"] for row in timeline] == [
        event_id_of("foreign", "/fca/mainframe", one) for one in ("FCA/2026/000.123#7", "FCA/2026/000.124#1")
    ]
    assert json.loads(timeline[0]["attributes"])["ce_id"] == "FCA/2026/000.123#7"
    assert len(set(places)) == 1


async def test_hub_and_librdkafka_put_a_key_into_the_same_partition(hub: Hub) -> None:
    keys = [f"p{n:032x}" for n in range(40)]
    headers = json.dumps({"id": "ours"})
    await hub.publisher.publish([OutboxRow(topic="fca-notices", key=key, headers=headers, value=b"{}") for key in keys])
    await write(hub, "fca-notices", [to_binary(registered(f"e-{key}", key=key), JSONFormat()) for key in keys])

    places: dict[bytes, set[int]] = {}
    for message in await read(hub, "fca-notices", 2 * len(keys)):
        places.setdefault(message.key() or b"", set()).add(message.partition() or 0)

    assert len(places) == len(keys)
    assert {len(partitions) for partitions in places.values()} == {1}
    assert set.union(*places.values()) == {0, 1, 2, 3}


async def test_headers_of_other_tools_stop_no_event(hub: Hub) -> None:
    made = to_binary(registered("traced"), JSONFormat())
    headers = {**made.headers, "b3": b"\xff\x00\x81", "schema-id": b"\x00\x00\x00\x2a", "empty": b""}
    async with consuming(hub):
        await write(hub, "fca-notices", [KafkaMessage(headers=headers, key=made.key, value=made.value)])
        notices = await folded(hub, 1)

    assert [row["notice"] for row in notices] == ["F-1"]


async def test_what_is_no_event_of_ours_is_a_letter_and_stops_nobody_else(hub: Hub) -> None:
    good = to_binary(registered("good", number="F-9", key="p" + "9" * 32), JSONFormat())
    wrong = [
        to_structured(registered("structured", key="p" + "1" * 32), JSONFormat()),  # the hub reads binary mode
        KafkaMessage(headers={}, key="p" + "2" * 32, value=b"no headers at all"),
        KafkaMessage(headers={"ce_type": b"\xff\xfe"}, key="p" + "3" * 32, value=b"{}"),
        KafkaMessage(headers={**good.headers, "ce_subject": b"p4"}, key="p4", value=b'{"notice": 7}'),
    ]
    async with consuming(hub):
        await write(hub, "fca-notices", [*wrong, good])
        notices = await folded(hub, 5)

    assert [row["notice"] for row in notices] == ["F-9"]
    letters = await hub.database.pool.fetch("SELECT key, classification, reason FROM dead_letter ORDER BY key")
    assert [row["key"] for row in letters] == [*(f"p{n * 32}" for n in "123"), "p4"]
    assert {row["classification"] for row in letters} == {"partner"}
    parked = await hub.database.pool.fetchval("SELECT count(*) FROM parked_key")
    assert parked == 4
