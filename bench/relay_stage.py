"""Relay: rows that wait in the outbox, moved to Kafka by ``hub relay`` until the topic has all of them."""

import asyncio

import asyncpg

from bench import floor
from bench.ground import FLOOR_TOPIC, PARTITIONS, RELAYED_TOPIC, TEMPLATE
from bench.progress import arrived, held, rate
from bench.trial import FLOOR, HANDWRITTEN, HUB, Figures, Trial
from hub.domain.messaging.topics import shard_of

_DATABASE, _FILLED, _FLOOR_FILLED = "bench_relay", "bench_outbox", "bench_floor_source"
_COLUMNS = ("shard", "topic", "key", "headers", "value")


async def measure(trial: Trial) -> Figures:
    """Events a second of the hub, its floor and the hand-written way."""
    ground = trial.ground
    await ground.fresh_topics()
    async with ground.database(_FILLED, TEMPLATE, keep=True) as dsn:
        await _fill(dsn, trial, len(trial.rows))
    async with ground.database(_FLOOR_FILLED, keep=True) as dsn:
        await floor.make_tables(dsn)
        await floor.fill(
            dsn,
            [
                (n % PARTITIONS, row.key.encode(), row.headers.encode(), row.value or b"")
                for n, row in enumerate(trial.rows)
            ],
        )
    ways = {HUB: lambda: _by_hub(trial), FLOOR: lambda: _by_floor(trial), HANDWRITTEN: lambda: _by_hand(trial)}
    return await trial.compare("relay", ways)


async def _fill(dsn: str, trial: Trial, count: int) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        rows = [(shard_of(row.key), RELAYED_TOPIC, row.key, row.headers, row.value) for row in trial.rows[:count]]
        await connection.copy_records_to_table("outbox", records=rows, columns=_COLUMNS)
    finally:
        await connection.close()


async def _by_hub(trial: Trial) -> float:
    ground = trial.ground
    async with (
        ground.database(_DATABASE, _FILLED) as dsn,
        held(dsn, "outbox") as release,
        trial.hub("relay", _DATABASE),
        arrived(ground.kafka, RELAYED_TOPIC) as read,
    ):
        await release(1)
        with trial.spent.counting(len(trial.rows)):
            found = await rate(read, len(trial.rows))
        await _emptied(dsn)
    return found


async def _emptied(dsn: str, within: float = 20.0) -> None:
    """The last batch is removed after the broker has it: nothing may stay behind."""
    connection = await asyncpg.connect(dsn)
    try:
        async with asyncio.timeout(within):
            while await connection.fetchval("SELECT EXISTS (SELECT FROM outbox)"):  # noqa: ASYNC110 - rings no bell
                await asyncio.sleep(0.05)
    finally:
        await connection.close()


async def _by_floor(trial: Trial) -> float:
    ground = trial.ground
    async with (
        ground.database(_DATABASE, _FLOOR_FILLED) as dsn,
        held(dsn, floor.SOURCE) as release,
        trial.floor("relay", _DATABASE, FLOOR_TOPIC),
        arrived(ground.kafka, FLOOR_TOPIC) as read,
    ):
        await release(1)
        return await rate(read, len(trial.rows))


async def _by_hand(trial: Trial) -> float:
    """Over the first few of the same rows."""
    ground = trial.ground
    async with ground.database(_DATABASE, TEMPLATE) as dsn, arrived(ground.kafka, RELAYED_TOPIC) as read:
        await _fill(dsn, trial, trial.few)
        async with held(dsn, "outbox") as release, trial.handwritten("relay", _DATABASE, RELAYED_TOPIC):
            await release(1)
            return await rate(read, trial.few)
