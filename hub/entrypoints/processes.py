"""One process of the hub: its log, its health and metrics, its work, its clean end."""

import asyncio
import gc
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
import structlog
import uvloop

from hub.bootstrap.opening import P, opened_as
from hub.bootstrap.parts import Parts
from hub.bootstrap.telemetry import configure_logs
from hub.entrypoints.http.probe import probe
from hub.entrypoints.http.server import serving
from hub.settings import Settings, read_settings

_MANY = (500_000, 50, 1000)
_GARBAGE = {"consume": _MANY, "replay": _MANY}
_GARBAGE_OF_OTHERS = (50_000, 20, 100)
"""A consumer's lanes hold hundreds of thousands of living objects: looking through them for garbage costs a sixth of
its time. The others hold little, and the intake must stay small.
"""
_log = structlog.get_logger()


def run_process(name: str, work: Callable[[P], Awaitable[None]], room: type[P]) -> None:
    """Run one process until it is told to stop (SIGTERM, SIGINT) or its work ends; an error ends it with code 1."""
    settings = read_settings()
    configure_logs(level=settings.telemetry.level, as_json=settings.telemetry.json_logs, process=name)
    gc.freeze()
    gc.set_threshold(*_GARBAGE.get(name, _GARBAGE_OF_OTHERS))
    with asyncio.Runner(loop_factory=_loop) as runner:
        runner.run(_until_stopped(name, work, room, settings))


def _loop() -> asyncio.AbstractEventLoop:
    return uvloop.new_event_loop()


async def _until_stopped(name: str, work: Callable[[P], Awaitable[None]], room: type[P], settings: Settings) -> None:
    async with opened_as(room, settings, process=name) as hub, _observed(name, hub):
        task = asyncio.ensure_future(work(hub))
        loop = asyncio.get_running_loop()
        for one in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(one, task.cancel)
        _log.info("started")
        with suppress(asyncio.CancelledError):
            await task
        _log.info("stopped")


@asynccontextmanager
async def _observed(name: str, hub: Parts) -> AsyncIterator[None]:
    """Health and metrics on a port of their own."""
    settings = hub.settings
    port = settings.telemetry.metrics_port
    async with serving(probe(hub.ready), host=settings.http.host, port=port) as bound:
        with announced(settings.home, name, probe=f"http://{settings.http.host}:{bound}"):
            yield


@contextmanager
def announced(home: Path, name: str, **addresses: str) -> Iterator[None]:
    """While it lasts, ``<home>/run/<name>-<pid>.json`` says where a process answers; ``hub status`` reads it.

    Within another announcement of the process it adds to that one.
    """
    file = home / "run" / f"{name}-{os.getpid()}.json"
    before = json.loads(file.read_text()) if file.exists() else {}
    said = {"name": name, "pid": os.getpid(), "started": psutil.Process().create_time()}
    _write(file, {**before, **said, **addresses})
    try:
        yield
    finally:
        if before:
            _write(file, before)
        else:
            file.unlink(missing_ok=True)


def _write(file: Path, said: Mapping[str, Any]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(".part")
    draft.write_text(json.dumps(said))
    draft.rename(file)


def processes(home: Path) -> Sequence[Mapping[str, Any]]:
    """The hub's processes that run on this home now; what dead ones left is removed."""
    found = []
    for file in sorted((home / "run").glob("*.json")):
        said = json.loads(file.read_text())
        if _alive(said):
            found.append({name: value for name, value in said.items() if name != "started"})
        else:
            file.unlink(missing_ok=True)
    return found


def _alive(said: Mapping[str, Any]) -> bool:
    try:
        return bool(abs(psutil.Process(said["pid"]).create_time() - said["started"]) < 1)
    except psutil.NoSuchProcess:
        return False


def command(process: str) -> tuple[str, ...]:
    """The command line of a process of the hub, in this Python.

    The intake has a program of its own: large documents pass through it, and what it need not import is memory.
    """
    program = ("hub.entrypoints.intake",) if process == "intake" else ("hub", process)
    return (sys.executable, "-m", *program)
