"""Wakes a worker on NOTIFY; what was said while nobody listened rings once on each new connection."""

import asyncio
import contextlib
from datetime import timedelta
from types import TracebackType
from typing import Self

from hub.adapters.postgres.database import listen


class PostgresBell:
    """Rings on NOTIFY of a channel while it is entered as a context."""

    def __init__(self, dsn: str, channel: str) -> None:
        self._dsn = dsn
        self._channel = channel
        self._rung = asyncio.Event()
        self._listening: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        ring = self._rung.set
        self._listening = asyncio.create_task(listen(self._dsn, self._channel, lambda _said: ring(), ready=ring))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._listening:
            self._listening.cancel()
            await asyncio.wait({self._listening})

    async def wait(self, most: timedelta) -> None:
        """Return when rung since the last call, or after ``most``."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(most.total_seconds()):
                await self._rung.wait()
        self._rung.clear()
