"""Supervises the processes of the hub: starts each, starts it again when it ends, merges their output, ends them.

``hub run`` gives it a tuple of ``ProcessSpec`` and waits until it is cancelled. On Linux the processes also end
when the supervisor is killed with -9: the kernel sends them SIGTERM then (they must be started from a thread that
lives as long as the supervisor, so run it in the main thread).
"""

import asyncio
import contextlib
import ctypes
import os
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

_FIRST_WAIT, _LONGEST_WAIT, _STEADY_AFTER = 1.0, 30.0, 60.0
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
_LINE_LIMIT = 1024 * 1024
_LAST_WORDS = 1.0


@dataclass(frozen=True, kw_only=True, slots=True)
class ProcessSpec:
    """One process: its name in the log, its command line, what it has in its environment beside ours."""

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)


def _write(name: str, line: str) -> None:
    sys.stdout.write(f"{name} | {line}\n")
    sys.stdout.flush()


class Supervisor:
    """Keeps processes running. ``write`` gets each line they print, with the process's name."""

    def __init__(
        self,
        specs: tuple[ProcessSpec, ...],
        *,
        write: Callable[[str, str], None] = _write,
        grace: float = 15.0,
        first_wait: float = _FIRST_WAIT,
    ) -> None:
        self._specs, self._write, self._grace, self._first_wait = specs, write, grace, first_wait
        self._alive: dict[str, int] = {}

    @property
    def pids(self) -> Mapping[str, int]:
        """The pids of the processes that are alive now, by name."""
        return dict(self._alive)

    async def run(self) -> None:
        """Run until cancelled; then every process gets SIGTERM and, ``grace`` seconds later, SIGKILL."""
        async with asyncio.TaskGroup() as tasks:
            for spec in self._specs:
                tasks.create_task(self._keep_up(spec), name=spec.name)

    async def _keep_up(self, spec: ProcessSpec) -> None:
        wait, clock = self._first_wait, asyncio.get_running_loop().time
        while True:
            began = clock()
            outcome = await self._live(spec)
            if clock() - began > _STEADY_AFTER:
                wait = self._first_wait
            self._write(spec.name, f"ended {outcome}, starting again in {wait:g} s")
            await asyncio.sleep(wait)
            wait = min(wait * 2, _LONGEST_WAIT)

    async def _live(self, spec: ProcessSpec) -> str:
        """Start a process and see it to its end; how it ended, in words."""
        try:
            process = await self._spawn(spec)
        except OSError as error:
            return f"before it began ({error})"
        self._alive[spec.name] = process.pid
        output = asyncio.create_task(self._forward(spec.name, process))
        try:
            code = await process.wait()
        finally:
            await self._end(process)
            # its own children may hold its output open; they are not waited for
            await asyncio.wait({output}, timeout=_LAST_WORDS)
            output.cancel()
            self._alive.pop(spec.name, None)
        return f"by signal {-code}" if code < 0 else f"with exit code {code}"

    async def _spawn(self, spec: ProcessSpec) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            *spec.argv,
            env={**os.environ, **spec.env},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
            limit=_LINE_LIMIT,
            preexec_fn=_die_with(os.getpid()),
        )

    async def _forward(self, name: str, process: asyncio.subprocess.Process) -> None:
        """Pass on what it prints until it closes its output; a line beyond all bounds is dropped, not fatal."""
        reader = process.stdout
        while reader:
            try:
                line = await reader.readline()
            except ValueError:
                continue
            if not line:
                return
            self._write(name, line.decode(errors="replace").rstrip())

    async def _end(self, process: asyncio.subprocess.Process) -> None:
        if process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        try:
            async with asyncio.timeout(self._grace):
                await process.wait()
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()


def _die_with(parent: int) -> Callable[[], None] | None:
    """What the child does before it becomes its program: ask to end with its parent, if that still lives."""
    libc = _LIBC
    if libc is None:
        return None

    def ask() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    return ask
