"""Deadlines become events once, at their time, never while their dossier is parked."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from hub.adapters.postgres.bell import PostgresBell
from hub.adapters.postgres.bulk import write_outcome
from hub.adapters.postgres.database import Database
from hub.adapters.postgres.moved_clock import MovedClock, TimeMachine
from hub.adapters.postgres.timers import PostgresTimers
from hub.application.clock import FireTimers
from hub.application.ports import Follow, Outcome
from hub.bootstrap.hub import Hub
from hub.domain.messaging.cloudevent import event_id_of
from hub.domain.messaging.decision import Timer
from hub.domain.messaging.errors import RefusalError
from hub.domain.messaging.retry import Backoff
from schemas.mediation import AnswerDue
from tests.integration.post_office import event_ids, opened, outbox, until

pytestmark = pytest.mark.integration

GROUP = "hub.mediation"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DUE = NOW + timedelta(days=15)


@dataclass
class FakeMeter:
    counted: list[str] = field(default_factory=list)

    def fired(self, type_: str) -> None:
        self.counted.append(f"fired {type_}")

    def unreadable(self, type_: str) -> None:
        self.counted.append(f"unreadable {type_}")


@dataclass
class Dossiers:
    """Timers of one test's dossiers, written as the consumer writes them."""

    database: Database
    meter: FakeMeter

    async def set(self, dossier: str, *, due: datetime | None = DUE, name: str = "answer/o991") -> None:
        data = AnswerDue(dossier=dossier, office="o991")
        timer = Timer(name=name, due=due, event=data, key=dossier, subject="p" + "1" * 32)
        follow = Follow(cause=opened(dossier), key=dossier, what=timer)
        nothing: dict[str, Any] = dict.fromkeys(("handled", "rows", "outbox", "feed", "letters", "queued"), ())
        async with self.database.transaction() as connection:
            await connection.execute(
                "INSERT INTO state (consumer_group, key) VALUES ($1, $2) ON CONFLICT DO NOTHING", GROUP, dossier
            )
            await write_outcome(connection, GROUP, Outcome(states={}, follows=[follow], **nothing))

    async def park(self, dossier: str) -> None:
        query = "INSERT INTO parked_key (consumer_group, key, letter) VALUES ($1, $2, $3)"
        await self.database.pool.execute(query, GROUP, dossier, uuid4())

    async def free(self, dossier: str) -> None:
        await self.database.pool.execute("DELETE FROM parked_key WHERE key = $1", dossier)

    def clock(self, hub: Hub, *, database: Database | None = None, batch: int = 1000) -> FireTimers:
        database = database or self.database
        return FireTimers(
            timers=PostgresTimers(database),
            topics=hub.topics,
            clock=MovedClock(database, real=lambda: NOW),
            bell=PostgresBell(database.dsn, "hub_timer"),
            meter=self.meter,
            backoff=Backoff(first=timedelta(milliseconds=20), most=timedelta(seconds=1)),
            batch=batch,
            poll=timedelta(minutes=10),
        )

    async def fired(self) -> list[dict[str, Any]]:
        return await outbox(self.database.pool)

    async def left(self) -> int:
        return int(await self.database.pool.fetchval("SELECT count(*) FROM timer"))


@pytest.fixture
def dossiers(hub: Hub) -> Dossiers:
    return Dossiers(hub.database, FakeMeter())


@pytest.fixture
async def rival(database_dsn: str) -> AsyncIterator[Database]:
    database = await Database.open(database_dsn)
    yield database
    await database.close()


def dossier() -> str:
    return f"d{uuid4().hex}"


async def test_a_timer_fires_at_its_time_as_an_event_of_its_dossier(hub: Hub, dossiers: Dossiers) -> None:
    mine = dossier()
    await dossiers.set(mine)
    clock = dossiers.clock(hub)
    assert await clock.once() == 0

    await hub.time_machine.advance(timedelta(days=15))

    assert await clock.once() == 1
    assert await clock.once() == 0
    (event,) = await dossiers.fired()
    assert (event["topic"], event["key"]) == ("dossier-events", mine)
    assert event["ce_type"] == "be.mediationhub.answer.due.v1"
    assert event["ce_id"] == str(event_id_of("timer", GROUP, mine, "answer/o991", DUE.isoformat()))
    assert datetime.fromisoformat(event["ce_time"]) == DUE
    assert datetime.fromisoformat(event["ce_recordedtime"]) == NOW + timedelta(days=15)
    assert event["ce_subject"] == "p" + "1" * 32
    assert event["ce_correlationid"] == mine
    assert event["ce_traceparent"].startswith("00-aaaa")
    assert (event["dossier"], event["office"]) == (mine, "o991")
    assert dossiers.meter.counted == ["fired be.mediationhub.answer.due.v1"]


async def test_two_clocks_side_by_side_fire_each_timer_once(hub: Hub, dossiers: Dossiers, rival: Database) -> None:
    for _ in range(300):
        await dossiers.set(dossier(), due=NOW - timedelta(hours=1))
    clocks = [dossiers.clock(hub, batch=20), dossiers.clock(hub, database=rival, batch=20)]

    async def all_of(clock: FireTimers) -> int:
        total = 0
        while await dossiers.left():
            total += await clock.once()
        return total

    totals = await asyncio.gather(*map(all_of, clocks))

    ids: list[UUID] = event_ids(await dossiers.fired())
    assert sum(totals) == len(ids) == len(set(ids)) == 300


