"""An institution's copy of its feed: followed with a cursor by long poll, each event once."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import httpx

from sandbox.wire import HubClient

_LONG_POLL = 10
_AGAIN = 0.5


class FeedFollower:
    """Follows a feed in the background. ``doubled`` counts events that came more than once under one cursor."""

    def __init__(self, client: HubClient) -> None:
        self._client = client
        self._cursor = ""
        self._events: dict[str, Mapping[str, Any]] = {}
        self.doubled = 0
        self._heard: list[Callable[[Mapping[str, Any]], None]] = []

    def on_event(self, hear: Callable[[Mapping[str, Any]], None]) -> None:
        """Call this with each new event."""
        self._heard.append(hear)

    async def follow(self) -> None:
        """Follow until cancelled; a hub that is away is asked again from the same cursor."""
        while True:
            try:
                await self._turn(_LONG_POLL)
            except httpx.TransportError:
                await asyncio.sleep(_AGAIN)

    async def read_again(self) -> "FeedFollower":
        """The whole feed from its beginning, as it reads now, in a copy of its own."""
        copy = FeedFollower(self._client)
        while await copy._turn(0):
            pass
        return copy

    def of(self, kind: str) -> Iterator[Mapping[str, Any]]:
        """Data of the events of a type (``office.invited``), in order."""
        full = f"be.mediationhub.{kind}.v1"
        return (event["data"] for event in self._events.values() if event["type"] == full)

    def count(self, kind: str) -> int:
        """How many of a type."""
        return sum(1 for _ in self.of(kind))

    @property
    def events(self) -> Mapping[str, Mapping[str, Any]]:
        """All events by id, in order."""
        return self._events

    async def _turn(self, wait: int) -> int:
        page = await self._client.feed(self._cursor, wait=wait)
        for event in page.events:
            self._take(event)
        self._cursor = page.cursor
        return len(page.events)

    def _take(self, event: Mapping[str, Any]) -> None:
        if event["id"] in self._events:
            self.doubled += 1
            return
        self._events[event["id"]] = event
        for hear in self._heard:
            hear(event)
