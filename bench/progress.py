"""How fast something goes: looked at from outside, the same way for the hub, its floor and the hand-written way."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from time import perf_counter

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import GroupCoordinatorNotAvailableError

from bench.ground import PARTITIONS

Read = Callable[[], Awaitable[int]]
_WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = $1::regclass"
_LOOK_EVERY = 0.01


class TooSlowError(Exception):
    """What is measured did not come to its end in time."""


async def rate(read: Read, target: int, *, within: float = 600.0) -> float:
    """Things a second from the first sign of progress (its first batch is warm-up) to ``target``."""
    before = first = (perf_counter(), 0)
    deadline = before[0] + within
    while True:
        now = (perf_counter(), await read())
        if now[1] >= target:
            since = first if 0 < first[1] < target else before
            return (target - since[1]) / (now[0] - since[0])
        if now[0] > deadline:
            raise TooSlowError(f"{now[1]} of {target} after {within:.0f} s")
        if first[1] == 0:
            first = now
        before = now
        await asyncio.sleep(_LOOK_EVERY)


async def reached(read: Read, target: int, *, within: float = 600.0) -> float:
    """When (``perf_counter``) the target was reached."""
    deadline = perf_counter() + within
    while (found := await read()) < target:
        if perf_counter() > deadline:
            raise TooSlowError(f"{found} of {target} after {within:.0f} s")
        await asyncio.sleep(_LOOK_EVERY)
    return perf_counter()


@asynccontextmanager
async def committed(kafka: str, group: str, topic: str) -> AsyncIterator[Read]:
    """How many records of a topic a group has committed."""
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    places = [TopicPartition(topic, partition) for partition in range(PARTITIONS)]

    async def read() -> int:
        found = await admin.list_consumer_group_offsets(group, coordinator, places)
        return sum(max(one.offset, 0) for one in found.values())

    try:
        coordinator = await _coordinator(admin, group)
        yield read
    finally:
        await admin.close()


async def _coordinator(admin: AIOKafkaAdminClient, group: str, *, within: float = 30.0) -> int:
    """The broker that keeps a group's offsets. A new Kafka makes their topic when it is first asked for it."""
    deadline = perf_counter() + within
    while True:
        try:
            return int(await admin.find_coordinator(group))
        except GroupCoordinatorNotAvailableError:
            if perf_counter() > deadline:
                raise
            await asyncio.sleep(_LOOK_EVERY)


@asynccontextmanager
async def arrived(kafka: str, topic: str) -> AsyncIterator[Read]:
    """How many records a topic got since now."""
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka)
    await consumer.start()
    places = [TopicPartition(topic, partition) for partition in range(PARTITIONS)]

    async def total() -> int:
        return sum((await consumer.end_offsets(places)).values())

    try:
        begin = await total()

        async def read() -> int:
            return await total() - begin

        yield read
    finally:
        await consumer.stop()


@asynccontextmanager
async def held(dsn: str, table: str) -> AsyncIterator[Callable[[int], Awaitable[None]]]:
    """A table nobody can write to, so that what is measured can start, join its group and wait.

    Call what it gives with how many must wait: when they do, they are let go.
    """
    holder, observer = await asyncpg.connect(dsn), await asyncpg.connect(dsn)
    transaction = holder.transaction()
    await transaction.start()
    await holder.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")

    async def release(waiting: int, within: float = 60.0) -> None:
        async with asyncio.timeout(within):
            while await observer.fetchval(_WAITING, table) < waiting:  # noqa: ASYNC110 - others' locks ring no bell
                await asyncio.sleep(_LOOK_EVERY)
        await transaction.commit()

    try:
        yield release
    finally:
        await holder.close()
        await observer.close()


async def counted(dsn: str, **wanted: tuple[str, int]) -> None:
    """Check that every row is there: ``name=(FROM clause, count)``.

    Raises:
        AssertionError: what was measured did not do the whole work.
    """
    connection = await asyncpg.connect(dsn)
    try:
        for name, (source, count) in wanted.items():
            found = await connection.fetchval(f"SELECT count(*) FROM {source}")
            assert found == count, f"{name}: {found} rows, {count} expected"
    finally:
        await connection.close()
