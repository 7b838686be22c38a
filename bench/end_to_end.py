"""End to end: bulk documents by HTTP → every process on the way → rows in the feeds of office and CPAS."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from time import perf_counter

from bench import floor, handwritten
from bench.claims import Told, synchronisation
from bench.consume_stage import GROUP, LANES, TOPIC
from bench.ground import FLOOR_TOPIC, TEMPLATE
from bench.intake_stage import DOCUMENTS
from bench.people import OFFICES
from bench.progress import Read, committed, counted, reached
from bench.running import intake, joined, printed_port
from bench.trial import FLOOR, HANDWRITTEN, HUB, Figures, Trial
from bench.wire import Connection

CLAIMS_EACH = 2500
JOINED = "feed WHERE type = 'be.mediationhub.claim.joined.v1'"
_DATABASE = "bench_whole"
_CONNECTIONS = 8
"""Of an office that sends small documents."""
_WARM_CLAIMS = 100
_WARM_SEQUENCE = 90_000


async def measure(trial: Trial) -> Figures:
    """Claims a second of the hub, its floor and the hand-written way, on the same documents."""
    each = min(CLAIMS_EACH, len(trial.rows) // OFFICES)
    rows = max(1, len(trial.rows) // 2 // each // OFFICES)
    documents = [
        [synchronisation(trial.everybody, office, sequence, each) for sequence in range(1, rows + 1)]
        for office in range(OFFICES)
    ]
    few = [[synchronisation(trial.everybody, office, 1, trial.few // OFFICES)] for office in range(OFFICES)]
    ways = {
        HUB: lambda: _by_hub(trial, documents),
        FLOOR: lambda: _by_floor(trial, documents),
        HANDWRITTEN: lambda: _by_hand(trial, few),
    }
    found = await trial.compare("end to end", ways)
    return {**found, "documents": rows * OFFICES, "claims_a_document": each}


@asynccontextmanager
async def whole_hub(trial: Trial, database: str) -> AsyncIterator[tuple[str, Read]]:
    """Intake, relay and every consumer group, up and warm: where intake answers, what hub.claims committed."""
    ground = trial.ground
    await ground.fresh_topics()
    async with AsyncExitStack() as up:
        await up.enter_async_context(ground.database(database, TEMPLATE))
        await up.enter_async_context(trial.hub("relay", database))
        for _ in range(trial.consumers):
            await up.enter_async_context(trial.hub("consume", database))
        base = await up.enter_async_context(intake(trial, database))
        read = await up.enter_async_context(committed(ground.kafka, GROUP, TOPIC))
        await joined(ground.kafka, dict.fromkeys(trial.groups, LANES * trial.consumers))
        warm = [[synchronisation(trial.everybody, office, _WARM_SEQUENCE, _WARM_CLAIMS)] for office in range(OFFICES)]
        await post(trial, base, DOCUMENTS, warm)
        await reached(read, _events(warm))
        yield base, read


async def small(trial: Trial, claims_each: int) -> float:
    """Claims a second of the hub when they come in small documents, several of an office at a time."""
    rows = max(1, len(trial.rows) // 4 // claims_each // OFFICES)
    documents = [
        [synchronisation(trial.everybody, office, sequence, claims_each) for sequence in range(1, rows + 1)]
        for office in range(OFFICES)
    ]
    return await _by_hub(trial, documents, connections=_CONNECTIONS)


async def post(
    trial: Trial, base: str, path: str, documents: Sequence[Sequence[Told]], *, connections: int = 1
) -> None:
    """Every office sends its documents over so many connections, one after the other on each."""

    async def office(n: int, mine: Sequence[Told]) -> None:
        key = trial.keys[trial.everybody.offices[n].id]
        async with Connection.to(base, key) as connection:
            for one in mine:
                await connection.post(path, one.content)

    lanes = [(n, mine[lane::connections]) for n, mine in enumerate(documents) for lane in range(connections)]
    await asyncio.gather(*(office(n, mine) for n, mine in lanes))


def _claims(documents: Sequence[Sequence[Told]]) -> int:
    return sum(len(one.claims) for mine in documents for one in mine)


def _events(documents: Sequence[Sequence[Told]]) -> int:
    """A claim each, and one that tells that the synchronisation was received."""
    return _claims(documents) + sum(map(len, documents))


async def _by_hub(trial: Trial, documents: Sequence[Sequence[Told]], *, connections: int = 1) -> float:
    async with whole_hub(trial, _DATABASE) as (base, read):
        before, began = await read(), perf_counter()
        with trial.spent.counting(_claims(documents)):
            sent = asyncio.create_task(post(trial, base, DOCUMENTS, documents, connections=connections))
            ended = await reached(read, before + _events(documents))
            await sent
        shown = 2 * (_claims(documents) + OFFICES * _WARM_CLAIMS)
        await counted(trial.ground.dsn(_DATABASE), shown=(JOINED, shown), letters=("dead_letter", 0))
    return _claims(documents) / (ended - began)


async def _by_floor(trial: Trial, documents: Sequence[Sequence[Told]]) -> float:
    ground = trial.ground
    await ground.fresh_topics()
    async with AsyncExitStack() as up:
        dsn = await up.enter_async_context(ground.database(_DATABASE))
        await floor.make_tables(dsn)
        await up.enter_async_context(trial.floor("relay", _DATABASE, FLOOR_TOPIC))
        await up.enter_async_context(trial.floor("consume", _DATABASE, FLOOR_TOPIC))
        server = await up.enter_async_context(trial.floor("intake", _DATABASE, FLOOR_TOPIC))
        base = await printed_port(server)
        read = await up.enter_async_context(committed(ground.kafka, floor.GROUP, FLOOR_TOPIC))
        await joined(ground.kafka, {floor.GROUP: floor.LANES})
        return await _timed(trial, base, read, documents)


async def _by_hand(trial: Trial, documents: Sequence[Sequence[Told]]) -> float:
    ground = trial.ground
    await ground.fresh_topics()
    async with AsyncExitStack() as up:
        await up.enter_async_context(ground.database(_DATABASE, TEMPLATE))
        await up.enter_async_context(trial.handwritten("relay", _DATABASE, TOPIC))
        await up.enter_async_context(trial.handwritten("consume", _DATABASE, TOPIC))
        server = await up.enter_async_context(trial.handwritten("intake", _DATABASE, TOPIC))
        base = await printed_port(server)
        read = await up.enter_async_context(committed(ground.kafka, handwritten.GROUP, TOPIC))
        await joined(ground.kafka, {handwritten.GROUP: 1})
        return await _timed(trial, base, read, documents)


async def _timed(trial: Trial, base: str, read: Read, documents: Sequence[Sequence[Told]]) -> float:
    """Claims a second, after a document of each office as warm-up."""
    warm = [[synchronisation(trial.everybody, office, _WARM_SEQUENCE, 10)] for office in range(OFFICES)]
    await post(trial, base, "/documents", warm)
    await reached(read, _claims(warm))
    before, began = await read(), perf_counter()
    sent = asyncio.create_task(post(trial, base, "/documents", documents))
    ended = await reached(read, before + _claims(documents))
    await sent
    return _claims(documents) / (ended - began)