async def test_nothing_fires_while_its_dossier_is_parked(hub: Hub, dossiers: Dossiers) -> None:
    parked, free = dossier(), dossier()
    for one in (parked, free):
        await dossiers.set(one, due=NOW)
    await dossiers.park(parked)
    clock = dossiers.clock(hub)

    assert await clock.once() == 1
    assert await clock.once() == 0
    assert [event["dossier"] for event in await dossiers.fired()] == [free]

    await dossiers.free(parked)
    assert await clock.once() == 1
    assert [event["dossier"] for event in await dossiers.fired()] == [free, parked]


async def test_timer_of_a_dossier_that_is_being_decided_waits_and_sees_it_parked(
    hub: Hub, dossiers: Dossiers, rival: Database
) -> None:
    mine = dossier()
    await dossiers.set(mine, due=NOW)
    clock = dossiers.clock(hub)
    async with rival.transaction() as deciding:
        await deciding.execute("SELECT FROM state WHERE key = $1 FOR UPDATE", mine)
        assert await clock.once() == 0
        await deciding.execute(
            "INSERT INTO parked_key (consumer_group, key, letter) VALUES ($1, $2, $3)", GROUP, mine, uuid4()
        )
    assert await clock.once() == 0
    assert await dossiers.left() == 1


async def test_a_dossier_cannot_be_parked_between_the_look_and_the_firing(
    hub: Hub, dossiers: Dossiers, rival: Database
) -> None:
    mine = dossier()
    await dossiers.set(mine, due=NOW)
    async with PostgresTimers(hub.database).begin() as firing:
        assert len(await firing.due(NOW, 10)) == 1
        async with rival.transaction() as consumer:
            locked = await consumer.fetch("SELECT FROM state WHERE key = $1 FOR UPDATE SKIP LOCKED", mine)
    assert locked == []


async def test_a_dossier_parked_after_the_first_look_is_seen(hub: Hub, dossiers: Dossiers) -> None:
    mine = dossier()
    await dossiers.set(mine, due=NOW)
    async with PostgresTimers(hub.database).begin() as firing:
        look_again = firing._ready

        async def parked_meanwhile(keys: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
            await dossiers.park(mine)
            return await look_again(keys)

        firing._ready = parked_meanwhile  # type: ignore[method-assign]  # between two statements
        assert await firing.due(NOW, 10) == []


async def test_timer_that_was_moved_fires_at_its_new_time_and_a_cancelled_one_never(
    hub: Hub, dossiers: Dossiers
) -> None:
    moved, cancelled = dossier(), dossier()
    for one in (moved, cancelled):
        await dossiers.set(one)
    await dossiers.set(moved, due=DUE + timedelta(days=5))
    await dossiers.set(cancelled, due=None)
    clock = dossiers.clock(hub)

    await hub.time_machine.advance(timedelta(days=15))
    assert await clock.once() == 0
    await hub.time_machine.advance(timedelta(days=5))
    assert await clock.once() == 1
    assert [event["dossier"] for event in await dossiers.fired()] == [moved]


async def test_timer_this_release_cannot_read_stays_and_is_counted(hub: Hub, dossiers: Dossiers) -> None:
    strange, good = dossier(), dossier()
    for one in (strange, good):
        await dossiers.set(one, due=NOW)
    await hub.database.pool.execute("UPDATE timer SET data = '{}' WHERE key = $1", strange)

    assert await dossiers.clock(hub).once() == 1

    assert await dossiers.left() == 1
    assert sorted(dossiers.meter.counted) == [
        "fired be.mediationhub.answer.due.v1",
        "unreadable be.mediationhub.answer.due.v1",
    ]


async def test_moving_time_wakes_a_clock_that_sleeps(hub: Hub, dossiers: Dossiers) -> None:
    await dossiers.set(dossier())
    clock = dossiers.clock(hub)
    bell: Any = clock._bell
    async with bell:
        task = asyncio.create_task(clock.run())
        await until(lambda: _listening(hub))
        await hub.time_machine.advance(timedelta(days=15))
        await until(lambda: _none_left(dossiers))
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert len(await dossiers.fired()) == 1


async def _none_left(dossiers: Dossiers) -> bool:
    return await dossiers.left() == 0


async def _listening(hub: Hub) -> bool:
    query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'"
    return bool(await hub.database.pool.fetchval(query))


async def test_moved_clock_learns_within_a_second_and_is_the_same_everywhere(hub: Hub, rival: Database) -> None:
    here, there = (MovedClock(database, real=lambda: NOW) for database in (hub.database, rival))
    await here.refresh()
    assert here() == NOW

    assert await TimeMachine(rival).advance(timedelta(days=1)) == timedelta(days=1)
    assert await TimeMachine(rival).advance(timedelta(hours=1)) == timedelta(days=1, hours=1)

    await here.refresh()
    assert here() == NOW  # learned less than a second ago
    await here.refresh(timedelta(0))
    await there.refresh()
    assert here() == there() == NOW + timedelta(days=1, hours=1)


async def test_time_does_not_go_back(hub: Hub) -> None:
    with pytest.raises(RefusalError, match="forward"):
        await hub.time_machine.advance(timedelta(seconds=-1))
