"""A feed shows the events of a dossier in the order in which they were folded, whoever began first."""

import asyncio
import random
from collections import defaultdict
from uuid import uuid4

import pytest

from hub.adapters.postgres.batches import PostgresBatch, PostgresBatches
from hub.application.ports import FeedRow, Outcome
from hub.application.read.ports import FeedPlace
from hub.bootstrap.hub import Hub

pytestmark = pytest.mark.integration
GROUP = "hub.claims"
KEY = "p" + "1" * 32


def shown(*names: str) -> Outcome:
    """What a fold makes that tells an institution something."""
    feed = [
        FeedRow(institution="cpas-1", event_id=uuid4(), type=name, attributes=f'{{"type": "{name}"}}', value=b"{}")
        for name in names
    ]
    return Outcome(states={}, handled=[], rows=[], outbox=[], feed=feed, follows=[], letters=[], queued=[])


async def read(hub: Hub) -> list[str]:
    """The types of all that an institution sees, page by page."""
    found, after = list[str](), FeedPlace(0, 0)
    while (page := await hub.feeds.page("cpas-1", after, None, 7)).items:
        found += [item.attributes.split('"')[3] for item in page.items]
        after = page.after
    assert not page.hidden
    return found


@pytest.mark.parametrize("claimed_first", [False, True])
async def test_fold_that_waited_for_another_is_shown_after_it(hub: Hub, *, claimed_first: bool) -> None:
    batches = PostgresBatches(hub.database)
    async with batches.begin(GROUP) as arriving:
        if claimed_first:
            await arriving.claim([uuid4()])
        async with batches.begin(GROUP) as replay:
            await replay.load([KEY])
            await replay.write(shown("first"))
        await arriving.load([KEY])
        await arriving.write(shown("second"))
    assert await read(hub) == ["first", "second"]


async def test_batches_of_several_dossiers_are_shown_in_the_order_of_each(hub: Hub) -> None:
    """As around a rebalance: one holds a first dossier, and waits for the second that a later one has folded."""
    batches = PostgresBatches(hub.database)
    one, two = "p" + "1" * 32, "p" + "2" * 32
    async with batches.begin(GROUP) as early:
        await early.load([one])
        async with batches.begin(GROUP) as late:
            await late.load([two])
            await late.write(shown("two-1"))
        await early.load([two])
        await early.write(shown("one-1", "two-2"))
    assert await read(hub) == ["two-1", "one-1", "two-2"]


async def test_reader_that_follows_sees_each_dossier_in_order_and_misses_nothing(hub: Hub) -> None:
    chance = random.Random(14)
    batches, keys = PostgresBatches(hub.database), [f"p{n:032x}" for n in range(5)]
    folded: dict[str, int] = defaultdict(int)

    async def fold(batch: PostgresBatch, some: list[str]) -> None:
        await batch.load(some)
        for key in some:  # under the dossiers' locks: nobody else counts them
            folded[key] += 1
        await batch.write(shown(*(f"{key}:{folded[key]}" for key in some)))

    async def write() -> None:
        for _ in range(12):
            async with batches.begin(GROUP) as batch:
                if chance.random() < 0.7:
                    await batch.claim([uuid4()])
                await asyncio.sleep(chance.random() / 100)
                await fold(batch, sorted(chance.sample(keys, chance.randint(1, 3))))
                await asyncio.sleep(chance.random() / 100)

    async def follow(done: asyncio.Event) -> list[str]:
        found, after = list[str](), FeedPlace(0, 0)
        while True:
            last = done.is_set()
            page = await hub.feeds.page("cpas-1", after, None, 3)
            found += [item.attributes.split('"')[3] for item in page.items]
            after = page.after
            if last and not page.items:
                return found

    done = asyncio.Event()
    following = asyncio.create_task(follow(done))
    await asyncio.gather(*(write() for _ in range(6)))
    done.set()
    found = await following
    assert found == await read(hub)
    for key in keys:
        assert [name for name in found if name.startswith(key)] == [f"{key}:{n + 1}" for n in range(folded[key])]
