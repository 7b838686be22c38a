"""Outbox → relay → Kafka → consumer: order per key, one effect, whatever dies or moves on the way."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from time import monotonic
from uuid import UUID, uuid4

import pytest

from hub.application.envelope import encode
from hub.application.ports import OutboxRow
from hub.bootstrap.hub import Hub, opened
from hub.domain.messaging.ceiling import Ceiling
from hub.domain.messaging.cloudevent import CloudEvent
from hub.entrypoints.consumer import GroupWorker
from hub.settings import Settings
from schemas.notices import NoticeRegistered

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("topics_ready")]

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PERSONS = [f"p{number:032x}" for number in range(40)]


def notice(subject: str, number: int, version: int) -> tuple[UUID, OutboxRow]:
    data = NoticeRegistered(
        notice=f"N{number}",
        kind="N2",
        version=version,
        office=f"office-{version % 3}",
        registered_at=NOW,
        expires_on=NOW.date().replace(year=2029),
    )
    event = CloudEvent(
        id=uuid4(),
        source="/test",
        type=data.type,
        time=NOW,
        recordedtime=NOW,
        partitionkey=subject,
        subject=subject,
        correlationid=subject,
        data=data,
    )
    headers, value = encode(event)
    return event.id, OutboxRow(topic="fca-notices", key=subject, headers=headers, value=value)


def histories(each: int) -> tuple[dict[str, list[UUID]], list[OutboxRow]]:
    """For every person a history of events, mixed with the others'."""
    expected: dict[str, list[UUID]] = {person: [] for person in PERSONS}
    rows = []
    for version in range(1, each + 1):
        mixed = random.Random(version).sample(PERSONS, len(PERSONS))
        for person in mixed:
            id_, row = notice(person, 1, version)
            expected[person].append(id_)
            rows.append(row)
    return expected, rows


async def into_outbox(hub: Hub, rows: Sequence[OutboxRow]) -> None:
    from hub.adapters.postgres.bulk import write_outbox  # noqa: PLC0415

    async with hub.database.transaction() as connection:
        await write_outbox(connection, rows)


async def until(condition: Callable[[], Awaitable[bool]], what: str, within: float = 60) -> None:
    deadline = monotonic() + within
    while not await condition():
        assert monotonic() < deadline, f"waited in vain: {what}"
        await asyncio.sleep(0.05)


async def relay_forever(hub: Hub) -> None:
    async with hub.bell("hub_outbox") as bell:
        await hub.relay.run(bell, hub.backoff, relayed=lambda _moved: None, poll=timedelta(milliseconds=100))


async def never(_group: str, _reason: str) -> None:
    raise AssertionError("no ceiling here")


def worker(hub: Hub) -> GroupWorker:
    return GroupWorker(
        hub.consume("hub.notices"),
        clock=hub.clock,
        ceiling=Ceiling(failures=100, share=0.5),
        backoff=hub.backoff,
        done=lambda _group, _report, _seconds: None,
        waited=lambda _group: None,
        stop=never,
    )


async def timeline(hub: Hub) -> dict[str, list[UUID]]:
    found: dict[str, list[UUID]] = {}
    rows = await hub.database.pool.fetch("SELECT key, event_id FROM timeline ORDER BY seq")
    for row in rows:
        found.setdefault(row["key"], []).append(row["event_id"])
    return found


async def folded(hub: Hub) -> int:
    return int(await hub.database.pool.fetchval("SELECT count(*) FROM timeline"))


async def test_two_relays_and_three_consumers_with_a_rebalance_keep_one_effect_and_the_order_per_key(
    hub: Hub, settings: Settings
) -> None:
    expected, rows = histories(50)
    async with AsyncExitStack() as exits:
        others = [await exits.enter_async_context(opened(settings)) for _ in range(2)]
        relays = [asyncio.create_task(relay_forever(one)) for one in (hub, others[0])]
        consumers = [one.subscriber("hub.notices", worker(one).handle) for one in (hub, *others)]
        await consumers[0].start()
        for start in range(0, len(rows), 100):  # a load, not one lump
            await into_outbox(hub, rows[start : start + 100])
            if start == 500:
                await consumers[1].start()
                await consumers[2].start()
            if start == 1000:
                await consumers[0].stop()  # its partitions move in the middle of the load

        async def done() -> bool:
            return await folded(hub) == len(rows)

        await until(done, "every event folded")
        for one in consumers[1:]:
            await one.stop()
        for task in relays:
            task.cancel()

    assert await timeline(hub) == expected
    assert await hub.database.pool.fetchval("SELECT count(*) FROM outbox WHERE topic = 'fca-notices'") == 0
    versions = await hub.database.pool.fetch("SELECT DISTINCT version FROM projection_notice")
    assert [row[0] for row in versions] == [50]


async def test_relay_that_dies_between_send_and_removal_sends_the_same_events_again_with_one_effect(hub: Hub) -> None:
    expected, rows = histories(3)
    await into_outbox(hub, rows)

    async with hub.relay._outbox.begin() as transaction:
        taken = await transaction.take(50)
        await hub.publisher.publish(taken.rows)  # sent; the process dies before the removal commits
    assert await hub.database.pool.fetchval("SELECT count(*) FROM outbox") == len(rows)

    while await hub.relay.once():
        pass
    subscriber = hub.subscriber("hub.notices", worker(hub).handle)
    await subscriber.start()

    async def done() -> bool:
        return await folded(hub) == len(rows)

    await until(done, "every event folded")
    await subscriber.stop()
    assert await timeline(hub) == expected
