"""The hand-written way: what a careful developer writes first. A handler for each message, a transaction each.

``python -m bench.handwritten intake|relay|consume TOPIC``, with the hub's settings in the environment:
a FastAPI route, a loop over the outbox, a FastStream subscriber; SQLAlchemy sessions; the same tables, the
same mapping, sealing and fold, the same guarantees (inbox, state under lock, outbox), one message at a time.
"""

import asyncio
import signal
import sys
from collections.abc import Awaitable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import uvicorn
import uvloop
from aiokafka import AIOKafkaProducer
from fastapi import FastAPI, Request
from faststream import AckPolicy
from faststream.kafka import KafkaBroker, KafkaMessage
from lxml import etree
from pydantic_core import to_json
from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from hub.adapters.kafka.records import record_of
from hub.adapters.postgres.tables import METADATA, feed, inbox, outbox, state, timeline
from hub.application.envelope import attributes, decode, encode, kafka_headers
from hub.application.intake.seal_events import sealed
from hub.bootstrap.connectors import connectors
from hub.bootstrap.hub import Hub, opened
from hub.domain.claims.fold import CLAIMS
from hub.domain.messaging.cloudevent import CloudEvent, event_id_of
from hub.domain.messaging.decision import Decision, Emission, Row
from hub.domain.messaging.topics import shard_of
from hub.sdk import Fact

GROUP = "bench.handwritten"
_ENTRY = "{urn:be:mediationhub:cia:1}Entry"
_IDLE = 0.005


class Handler:
    """One claim event at a time."""

    def __init__(self, hub: Hub) -> None:
        self._sessions = async_sessionmaker(hub.database.engine)
        self._hub = hub

    async def handle(self, event: CloudEvent) -> None:
        """Inbox, state, fold, writes: one transaction."""
        async with self._sessions.begin() as session:
            known = insert(inbox).values(consumer_group=GROUP, event_id=event.id).on_conflict_do_nothing()
            if (await session.execute(known.returning(inbox.c.event_id))).first() is None:
                return
            key = event.subject or event.partitionkey
            mine = (state.c.consumer_group == CLAIMS.group) & (state.c.key == key)
            stored = (await session.execute(select(state.c.data).where(mine).with_for_update())).scalar()
            before = CLAIMS.state.model_validate_json(stored) if stored else None
            decision = CLAIMS.fold(before, event)
            if decision.state != before:
                await session.execute(update(state).where(mine).values(data=decision.state.model_dump_json()))
            await self._write(session, key, event, decision)

    async def _write(self, session: AsyncSession, key: str, event: CloudEvent, decision: Decision[Any]) -> None:
        headers, value = encode(event)
        past = {"consumer_group": GROUP, "key": key, "event_id": event.id, "attributes": headers, "value": value}
        await session.execute(insert(timeline).values(past))
        for row in decision.rows:
            await session.execute(_upsert(row))
        for emission in decision.events:
            follows = _following(event, emission)
            await session.execute(insert(outbox).values(_waiting(self._hub, follows)))
            for institution in emission.feeds:
                await session.execute(insert(feed).values(_shown(institution, follows)))


def _upsert(row: Row) -> Any:
    table = METADATA.tables[row.table]
    values: Mapping[str, Any] = {name: getattr(row, name) for name in row._fields}
    made = insert(table).values(values)
    changed = {name: made.excluded[name] for name in values if name not in row.identity}
    guard = table.c[row.guard] <= made.excluded[row.guard] if row.guard else None
    return made.on_conflict_do_update(index_elements=list(row.identity), set_=changed, where=guard)


def _following(cause: CloudEvent, emission: Emission) -> CloudEvent:
    return CloudEvent(
        id=event_id_of(str(cause.id), GROUP, emission.data.type),
        source="/bench/handwritten",
        type=emission.data.type,
        time=cause.time,
        recordedtime=datetime.now(UTC),
        partitionkey=emission.key,
        subject=emission.subject,
        correlationid=cause.correlationid,
        causationid=str(cause.id),
        data=emission.data,
    )


