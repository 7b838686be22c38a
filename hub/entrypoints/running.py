"""The whole hub on one machine: the local stack, its tables and topics, and every process, supervised."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from typing import Any

from hub.bootstrap.hub import opened
from hub.bootstrap.stack import ProcessSpec, Supervisor, ensure_secrets, local_stack, prepare
from hub.entrypoints.processes import command, processes
from hub.settings import Settings

PROCESSES = ("intake", "relay", "consume", "deliver", "clock", "replay", "console")
_READY_WITHIN = 60.0


class NotReadyError(Exception):
    """The processes of the hub did not come up in time; their lines in the log say why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Running:
    """A hub that runs. ``owned``: this process started it and ends it.

    ``http``: where partners reach it; ``console``: where administrators do.
    """

    owned: bool
    http: str
    console: str
    kafka: str
    postgres: str
    smtp: str
    processes: Sequence[Mapping[str, Any]]


def specs(settings: Settings) -> tuple[ProcessSpec, ...]:
    """What ``hub run`` supervises."""
    env = {"HUB_HOME": str(settings.home.resolve()), "PYTHONUNBUFFERED": "1"}
    return tuple(ProcessSpec(name=name, argv=command(name), env=env) for name in PROCESSES)


@asynccontextmanager
async def running(
    settings: Settings,
    *,
    progress: Callable[[str], None],
    write: Callable[[str, str], None],
    fresh: bool = False,
) -> AsyncIterator[Running]:
    """Start everything, or find the one that runs in this home.

    Args:
        settings: what has an address in them is not started.
        progress: hears short sentences while it starts.
        write: gets each line a process prints, with its name.
        fresh: forget topics, tables and mails first.
    """
    ensure_secrets(settings.home)
    stack = local_stack(settings, progress=progress, fresh=fresh)
    async with stack.running():
        if not stack.owned:
            yield await _ready(settings, owned=False)
            return
        async with opened(settings) as hub:
            await prepare(hub, progress)
        progress("Starting the processes of the hub")
        supervisor = asyncio.create_task(Supervisor(specs(settings), write=write).run())
        try:
            yield await _ready(settings, owned=True)
        finally:
            supervisor.cancel()
            await asyncio.wait({supervisor})


async def _ready(settings: Settings, *, owned: bool) -> Running:
    """Wait until every process says where it answers."""
    deadline = asyncio.get_running_loop().time() + _READY_WITHIN
    while True:
        found = processes(settings.home)
        http = next((one["http"] for one in found if "http" in one), None)
        console = next((one["console"] for one in found if "console" in one), None)
        if http and console and set(PROCESSES) <= {one["name"] for one in found}:
            break
        if asyncio.get_running_loop().time() > deadline:
            missing = ", ".join(sorted(set(PROCESSES) - {one["name"] for one in found}))
            raise NotReadyError(f"{missing}: not up after {_READY_WITHIN:.0f} s; see the log above, then: hub down")
        await asyncio.sleep(0.05)
    async with opened(settings) as hub:
        return Running(owned=owned, http=http, console=console, processes=found, **asdict(hub.where))
