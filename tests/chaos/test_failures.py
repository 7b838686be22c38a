"""Events that fail at random: their dossiers wait, whole and in order, while others go on; replay catches up."""

import json
import random
from uuid import UUID

import pytest

from hub.bootstrap.hub import Hub
from tests.support import documents
from tests.support.history import CLAIMS, problems
from tests.support.load import Load
from tests.support.picture import at_rest, seen
from tests.support.poison import Poison
from tests.support.processes import Processes
from tests.support.scene import OFFICE, Scene

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(180), pytest.mark.usefixtures("topics_ready")]


@pytest.fixture
async def poison(hub: Hub) -> Poison:
    return await Poison.in_database(hub.database.pool)


async def test_dossiers_of_random_failing_events_wait_in_order_while_others_go_on_and_replay_catches_up_under_load(
    hub: Hub, processes: Processes, scene: Scene, poison: Poison
) -> None:
    dice = random.Random(20_260)
    unlucky = dice.sample(range(30), 9)
    firsts = await poison.inject(*((n, dice.randrange(1, 8)) for n in unlucky))
    twice = unlucky[:3]
    seconds = await poison.inject(*((n, dice.randrange(9, 14)) for n in twice))
    await processes.up("intake", "relay", "consume", "consume")
    await scene.open_dossiers()
    load = Load(scene)
    await load.send(15)
    await at_rest(hub)

    waiting = await seen(hub)
    assert problems(load.people(), waiting) == []
    assert {key: ids[0] for (_, key), ids in waiting.parked.items()} == {
        scene.subjects[n]: event for n, event in zip(unlucky, firsts, strict=True)
    }

    await poison.mend(*firsts)
    again, load.pace = {}, 0.2
    async with load.going_on():  # records arrive while queues are emptied
        for letter in await letters(hub):
            report = await hub.replay.letter(letter)
            assert report.succeeded
            again[letter] = report.parked
    await at_rest(hub)
    halfway = await seen(hub)
    assert problems(load.people(), halfway) == []
    assert {key: ids[0] for (_, key), ids in halfway.parked.items()} == {
        scene.subjects[n]: event for n, event in zip(twice, seconds, strict=True)
    }
    assert sorted(again.values()) == [False] * 6 + [True] * 3

    await poison.mend(*seconds)
    for letter in await letters(hub):
        done = processes.command("dlq", "replay", str(letter), "--json")
        assert (done.returncode, json.loads(done.stdout)["parked"]) == (0, False), done.stderr
    await at_rest(hub)
    healed = await seen(hub)
    assert (problems(load.people(), healed), dict(healed.parked)) == ([], {})


async def letters(hub: Hub, group: str = CLAIMS) -> list[UUID]:
    """Letters that wait, the oldest first."""
    rows = await hub.database.pool.fetch(
        "SELECT id FROM dead_letter WHERE state = 'waiting' AND consumer_group = $1 ORDER BY recorded_at", group
    )
    return [row[0] for row in rows]


async def test_consumer_that_only_fails_stops_with_an_alert_and_its_group_goes_on_when_resumed(
    hub: Hub, processes: Processes, scene: Scene
) -> None:
    pool = hub.database.pool
    await processes.up("intake", "relay")
    for n in scene.people:  # nobody registered these notices: each strike fails for its person
        await scene.fca.document("fca", documents.strike(f"strike-{n}", n))
    narrow = {"HUB_CONSUME__CEILING_FAILURES": "10", "HUB_CONSUME__BATCH": "4"}
    consumer = processes.start("consume", **narrow)

    assert await consumer.ended() == 3

    (alert,) = [entry for entry in consumer.log() if entry["level"] == "critical"]
    assert (alert["event"], alert["group"], alert["alert"]) == ("ceiling reached, consumer stops", "hub.notices", True)
    assert "hub dlq groups" in consumer.text().splitlines()[-1]
    assert 10 <= await pool.fetchval("SELECT count(*) FROM dead_letter") <= 16  # two lanes, four records each

    for n in scene.people:
        await scene.fca.document("fca", documents.notice(f"notice-{n}", n, OFFICE))
    await processes.start("consume").up()
    assert processes.command("dlq", "resume", "hub.notices").returncode == 0
    await at_rest(hub)
    assert await pool.fetchval("SELECT count(*) FROM dead_letter") == 30
    assert await pool.fetchval("SELECT count(*) FROM parked_record") == 30
    for letter in await letters(hub, "hub.notices"):
        assert (await hub.replay.letter(letter, last=True)).succeeded
    assert await pool.fetchval("SELECT count(*) FROM projection_notice WHERE state = 'struck'") == 30
