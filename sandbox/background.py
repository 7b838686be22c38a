"""Feeds are followed while the story goes on."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from sandbox.feed import FeedFollower


@asynccontextmanager
async def following(feeds: Sequence[FeedFollower]) -> AsyncIterator[None]:
    """Follow all feeds; a follower that fails ends what goes on inside, with its error."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(feed.follow()) for feed in feeds]
            yield
            for task in tasks:
                task.cancel()
    except BaseExceptionGroup as several:
        raise several.exceptions[0] from None
