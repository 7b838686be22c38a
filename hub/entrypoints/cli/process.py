"""``hub run`` and the processes it supervises; each may also run alone, any number of times side by side."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated

import typer

from hub.bootstrap.hub import Hub
from hub.bootstrap.stack import Supervisor
from hub.entrypoints import workers
from hub.entrypoints.cli.output import console, fail, told
from hub.entrypoints.http.server import PortInUseError
from hub.entrypoints.processes import command, run_process
from hub.entrypoints.running import specs
from hub.settings import read_settings

app = typer.Typer()


def _run(name: str, work: Callable[[Hub], Awaitable[None]]) -> None:
    with told():
        run_process(name, work, Hub)


@app.command()
def run() -> None:
    """Supervise every process of the hub: one log, restarts with back-off, a clean stop."""

    async def supervise() -> None:
        task = asyncio.ensure_future(Supervisor(specs(read_settings()), write=_write).run())
        for one in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(one, task.cancel)
        await asyncio.wait({task})

    with told():
        asyncio.run(supervise())


def _write(name: str, line: str) -> None:
    console().print(f"{name:8}│ {line}", markup=False)


@app.command()
def intake() -> None:
    """Take documents and events from institutions, over HTTP and watched folders; serve their feeds."""
    program = command("intake")
    os.execv(program[0], program)  # noqa: S606 - our own program, in this Python


@app.command()
def relay() -> None:
    """Move the outbox to Kafka, in order per key."""
    _run("relay", workers.relay)


@app.command()
def consume(
    group: Annotated[list[str] | None, typer.Option(help="Only these consumer groups; all unless named.")] = None,
) -> None:
    """Fold events into dossiers: every consumer group, or some."""
    _run("consume", partial(workers.consume, groups=tuple(group or ())))


@app.command()
def deliver() -> None:
    """Send mails and other outward effects."""
    _run("deliver", workers.deliver)


@app.command("console")
def console_() -> None:
    """Serve the administrators' console."""
    from hub.entrypoints.console.process import console as pages  # noqa: PLC0415 - nothing else needs FastAPI

    with told():
        try:
            run_process("console", pages, Hub)
        except PortInUseError as error:
            fail(str(error), 1)


@app.command()
def replay() -> None:
    """Run jobs over dead letters that administrators asked for."""
    _run("replay", workers.replay)