def _waiting(hub: Hub, event: CloudEvent) -> dict[str, Any]:
    headers, value = encode(event)
    topic, key = hub.topics.by_type[event.type].name, event.partitionkey
    return {"shard": shard_of(key), "topic": topic, "key": key, "headers": headers, "value": value}


def _shown(institution: str, event: CloudEvent) -> dict[str, Any]:
    shown = to_json(attributes(event)).decode()
    value = encode(event)[1]
    return {"institution": institution, "event_id": event.id, "type": event.type, "attributes": shown, "value": value}


async def consume(hub: Hub, topic: str) -> None:
    """A FastStream subscriber that acknowledges each message after its transaction."""
    broker, handler = KafkaBroker(hub.where.kafka, logger=None), Handler(hub)

    @broker.subscriber(topic, group_id=GROUP, auto_offset_reset="earliest", ack_policy=AckPolicy.NACK_ON_ERROR)
    async def claim_told(_: bytes, message: KafkaMessage) -> None:
        event = decode(record_of(message.raw_message))
        if event.type in CLAIMS.handles:
            await handler.handle(event)

    await broker.start()
    try:
        await asyncio.Event().wait()
    finally:
        await broker.stop()


async def relay(hub: Hub, _: str) -> None:
    """The oldest row, sent and acknowledged, removed; then the next."""
    producer = AIOKafkaProducer(bootstrap_servers=hub.where.kafka, enable_idempotence=True, acks="all")
    await producer.start()
    sessions = async_sessionmaker(hub.database.engine)
    oldest = select(outbox).order_by(outbox.c.seq).limit(1).with_for_update(skip_locked=True)
    try:
        while True:
            async with sessions.begin() as session:
                row = (await session.execute(oldest)).first()
                if row is not None:
                    headers = kafka_headers(row.headers)
                    await producer.send_and_wait(row.topic, row.value, key=row.key.encode(), headers=headers)
                    await session.execute(delete(outbox).where(outbox.c.shard == row.shard, outbox.c.seq == row.seq))
            if row is None:
                await asyncio.sleep(_IDLE)
    finally:
        await producer.stop()


async def intake(hub: Hub, _: str) -> None:
    """A route that maps a document item by item. Prints its port, then serves."""
    app, sessions, cia = FastAPI(), async_sessionmaker(hub.database.engine), connectors()["cia"]

    @app.post("/documents", status_code=201)
    async def post(request: Request) -> None:
        root = etree.fromstring(await request.body())
        envelope = cia.envelope(root)
        mapping = cia.documents[str(root.tag)].mapping
        for n, entry in enumerate(root.iterchildren(_ENTRY)):
            for fact in mapping(entry, envelope):
                (event,) = await sealed([_told(hub, fact, f"{envelope.message_id}/{n}")], hub.vault)
                async with sessions.begin() as session:
                    await session.execute(insert(outbox).values(_waiting(hub, event)))

    config = uvicorn.Config(app, port=0, lifespan="off", access_log=False, log_level="warning")
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn tells it by a flag only
        await asyncio.sleep(_IDLE)
    sys.stdout.write(f"port {server.servers[0].sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await task


def _told(hub: Hub, fact: Fact, name: str) -> CloudEvent:
    subject = hub.vault.subject_of(fact.data.identifier() or "")
    return CloudEvent(
        id=event_id_of("handwritten", name),
        source="/connectors/cia",
        type=fact.data.type,
        time=fact.time,
        recordedtime=datetime.now(UTC),
        partitionkey=subject,
        subject=subject,
        correlationid=subject,
        data=fact.data,
    )


async def _until_stopped(stage: str, topic: str) -> None:
    async with opened() as hub:
        work: Awaitable[None] = {"intake": intake, "relay": relay, "consume": consume}[stage](hub, topic)
        task = asyncio.ensure_future(work)
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        with suppress(asyncio.CancelledError):
            await task


if __name__ == "__main__":
    uvloop.run(_until_stopped(sys.argv[1], sys.argv[2]))
