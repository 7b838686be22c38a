"""The floor: the stages of the hub doing nothing but move the same bytes, with the same client libraries.

``python -m bench.floor intake|relay|consume KAFKA DSN TOPIC``: a process each, as the hub's are, on uvloop.

- intake: a raw ASGI app on uvicorn; the posted document cut at the end of each item → ``COPY``
- relay: select → one batch a partition → acknowledged → delete
- consume: two lanes, each ``getmany`` → ``COPY`` into one table → commit → commit offsets
"""

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import asyncpg
import uvicorn
import uvloop
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from bench.ground import PARTITIONS

GROUP = "bench.floor"
SOURCE, SINK = "floor_source", "floor_sink"
TABLES = f"""
CREATE TABLE {SOURCE} (seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, partition integer NOT NULL,
                       key bytea NOT NULL, headers bytea NOT NULL, value bytea NOT NULL);
CREATE TABLE {SINK} (seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, key bytea, value bytea);
"""
ITEM_END = b"</Entry>"
LANES, BATCH, RELAY_BATCH = 2, 2000, 4000
_BATCH_BYTES = 256 * 1024
_POLL_MS = 20
_IDLE = 0.002
_TAKE = f"SELECT seq, partition, key, headers, value FROM {SOURCE} ORDER BY seq LIMIT {RELAY_BATCH}"
_REMOVE = f"DELETE FROM {SOURCE} WHERE seq = ANY ($1::bigint[])"
_COLUMNS = ("partition", "key", "headers", "value")

Row = tuple[int, bytes, bytes, bytes]


async def make_tables(dsn: str) -> None:
    """The two tables, in a database of the bench."""
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(TABLES)
    finally:
        await connection.close()


async def fill(dsn: str, rows: Sequence[Row]) -> None:
    """Rows that wait for the relay."""
    connection = await asyncpg.connect(dsn)
    try:
        await _copy(connection, rows)
    finally:
        await connection.close()


async def _copy(connection: Any, rows: Sequence[Row]) -> None:
    await connection.copy_records_to_table(SOURCE, records=rows, columns=_COLUMNS)


async def intake(_: str, dsn: str, __: str) -> None:
    """Prints its port, then serves."""
    async with asyncpg.create_pool(dsn, min_size=1, max_size=8) as pool:

        async def app(scope: Mapping[str, Any], receive: Callable[[], Awaitable[Any]], send: Any) -> None:
            if scope["type"] != "http":
                return
            parts, more = [], True
            while more:
                message = await receive()
                parts.append(message.get("body", b""))
                more = message.get("more_body", False)
            items = b"".join(parts).split(ITEM_END)
            async with pool.acquire() as connection, connection.transaction():
                await _copy(connection, [(n % PARTITIONS, b"", b"", item) for n, item in enumerate(items[:-1])])
            await send({"type": "http.response.start", "status": 201, "headers": [(b"content-length", b"0")]})
            await send({"type": "http.response.body", "body": b""})

        server = uvicorn.Server(uvicorn.Config(app, port=0, lifespan="off", access_log=False, log_level="warning"))
        task = asyncio.create_task(server.serve())
        while not server.started:  # noqa: ASYNC110 - uvicorn tells it by a flag only
            await asyncio.sleep(_IDLE)
        sys.stdout.write(f"port {server.servers[0].sockets[0].getsockname()[1]}\n")
        sys.stdout.flush()
        await task


async def relay(kafka: str, dsn: str, topic: str) -> None:
    """Move rows until told to stop."""
    producer = AIOKafkaProducer(
        bootstrap_servers=kafka, enable_idempotence=True, acks="all", max_batch_size=_BATCH_BYTES, linger_ms=0
    )
    await producer.start()
    connection = await asyncpg.connect(dsn)
    while True:
        async with connection.transaction():
            rows = await connection.fetch(_TAKE)
            if rows:
                await asyncio.gather(*await _sent(producer, topic, rows))
                await connection.execute(_REMOVE, [row[0] for row in rows])
        if not rows:
            await asyncio.sleep(_IDLE)


async def _sent(producer: AIOKafkaProducer, topic: str, rows: Sequence[Any]) -> list[Any]:
    batches: dict[int, Any] = {}
    futures = []
    for _, partition, key, headers, value in rows:
        batch = batches.get(partition)
        fields = {"key": key, "value": value, "timestamp": None, "headers": [("h", headers)]}
        if batch is None or batch.append(**fields) is None:
            if batch is not None:
                futures.append(await producer.send_batch(batch, topic, partition=partition))
            batches[partition] = batch = producer.create_batch()
            batch.append(**fields)
    for partition, batch in batches.items():
        futures.append(await producer.send_batch(batch, topic, partition=partition))
    return futures


async def consume(kafka: str, dsn: str, topic: str) -> None:
    """All lanes, until told to stop."""
    await asyncio.gather(*(_lane(kafka, dsn, topic) for _ in range(LANES)))


async def _lane(kafka: str, dsn: str, topic: str) -> None:
    consumer = AIOKafkaConsumer(
        topic,
        bootstrap_servers=kafka,
        group_id=GROUP,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=4 * 1024 * 1024,
        session_timeout_ms=10_000,
    )
    await consumer.start()
    connection = await asyncpg.connect(dsn)
    while True:
        found = await consumer.getmany(timeout_ms=_POLL_MS, max_records=BATCH)
        rows = [(record.key, record.value) for records in found.values() for record in records]
        if rows:
            async with connection.transaction():
                await connection.copy_records_to_table(SINK, records=rows, columns=("key", "value"))
            await consumer.commit()


async def _until_stopped(work: Awaitable[None]) -> None:
    task = asyncio.ensure_future(work)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    with suppress(asyncio.CancelledError):
        await task


if __name__ == "__main__":
    stage = {"intake": intake, "relay": relay, "consume": consume}[sys.argv[1]]
    uvloop.run(_until_stopped(stage(*sys.argv[2:])))
