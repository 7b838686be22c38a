"""The supervisor of `hub run` on real processes."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import psutil
import pytest

from hub.adapters.localstack.probes import wait_until
from hub.adapters.localstack.supervisor import ProcessSpec, Supervisor

pytestmark = [pytest.mark.integration, pytest.mark.enable_socket]
_STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
)
_POLITE = (
    "import os, signal, sys, time\n"
    "signal.signal(signal.SIGTERM, lambda *_: (print('bye', flush=True), sys.exit(0)))\n"
    "print(os.environ['WORD'], flush=True)\n"
    "time.sleep(60)"
)


def _python(name: str, code: str) -> ProcessSpec:
    return ProcessSpec(name=name, argv=(sys.executable, "-c", code), env={"WORD": name})


@contextlib.asynccontextmanager
async def _running(*specs: ProcessSpec, grace: float = 10.0) -> AsyncIterator[tuple[Supervisor, list[str]]]:
    lines: list[str] = []
    supervisor = Supervisor(
        specs, write=lambda name, line: lines.append(f"{name} | {line}"), grace=grace, first_wait=0.05
    )
    task = asyncio.create_task(supervisor.run())
    try:
        yield supervisor, lines
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _true(condition: Callable[[], bool]) -> bool:
    async def asked() -> bool:
        return condition()

    return await wait_until(asked, 20)


async def test_output_is_one_stream_with_names_and_last_words() -> None:
    async with _running(_python("relay", _POLITE), _python("consume", _POLITE)) as (_, lines):
        assert await _true(lambda: len(lines) == 2)

    assert sorted(lines) == ["consume | bye", "consume | consume", "relay | bye", "relay | relay"]


async def test_process_that_ends_is_started_again() -> None:
    async with _running(_python("relay", "raise SystemExit(3)")) as (_, lines):
        assert await _true(lambda: len(lines) >= 2)

    assert lines[:2] == [
        "relay | ended with exit code 3, starting again in 0.05 s",
        "relay | ended with exit code 3, starting again in 0.1 s",
    ]


async def test_process_that_ignores_the_request_is_killed_after_the_grace_period() -> None:
    async with _running(_python("relay", _STUBBORN), grace=0.2) as (supervisor, lines):
        assert await _true(lambda: lines == ["relay | up"])
        process = psutil.Process(supervisor.pids["relay"])

    assert not process.is_running()


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's parent-death signal is Linux's")
async def test_processes_end_when_the_supervisor_is_killed() -> None:
    code = (
        "import asyncio, sys\n"
        "from hub.adapters.localstack.supervisor import ProcessSpec, Supervisor\n"
        "child = 'import os, time; print(os.getpid(), flush=True); time.sleep(60)'\n"
        "asyncio.run(Supervisor((ProcessSpec(name='c', argv=(sys.executable, '-c', child)),)).run())"
    )
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, cwd=Path(__file__).parents[2], stdout=asyncio.subprocess.PIPE
    )
    assert parent.stdout
    child = psutil.Process(int((await parent.stdout.readline()).split(b"|")[1]))

    os.kill(parent.pid, signal.SIGKILL)
    await parent.wait()

    assert await _true(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)
