"""An institution follows its feed."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from time import monotonic
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from hub.bootstrap.hub import Hub
from tests.integration.intake_parts import door, key_of

pytestmark = pytest.mark.integration
_INSERT = "INSERT INTO feed (institution, event_id, type, attributes, value) VALUES ($1, $2, $3, $4, $5)"


@pytest.fixture
async def cpas(hub: Hub) -> AsyncIterator[httpx.AsyncClient]:
    """A client with the key of a CPAS; feeds ring."""
    ring = asyncio.create_task(hub.ring_feeds())
    async with door(hub, await key_of(hub, "cpas-1", "cpas")) as client:
        yield client
    ring.cancel()


async def told(hub: Hub, n: int, *, institution: str = "cpas-1", type_: str = "a.b", connection: Any = None) -> UUID:
    """Write an event with a personal part to a feed."""
    event_id, subject = uuid4(), f"p{n:032x}"
    (box,) = await hub.vault.seal_many([(subject, event_id, json.dumps({"name": f"name {n}"}).encode())])
    attributes = {"specversion": "1.0", "id": str(event_id), "source": "/hub", "type": type_, "subject": subject}
    value = json.dumps({"n": n, "sealed": box}).encode()
    where = connection or hub.database.pool
    await where.execute(_INSERT, institution, event_id, type_, json.dumps(attributes), value)
    return event_id


async def read(client: httpx.AsyncClient, **query: object) -> tuple[list[dict[str, Any]], str]:
    answer = await client.get("/v1/feed", params={name: str(value) for name, value in query.items()})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/cloudevents-batch+json"
    return answer.json(), answer.headers["hub-cursor"]


def numbers(events: Sequence[dict[str, Any]]) -> list[int]:
    return [event["data"]["n"] for event in events]


async def test_feed_is_read_in_order_page_by_page_with_personal_fields_open(hub: Hub, cpas: httpx.AsyncClient) -> None:
    ids = [await told(hub, n) for n in range(7)]
    await told(hub, 99, institution="cpas-2")
    first, cursor = await read(cpas, limit=4)
    rest, cursor = await read(cpas, limit=4, after=cursor)
    nothing, again = await read(cpas, limit=4, after=cursor)
    assert (numbers(first), numbers(rest), nothing) == ([0, 1, 2, 3], [4, 5, 6], [])
    assert [event["id"] for event in first + rest] == [str(one) for one in ids]
    assert first[0]["data"] == {"n": 0, "name": "name 0"}
    await told(hub, 7)
    later, _ = await read(cpas, after=again)
    assert numbers(later) == [7]


async def test_row_of_an_older_transaction_that_commits_late_is_not_lost(hub: Hub, cpas: httpx.AsyncClient) -> None:
    async with hub.database.pool.acquire() as slow:
        transaction = slow.transaction()
        await transaction.start()
        await told(hub, 1, connection=slow)
        await told(hub, 2)
        early, cursor = await read(cpas)
        assert early == []
        await transaction.commit()
    both, _ = await read(cpas, after=cursor)
    assert numbers(both) == [1, 2]


async def test_reader_that_waits_is_answered_when_its_feed_grows(hub: Hub, cpas: httpx.AsyncClient) -> None:
    _, cursor = await read(cpas)
    waiting = asyncio.create_task(read(cpas, after=cursor, wait=30))
    done, _ = await asyncio.wait({waiting}, timeout=0.3)
    assert not done
    start = monotonic()
    async with hub.database.transaction() as connection:
        await told(hub, 1, connection=connection)
        await connection.execute("NOTIFY hub_feed")
    events, _ = await waiting
    assert numbers(events) == [1]
    assert monotonic() - start < 3


async def test_wait_ends_with_an_empty_answer_and_a_cursor(hub: Hub, cpas: httpx.AsyncClient) -> None:
    events, cursor = await read(cpas, wait=0.3)
    assert events == []
    await told(hub, 1)
    events, _ = await read(cpas, after=cursor)
    assert numbers(events) == [1]


async def test_types_filter_moves_the_cursor_past_what_it_hides(hub: Hub, cpas: httpx.AsyncClient) -> None:
    for n in range(6):
        await told(hub, n, type_="a.b" if n % 2 else "c.d")
    events, cursor = await read(cpas, types="a.b,x.y")
    assert numbers(events) == [1, 3, 5]
    events, _ = await read(cpas, after=cursor)
    assert events == []


async def test_event_of_an_erased_person_stays_without_its_personal_fields(hub: Hub, cpas: httpx.AsyncClient) -> None:
    await told(hub, 1)
    await told(hub, 2)
    await hub.database.pool.execute(
        "UPDATE person_key SET wrapped = NULL, erased_at = $1 WHERE subject = $2", datetime.now(UTC), f"p{1:032x}"
    )
    hub.vault.invalidate()
    (first, second), _ = await read(cpas)
    assert (first["data"], first["erased"]) == ({"n": 1}, True)
    assert (second["data"], "erased" in second) == ({"n": 2, "name": "name 2"}, False)


async def test_readers_see_every_event_once_while_many_writers_commit(hub: Hub, cpas: httpx.AsyncClient) -> None:
    async def write(lane: int) -> None:
        for n in range(25):
            async with hub.database.transaction() as connection:
                await told(hub, lane * 100 + n, connection=connection)
                await connection.execute("NOTIFY hub_feed")

    async def follow() -> list[int]:
        seen: list[int] = []
        cursor = None
        while len(seen) < 100:
            events, cursor = await read(cpas, wait=5, limit=7, **({"after": cursor} if cursor else {}))
            seen += numbers(events)
        return seen

    writers = asyncio.gather(*(write(lane) for lane in range(4)))
    async with asyncio.timeout(60):
        seen, other, _ = await asyncio.gather(follow(), follow(), writers)
    assert seen == other
    assert sorted(seen) == sorted(lane * 100 + n for lane in range(4) for n in range(25))


@pytest.mark.parametrize("cursor", ["AAAA", "LTEuLTE", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5LjE", "!"])
async def test_cursor_of_somebody_elses_making_is_refused(cpas: httpx.AsyncClient, cursor: str) -> None:
    answer = await cpas.get("/v1/feed", params={"after": cursor})
    assert (answer.status_code, answer.json()["code"]) == (422, "query")


async def test_readers_are_let_go_when_the_process_ends(hub: Hub, cpas: httpx.AsyncClient) -> None:
    waiting = asyncio.create_task(read(cpas, wait=30))
    done, _ = await asyncio.wait({waiting}, timeout=0.3)
    assert not done
    start = monotonic()
    hub.subscribe.close()
    events, _ = await waiting
    assert (events, monotonic() - start < 2) == ([], True)
