"""Where a consumer's microseconds go: one lane, each step of a batch timed apart.

``python -m bench.cost GROUP COUNT`` with the hub's settings in the environment prints JSON: for each step
``[cpu, wall]`` in microseconds an event. Processor time is this process's own, so it holds on a busy machine too;
wall time less processor time is waiting for PostgreSQL or Kafka. A step counts what the steps inside it take.
"""

import asyncio
import gc
import json
import sys
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from functools import wraps
from time import perf_counter, process_time
from typing import Any

import psutil
import uvloop

from hub.adapters.postgres import batches, bulk
from hub.application.consume import follow
from hub.application.consume import handle_batch as consume
from hub.application.ports import Record
from hub.bootstrap.hub import Hub, opened
from hub.entrypoints import processes

_BATCH = 2000
_STEPS = (
    ("read", consume, "arrivals"),
    ("fold", consume, "fold_batch"),
    ("follow", follow.Consequences, "of"),
    ("claim", batches.PostgresBatch, "claim"),
    ("load", batches.PostgresBatch, "load"),
    ("parked", batches.PostgresBatch, "parked"),
    ("write", batches.PostgresBatch, "write"),
    ("write rows", bulk, "write_rows"),
    ("write timeline", bulk, "write_timeline"),
    ("write feed", bulk, "put_feed"),
    ("write outbox", bulk, "put_outbox"),
)

Times = dict[str, tuple[float, float]]


class Meter:
    """Adds up processor and wall time by step, in seconds."""

    def __init__(self) -> None:
        self.cpu: dict[str, float] = defaultdict(float)
        self.wall: dict[str, float] = defaultdict(float)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """What happens in the block is the step's."""
        cpu, wall = process_time(), perf_counter()
        yield
        self.cpu[name] += process_time() - cpu
        self.wall[name] += perf_counter() - wall

    def of(self, events: int) -> Times:
        """Microseconds an event."""
        return {
            name: (round(self.cpu[name] / events * 1e6, 2), round(self.wall[name] / events * 1e6, 2))
            for name in self.cpu
        }

    def wrap(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The same function, timed."""
        if asyncio.iscoroutinefunction(function):

            @wraps(function)
            async def waited(*args: Any, **kwargs: Any) -> Any:
                with self.step(name):
                    return await function(*args, **kwargs)

            return waited

        @wraps(function)
        def called(*args: Any, **kwargs: Any) -> Any:
            with self.step(name):
                return function(*args, **kwargs)

        return called

    def watch_garbage(self) -> None:
        """Time the collector; its share is inside the other steps."""
        began = 0.0

        def heard(phase: str, _: dict[str, int]) -> None:
            nonlocal began
            if phase == "start":
                began = process_time()
            else:
                self.cpu["garbage"] += process_time() - began
                self.wall["garbage"] = self.cpu["garbage"]

        gc.callbacks.append(heard)


async def fetched(hub: Hub, group: str, count: int, meter: Meter) -> list[Record]:
    """The records of a group's first topic, with what it costs to get them through FastStream."""
    found: list[Record] = []
    full = asyncio.Event()
    marks: list[tuple[float, float, int]] = []

    async def handle(records: Sequence[Record]) -> None:
        marks.append((process_time(), perf_counter(), len(found)))
        found.extend(records)
        if len(found) >= count:
            full.set()

    subscriber = hub.subscriber(group, handle)
    await subscriber.start()
    await full.wait()
    await subscriber.stop()
    (cpu, wall, _), (last_cpu, last_wall, last) = marks[1], marks[-1]
    share = (count - _BATCH) / (last - marks[1][2])
    meter.cpu["fetch"], meter.wall["fetch"] = (last_cpu - cpu) * share, (last_wall - wall) * share
    return found[:count]


@asynccontextmanager
async def _backend(hub: Hub, meter: Meter) -> AsyncIterator[None]:
    """Time the one database connection of this process: PostgreSQL's own processor time."""
    backend = psutil.Process(await hub.database.pool.fetchval("SELECT pg_backend_pid()"))
    before = backend.cpu_times()
    yield
    after = backend.cpu_times()
    meter.cpu["postgres"] += after.user + after.system - before.user - before.system
    meter.wall["postgres"] = meter.cpu["postgres"]


async def measure(group: str, count: int) -> Times:
    """Microseconds an event, by step."""
    meter = Meter()
    async with opened() as hub:
        records = await fetched(hub, group, count, meter)
        gc.collect()
        gc.freeze()  # a real consumer does not hold all records at once
        consumer = hub.consume(group)
        await consumer.handle(records[:_BATCH])  # warm-up
        for name, place, attribute in _STEPS:
            setattr(place, attribute, meter.wrap(name, getattr(place, attribute)))
        meter.watch_garbage()
        async with _backend(hub, meter):
            for at in range(_BATCH, len(records), _BATCH):
                with meter.step("batch"):
                    await consumer.handle(records[at : at + _BATCH])
    return meter.of(len(records) - _BATCH)


if __name__ == "__main__":
    gc.freeze()
    gc.set_threshold(*processes._GARBAGE["consume"])  # noqa: SLF001 - the hub's own, whatever it is
    sys.stdout.write(json.dumps(uvloop.run(measure(sys.argv[1], int(sys.argv[2])))) + "\n")
