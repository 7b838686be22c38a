"""What every stage is measured with: the ground, the load, the rounds, and how ways are compared."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from bench.ground import Ground, Say
from bench.programs import Memory, program
from bench.spent import Spent
from hub.application.ports import OutboxRow
from hub.entrypoints.processes import command
from sandbox.people import Population

Figures = dict[str, float]
Way = Callable[[], Awaitable[float]]
HUB, FLOOR, HANDWRITTEN = "hub", "floor", "handwritten"


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One run of the bench.

    ``rows``: the claims as they wait for Kafka; ``keys``: API key by institution; ``groups``: the hub's consumer
    groups; ``few``: how many claims the hand-written way gets; ``consumers``: processes of ``hub consume``.
    """

    ground: Ground
    everybody: Population
    rows: Sequence[OutboxRow]
    keys: Mapping[str, str]
    groups: Sequence[str]
    rounds: int
    few: int
    consumers: int
    say: Say
    spent: Spent
    memory: Memory = field(default_factory=Memory)

    @property
    def log(self) -> Path:
        """What measured processes print."""
        return self.ground.home / "bench.log"

    @asynccontextmanager
    async def hub(
        self, name: str, database: str, *words: str, variables: Mapping[str, str] | None = None
    ) -> AsyncIterator[asyncio.subprocess.Process]:
        """A process of the hub on a database, its memory and processor time watched."""
        environment = {**self.ground.environment(database), **(variables or {})}
        _, *argv = command(name)
        async with program(name, *argv, *words, env=environment, log=self.log, memory=self.memory) as process:
            self.spent.pids[process.pid] = name
            yield process
            del self.spent.pids[process.pid]

    def floor(self, stage: str, database: str, topic: str) -> AbstractAsyncContextManager[asyncio.subprocess.Process]:
        """A process of the floor."""
        words = ("-m", "bench.floor", stage, self.ground.kafka, self.ground.dsn(database), topic)
        return program(f"floor {stage}", *words, env={}, log=self.log, told=stage == "intake")

    def handwritten(
        self, stage: str, database: str, topic: str
    ) -> AbstractAsyncContextManager[asyncio.subprocess.Process]:
        """A process of the hand-written way."""
        words = ("-m", "bench.handwritten", stage, topic)
        environment = self.ground.environment(database)
        return program(f"handwritten {stage}", *words, env=environment, log=self.log, told=stage == "intake")

    async def compare(self, stage: str, ways: Mapping[str, Way]) -> Figures:
        """Measure ways alternately (A B A B …); medians, and the hub's as ratios of the others'."""
        rates: dict[str, list[float]] = {name: [] for name in ways}
        for n in range(1, self.rounds + 1):
            for name, way in ways.items():
                found = await way()
                rates[name].append(found)
                self.say(f"{stage}: round {n} of {self.rounds}, {name}: {found:,.0f} a second")
        return {**compared({name: median(found) for name, found in rates.items()}), **self.spent.each_us()}


def compared(rates: Mapping[str, float]) -> Figures:
    """``events_per_s`` of the hub, and ``of_…`` for every other way with its own rate beside it."""
    found: Figures = {"events_per_s": round(rates[HUB], 1)}
    for name, one in rates.items():
        if name != HUB:
            found[f"{name}_events_per_s"] = round(one, 1)
            found[f"of_{name}"] = round(rates[HUB] / one, 3)
    return found
