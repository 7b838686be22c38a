"""Keeps one server running: started, watched, started again with back-off when it dies, ended."""

import asyncio
import contextlib
import signal
from collections.abc import Callable
from pathlib import Path

from hub.adapters.localstack.errors import ServerDidNotStartError
from hub.adapters.localstack.probes import wait_until
from hub.adapters.localstack.processes import ProcessIdentity
from hub.adapters.localstack.server import Server, last_lines

_STARTS_WITHIN = 60.0
_ENDS_WITHIN = 15.0
_FIRST_WAIT, _LONGEST_WAIT, _STEADY_AFTER = 0.2, 30.0, 60.0


class Guard:
    """One server and its watch. While the file ``hold`` exists a dead server stays dead, for tests."""

    def __init__(self, *, server: Server, hold: Path, changed: Callable[[], None]) -> None:
        self.server = server
        self.identity = ProcessIdentity(pid=0, created=0.0)
        self._hold, self._changed = hold, changed
        self._process: asyncio.subprocess.Process | None = None
        self._watch: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Prepare and start the server, wait until it answers, watch it from then on.

        Raises:
            ServerDidNotStartError: it ended or stayed silent; the message has the end of its log.
        """
        self._hold.unlink(missing_ok=True)
        await self.server.prepare()
        process = await self._bring_up()
        self._watch = asyncio.create_task(self._keep_up(process))

    async def stop(self) -> None:
        """End the watch and the server: cleanly, or forcibly when that takes too long."""
        if self._watch:
            self._watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watch
        if self._process and self._process.returncode is None:
            await self._end(self._process)

    async def _bring_up(self) -> asyncio.subprocess.Process:
        process = self._process = await self.server.spawn()
        self.identity = ProcessIdentity.of(process.pid)
        self._changed()

        async def settled() -> bool:
            return process.returncode is not None or await self.server.answers()

        if not await wait_until(settled, _STARTS_WITHIN) or process.returncode is not None:
            await self._end(process)
            log = self.server.log
            raise ServerDidNotStartError(f"{self.server.name} did not start. {log} ends:\n{last_lines(log)}")
        return process

    async def _keep_up(self, process: asyncio.subprocess.Process) -> None:
        wait, clock = _FIRST_WAIT, asyncio.get_running_loop().time
        while True:
            began = clock()
            await process.wait()
            wait = _FIRST_WAIT if clock() - began > _STEADY_AFTER else min(wait * 2, _LONGEST_WAIT)
            process = await self._again(wait)

    async def _again(self, wait: float) -> asyncio.subprocess.Process:
        """Start the server until that succeeds."""
        while True:
            await asyncio.sleep(wait)
            while self._hold.exists():  # noqa: ASYNC110  # another process removes the file
                await asyncio.sleep(0.05)
            try:
                return await self._bring_up()
            except (ServerDidNotStartError, OSError):
                wait = min(wait * 2, _LONGEST_WAIT)

    async def _end(self, process: asyncio.subprocess.Process) -> None:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGINT if self.server.name == "postgres" else signal.SIGTERM)
        try:
            async with asyncio.timeout(_ENDS_WITHIN):
                await process.wait()
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
