"""An institution follows its feed: in order, at least once, with personal fields opened for it."""

import asyncio
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hub.application.envelope import SEALED
from hub.application.intake.refusals import IntakeRefusalError
from hub.application.read.ports import FeedItem, FeedPage, FeedPlace, Feeds
from hub.application.vault import Vault
from hub.domain.messaging.cloudevent import Sealed

START = FeedPlace(0, 0)
_CALM, _SOON = 5.0, 0.02
"""Seconds: a look without being rung, and the least time between two looks."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedAnswer:
    """Events as structured CloudEvents, and the cursor to go on from."""

    events: Sequence[dict[str, Any]]
    cursor: str


class Subscribe:
    """Reads feeds; ``ring`` wakes those who wait, ``close`` lets them all go."""

    def __init__(self, feeds: Feeds, vault: Vault) -> None:
        self._feeds, self._vault = feeds, vault
        self._rung = asyncio.Event()
        self._closed = False

    def ring(self) -> None:
        """Some feed grew."""
        self._rung.set()
        self._rung = asyncio.Event()

    def close(self) -> None:
        """Answer everybody who waits, and let nobody wait any more: the process ends."""
        self._closed = True
        self.ring()

    async def read(
        self, institution: str, cursor: str | None, *, wait: float, limit: int, types: Sequence[str] | None
    ) -> FeedAnswer:
        """The next events after the cursor; waits up to ``wait`` seconds for the first one.

        Raises:
            IntakeRefusalError: ``query``: the cursor is none of ours.
        """
        place = place_of(cursor)
        page = await self._page(institution, place, wait, limit, types)
        return FeedAnswer(events=await self._opened(page.items), cursor=cursor_of(page.after))

    async def _page(
        self, institution: str, place: FeedPlace, wait: float, limit: int, types: Sequence[str] | None
    ) -> FeedPage:
        loop = asyncio.get_running_loop()
        until = loop.time() + wait
        while True:
            rung = self._rung
            page = await self._feeds.page(institution, place, types, limit)
            left = until - loop.time()
            if page.items or left <= 0 or self._closed:
                return page
            place = page.after
            await asyncio.sleep(min(left, _SOON))
            await self._rest(rung, min(until - loop.time(), 0 if page.hidden else _CALM))

    async def _rest(self, rung: asyncio.Event, most: float) -> None:
        """Until rung, or for so many seconds."""
        if most > 0 and not self._closed:
            try:
                async with asyncio.timeout(most):
                    await rung.wait()
            except TimeoutError:
                return

    async def _opened(self, items: Sequence[FeedItem]) -> list[dict[str, Any]]:
        """CloudEvents with personal fields in clear; those of an erased person are marked and without them."""
        events: list[dict[str, Any]] = [json.loads(item.attributes) for item in items]
        data: list[dict[str, Any]] = [json.loads(item.value) for item in items]
        boxes = [one.pop(SEALED, None) for one in data]
        closed = [
            Sealed(event=item.event_id, subject=event["subject"], box=box)
            for item, event, box in zip(items, events, boxes, strict=True)
            if box is not None
        ]
        plain = iter(await self._vault.open_many(closed))
        for event, clear, box in zip(events, data, boxes, strict=True):
            personal = next(plain) if box is not None else b"{}"
            if personal is None:
                event["erased"] = True
            event["datacontenttype"] = "application/json"
            event["data"] = {**clear, **json.loads(personal or b"{}")}
        return events


def cursor_of(place: FeedPlace) -> str:
    """A place as text that says nothing."""
    return urlsafe_b64encode(f"{place.transaction}.{place.seq}".encode()).decode().rstrip("=")


def place_of(cursor: str | None) -> FeedPlace:
    """The place of a cursor; the beginning without one.

    Raises:
        IntakeRefusalError: ``query``.
    """
    if cursor is None:
        return START
    try:
        transaction, _, seq = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().partition(".")
        place = FeedPlace(int(transaction), int(seq))
    except ValueError:
        raise IntakeRefusalError("query") from None
    if not all(0 <= part < 2**63 for part in place):
        raise IntakeRefusalError("query")
    return place
