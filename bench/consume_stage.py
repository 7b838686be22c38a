"""Consume: preloaded claims, read by ``hub consume`` until the group has no lag and every row is there."""

from contextlib import AsyncExitStack

from bench import floor, handwritten
from bench.ground import PARTITIONS, TEMPLATE
from bench.people import batched
from bench.progress import committed, counted, held, rate
from bench.trial import FLOOR, HANDWRITTEN, HUB, Figures, Trial
from hub.adapters.kafka.publisher import KafkaPublisher

GROUP = "hub.claims"
TOPIC = "cia-claims"
LANES = 2
_DATABASE = "bench_consume"
_PRELOAD = 4000


async def preload(trial: Trial) -> None:
    """The claims in their topic, four partitions."""
    await trial.ground.fresh_topics()
    publisher = KafkaPublisher(trial.ground.kafka)
    for rows in batched(trial.rows, _PRELOAD):
        await publisher.publish(rows)
    await publisher.close()


async def measure(trial: Trial) -> Figures:
    """Events a second of the hub, its floor and the hand-written way."""
    await preload(trial)
    ways = {HUB: lambda: by_hub(trial), FLOOR: lambda: _by_floor(trial), HANDWRITTEN: lambda: _by_hand(trial)}
    return await trial.compare("consume", ways)


async def by_hub(trial: Trial) -> float:
    """One round of the real consumer, all safety on; checks that every row is there."""
    ground, count = trial.ground, len(trial.rows)
    await ground.rewind(GROUP, TOPIC)
    async with ground.database(_DATABASE, TEMPLATE) as dsn:
        async with held(dsn, "inbox") as release, AsyncExitStack() as up:
            for _ in range(trial.consumers):
                await up.enter_async_context(trial.hub("consume", _DATABASE, "--group", GROUP))
            await release(min(trial.consumers * LANES, PARTITIONS))
            async with committed(ground.kafka, GROUP, TOPIC) as read:
                with trial.spent.counting(count):
                    found = await rate(read, count)
        await counted(
            dsn,
            inbox=("inbox", count),
            claims=("projection_claim", count),
            timeline=("timeline", count),
            outbox=("outbox WHERE topic = 'dossier-claims'", count),
            feed=("feed WHERE type = 'be.mediationhub.claim.joined.v1'", 2 * count),
            letters=("dead_letter", 0),
        )
    return found


async def _by_floor(trial: Trial) -> float:
    ground, count = trial.ground, len(trial.rows)
    await ground.rewind(floor.GROUP, TOPIC)
    async with ground.database(_DATABASE) as dsn:
        await floor.make_tables(dsn)
        async with held(dsn, floor.SINK) as release, trial.floor("consume", _DATABASE, TOPIC):
            await release(floor.LANES)
            async with committed(ground.kafka, floor.GROUP, TOPIC) as read:
                found = await rate(read, count)
    return found


async def _by_hand(trial: Trial) -> float:
    """Over the first few of the same events: more would only take longer."""
    ground = trial.ground
    await ground.rewind(handwritten.GROUP, TOPIC)
    async with (
        ground.database(_DATABASE, TEMPLATE) as dsn,
        held(dsn, "inbox") as release,
        trial.handwritten("consume", _DATABASE, TOPIC),
        committed(ground.kafka, handwritten.GROUP, TOPIC) as read,
    ):
        await release(1)
        return await rate(read, trial.few)
