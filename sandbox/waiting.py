"""Waiting for something to come true: always with a deadline, and saying what was awaited."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic

_PAUSE = 0.05


class AwaitedTooLongError(Exception):
    """Something did not come true in time; the text says what, how long, and how far it came."""


async def until(
    true: Callable[[], bool] | Callable[[], Awaitable[bool]],
    what: str,
    *,
    within: float = 60.0,
    progress: Callable[[], object] = lambda: "",
) -> None:
    """Return when ``true`` says so.

    Args:
        true: asked again and again; may be a coroutine function.
        what: what is awaited, in words.
        within: seconds.
        progress: how far it is, for the message.

    Raises:
        AwaitedTooLongError: it did not come true in time.
    """
    deadline = monotonic() + within
    while True:
        answer = true()
        if answer if isinstance(answer, bool) else await answer:
            return
        if monotonic() > deadline:
            raise AwaitedTooLongError(f"waited {within:.0f} s for {what}; so far: {progress() or 'nothing'}")
        await asyncio.sleep(_PAUSE)
