"""Processes that serve: waited for until they do."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from aiokafka.admin import AIOKafkaAdminClient

from bench.trial import Trial
from hub.entrypoints.processes import processes

_LOOK_EVERY = 0.05
_UP_WITHIN = 60.0
_STATE, _MEMBERS = 2, 5


@asynccontextmanager
async def intake(trial: Trial, database: str) -> AsyncIterator[str]:
    """The intake of the hub; gives where partners reach it."""
    async with trial.hub("intake", database) as process:
        async with asyncio.timeout(_UP_WITHIN):
            while not (base := _http(trial, process.pid)):  # noqa: ASYNC110 - it says so in a file
                await asyncio.sleep(_LOOK_EVERY)
        yield base


def _http(trial: Trial, pid: int) -> str:
    return next((str(one["http"]) for one in processes(trial.ground.home) if one["pid"] == pid and "http" in one), "")


async def printed_port(process: asyncio.subprocess.Process) -> str:
    """Where a process answers that prints ``port N`` first."""
    assert process.stdout is not None
    async with asyncio.timeout(_UP_WITHIN):
        line = await process.stdout.readline()
    return f"http://127.0.0.1:{int(line.split()[1])}"


async def joined(kafka: str, groups: Mapping[str, int]) -> None:
    """Wait until every group is stable with so many members: nothing is handed over any more."""
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    try:
        async with asyncio.timeout(_UP_WITHIN):
            while not await _stable(admin, groups):  # noqa: ASYNC110 - the broker tells it only when asked
                await asyncio.sleep(_LOOK_EVERY)
    finally:
        await admin.close()


async def _stable(admin: AIOKafkaAdminClient, groups: Mapping[str, int]) -> bool:
    for group, members in groups.items():  # one at a time: aiokafka misreads an answer about several
        (answer,) = await admin.describe_consumer_groups([group])
        (found,) = answer.groups
        if found[_STATE] != "Stable" or len(found[_MEMBERS]) != members:
            return False
    return True
