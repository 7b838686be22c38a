"""Database and broker killed and restarted under load: nothing lost, nothing doubled, and whoever waits is calm."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic

import pytest

from hub.adapters.localstack.running import RunningStack
from hub.bootstrap.hub import Hub
from tests.support.history import problems
from tests.support.load import Load
from tests.support.picture import at_rest, seen
from tests.support.processes import HubProcess, Processes
from tests.support.scene import Scene

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(240), pytest.mark.usefixtures("topics_ready")]

OUTAGE = 4.0
"""Seconds."""
CALM = 0.35
"""A process that waits may use so much of one core, 0.05 for each of its seven consumer groups; a hot loop uses all."""


@asynccontextmanager
async def calm(*waiting: HubProcess) -> AsyncIterator[None]:
    """Whatever happens inside, these processes hardly use the CPU."""
    began, before = monotonic(), {one.name: one.cpu() for one in waiting}
    yield
    seconds = monotonic() - began
    shares = {one.name: (one.cpu() - before[one.name]) / seconds for one in waiting}
    assert {name: share for name, share in shares.items() if share > CALM} == {}, shares


@asynccontextmanager
async def outage(stack: RunningStack, part: str) -> AsyncIterator[None]:
    """A part is killed and stays down; afterwards it comes back, whatever happened."""
    getattr(stack, f"kill_{part}")(stay_down=True)
    try:
        yield
    finally:
        back = await getattr(stack, f"start_{part}")()
    assert back, f"{part} did not come back"


async def test_postgres_killed_and_restarted_under_load_loses_and_doubles_nothing(
    hub: Hub, processes: Processes, scene: Scene, stack: RunningStack
) -> None:
    running = await processes.up("intake", "relay", "consume", "deliver", "clock")
    await scene.open_dossiers()
    load = Load(scene, pace=0.3)
    async with load.going_on():
        await load.more(100)
        async with outage(stack, "postgres"), calm(*running[1:]):
            await asyncio.sleep(OUTAGE)
        await load.more(100)
        stack.kill_postgres()  # once more, as short as it can be
        await load.more(100)
    await at_rest(hub)

    assert problems(load.people(), await seen(hub)) == []
    assert scene.office.failures > 0
    assert [one.name for one in running if not one.alive] == []


async def test_kafka_killed_and_restarted_under_load_loses_and_doubles_nothing(
    hub: Hub, processes: Processes, scene: Scene, stack: RunningStack
) -> None:
    running = await processes.up("intake", "relay", "consume", "deliver", "clock")
    await scene.open_dossiers()
    load = Load(scene, pace=0.3)
    async with load.going_on():
        await load.more(100)
        async with outage(stack, "kafka"), calm(*running[1:]):
            await load.more(100)  # the intake does not need Kafka
            await asyncio.sleep(OUTAGE)
        await load.more(100)
        stack.kill_kafka()  # once more, as short as it can be
        await load.more(100)
    await at_rest(hub)

    assert problems(load.people(), await seen(hub)) == []
    assert scene.office.failures == 0, "the intake must not depend on Kafka"
    assert [one.name for one in running if not one.alive] == []
