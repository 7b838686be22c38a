"""Group commit: callers that come while a write is under way share the next one."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from hub.domain.messaging.errors import TransientError

T = TypeVar("T")
R = TypeVar("R")


class Batch(Generic[T, R]):
    """Does ``work`` for many callers at once, at most ``most``, in ``lanes`` writes side by side.

    A lone caller never waits for company. When the work of several fails for a reason that would not pass, each
    is tried alone, so that one cannot fail the others.
    """

    def __init__(
        self, work: Callable[[Sequence[T]], Awaitable[Sequence[R]]], *, most: int = 48, lanes: int = 2
    ) -> None:
        self._work, self._most, self._free = work, most, lanes
        self._waiting: deque[tuple[T, asyncio.Future[R]]] = deque()
        self._lanes: set[asyncio.Task[None]] = set()

    async def put(self, item: T) -> R:
        """The result of the item, once its batch has committed."""
        future: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._free:
            self._free -= 1
            lane = asyncio.create_task(self._drain())
            self._lanes.add(lane)
            lane.add_done_callback(self._lanes.discard)
        return await future

    async def _drain(self) -> None:
        """Write until nobody waits."""
        try:
            while self._waiting:
                count = min(self._most, len(self._waiting))
                await self._write([self._waiting.popleft() for _ in range(count)])
        finally:
            self._free += 1

    async def _write(self, batch: Sequence[tuple[T, asyncio.Future[R]]]) -> None:
        try:
            results = await self._work([item for item, _ in batch])
        except Exception as error:  # noqa: BLE001 - here a failure becomes each caller's outcome
            if len(batch) > 1 and not isinstance(error, TransientError):
                for one in batch:
                    await self._write([one])
                return
            for _, future in batch:
                if not future.done():
                    future.set_exception(error)
            return
        for (_, future), result in zip(batch, results, strict=True):
            if not future.done():
                future.set_result(result)
