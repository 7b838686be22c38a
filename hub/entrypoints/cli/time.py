"""``hub clock``: deadlines; and, for a sandbox hub, moving its time."""

import asyncio
from datetime import timedelta
from typing import Annotated

import typer
from pydantic import TypeAdapter, ValidationError

from hub.bootstrap.hub import Hub, opened
from hub.entrypoints import workers
from hub.entrypoints.cli.output import console, fail, told
from hub.entrypoints.processes import run_process

app = typer.Typer()
_DURATION = TypeAdapter(timedelta)


@app.command()
def clock(
    advance: Annotated[
        str | None, typer.Option(help="Move this hub's time forward by an ISO duration (P15D) and end. Sandbox only.")
    ] = None,
) -> None:
    """Fire deadlines when they are due."""
    with told():
        if advance is None:
            run_process("clock", workers.clock, Hub)
            return
        asyncio.run(_advance(advance))


async def _advance(text: str) -> None:
    try:
        duration = _DURATION.validate_python(text)
    except ValidationError:
        fail(f"{text}: not a duration of days, hours, minutes and seconds; for example P15D or PT1H", 2)
    async with opened() as hub:
        ahead = await hub.time_machine.advance(duration)
    console().print(f"This hub's time is now {ahead} ahead of the clock on the wall.")
