"""The register as a story plays with it: its book, its counter on a socket, its queue to the hub, its own time."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from sandbox.bcss.server import open_door
from sandbox.feed import FeedFollower
from sandbox.register.account import RegisterAccount
from sandbox.register.book import Account, Book, Role
from sandbox.register.desk import Desk
from sandbox.register.mails import Overview, Postman
from sandbox.register.prepared import Clerk
from sandbox.register.push import Push


class StoryTime:
    """The register's clock: so many days from the beginning of the story."""

    def __init__(self) -> None:
        self._begun = datetime.now(UTC).replace(microsecond=0)
        self._now = self._begun

    def day(self, days: int) -> datetime:
        """The moment so many days from the beginning."""
        return self._begun + timedelta(days=days)

    def to(self, days: int) -> None:
        """Go there."""
        self._now = self.day(days)

    def __call__(self) -> datetime:
        return self._now


@dataclass(kw_only=True, slots=True)
class RegisterHouse:
    """One simulated register."""

    time: StoryTime
    book: Book
    desk: Desk
    push: Push
    http: httpx.AsyncClient
    feed: FeedFollower
    accounts: dict[tuple[str, str, str], RegisterAccount] = field(default_factory=dict)

    def account(self, name: str, role: Role, *, institution: str = "", party: str = "") -> RegisterAccount:
        """Somebody's account; opened at the first time."""
        known = (name, institution, party)
        if known not in self.accounts:
            opened = Account(name=name, role=role, institution=institution or None, party=party or None)
            self.accounts[known] = RegisterAccount(self.http, self.desk.open(opened))
        return self.accounts[known]

    @property
    def overviews(self) -> list[Overview]:
        """Daily mails that were sent."""
        return list(self.desk.postman.sent.values()) if self.desk.postman else []

    @property
    def operator(self) -> RegisterAccount:
        """Who runs the register."""
        return RegisterAccount(self.http, self.desk.operator)


@asynccontextmanager
async def register_house(
    time: StoryTime, push: Push, feed: FeedFollower, mailboxes: Path
) -> AsyncIterator[RegisterHouse]:
    """A register that listens, whose acts wait in ``push``, and that records what the hub prepared (``feed``)."""
    book = Book(time)
    book.on_act(push.hear)
    feed.on_event(Clerk(book).hear)
    desk = Desk(book, Postman(mailboxes, book))
    async with open_door(desk.answer) as url, httpx.AsyncClient(base_url=url, timeout=30) as http:
        yield RegisterHouse(time=time, book=book, desk=desk, push=push, http=http, feed=feed)
