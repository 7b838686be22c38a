"""The processes that are measured: started, watched for their memory, ended."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import psutil

_SAMPLE_EVERY = 0.1
_ENDS_WITHIN = 20.0
_MEGABYTE = 1024 * 1024


class ProgramEndedError(Exception):
    """A measured process ended by itself; its log says why."""


class Memory:
    """Peak resident memory by name, in bytes, sampled ten times a second."""

    def __init__(self) -> None:
        self._peaks: dict[str, int] = {}

    def peaks_mb(self) -> Mapping[str, float]:
        """Peaks in MiB."""
        return {name: round(peak / _MEGABYTE, 1) for name, peak in sorted(self._peaks.items())}

    async def watch(self, name: str, pid: int) -> None:
        """Sample a process until cancelled or until it is gone."""
        with suppress(psutil.NoSuchProcess):
            process = psutil.Process(pid)
            while True:
                self._peaks[name] = max(self._peaks.get(name, 0), process.memory_info().rss)
                await asyncio.sleep(_SAMPLE_EVERY)


@asynccontextmanager
async def program(
    name: str,
    *argv: str,
    env: Mapping[str, str],
    log: Path,
    memory: Memory | None = None,
    told: bool = False,
    ends: bool = False,
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run ``python argv`` while the block lasts.

    ``told``: what it prints is for the caller to read. ``ends``: it may end by itself.

    Raises:
        ProgramEndedError: it ended before the block did.
    """
    with log.open("ab") as out:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *argv,
            env={**os.environ, **env},
            stdout=asyncio.subprocess.PIPE if told else out,
            stderr=out,
        )
    watch = asyncio.create_task(memory.watch(name, process.pid)) if memory else None
    try:
        if ends:
            yield process
        else:
            async with _alive(name, process, log):
                yield process
    finally:
        if watch:
            watch.cancel()
        await _end(process)


@asynccontextmanager
async def _alive(name: str, process: asyncio.subprocess.Process, log: Path) -> AsyncIterator[None]:
    """End the block when the process ends by itself."""
    block = asyncio.current_task()
    ended = False

    async def wait() -> None:
        nonlocal ended
        await process.wait()
        ended = True
        if block:
            block.cancel()

    waiting = asyncio.create_task(wait())
    try:
        yield
    except asyncio.CancelledError:
        if not ended:
            raise
        if block:
            block.uncancel()
        raise ProgramEndedError(f"{name} ended with code {process.returncode}; see {log}") from None
    finally:
        waiting.cancel()


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), _ENDS_WITHIN)
        except TimeoutError:
            process.kill()
            await process.wait()
