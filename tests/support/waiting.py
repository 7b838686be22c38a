"""Waiting on a condition, with a deadline."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic


async def until(condition: Callable[[], Awaitable[bool]], what: str, *, within: float = 60.0) -> None:
    """Return as soon as the condition holds; fail after so many seconds, saying what was waited for."""
    deadline = monotonic() + within
    while not await condition():
        assert monotonic() < deadline, f"waited {within:.0f} s in vain: {what}"
        await asyncio.sleep(0.05)
