"""The simulated register alone, until it is stopped: other clients, or a hub, are tested against it."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

from sandbox.background import following
from sandbox.bcss.server import open_door
from sandbox.feed import FeedFollower
from sandbox.register.book import Account, Book
from sandbox.register.desk import ACCOUNTS, ACTS, JOURNAL, OUTAGE, OVERVIEWS, Desk
from sandbox.register.mails import Postman
from sandbox.register.prepared import Clerk
from sandbox.register.push import Push
from sandbox.wire import HubClient

REGISTER = "register"
_PAUSE = 0.2
_KNOWN = (
    Account(name="greffe", role="court"),
    Account(name="mediateur", role="mediator", institution="cpas-001"),
    Account(name="creancier", role="creditor", institution="etude-001", party="cred-1"),
)


async def run(
    *,
    host: str,
    port: int,
    hub: str | None,
    key: str | None,
    mailboxes: Path,
    say: Callable[[str], object],
) -> None:
    """Listen until cancelled; says where and with which tokens. Acts go to the hub, where one is named."""
    book = Book(lambda: datetime.now(UTC))
    desk = Desk(book, Postman(mailboxes, book))
    async with AsyncExitStack() as exits:
        url = await exits.enter_async_context(open_door(desk.answer, host=host, port=port))
        say(f"register={url}{ACTS}")
        for account in _KNOWN:
            say(f"{account.name}={desk.open(account)}")
        say(f"operator={desk.operator} for {url}{OUTAGE}, {url}{ACCOUNTS}, {url}{OVERVIEWS} and {url}{JOURNAL}")
        if hub is None or key is None:
            say("no hub is told; name one with --hub and --key-file")
            await asyncio.Event().wait()
        else:
            client = await exits.enter_async_context(HubClient(hub, institution=REGISTER, key=key))
            await _told(book, client)


async def _told(book: Book, client: HubClient) -> None:
    push = Push(client, None, run=f"alone-{datetime.now(UTC):%d%H%M%S}", now=book.now)
    book.on_act(push.hear)
    feed = FeedFollower(client)
    feed.on_event(Clerk(book).hear)
    async with following([feed]):
        while True:
            await push.once()
            await asyncio.sleep(_PAUSE)
