"""A letter that came too early is replayed after what waits behind it, or nothing changes."""

from hub.bootstrap.hub import Hub
from tests.integration.test_consume import PERSON, count, notice, strike


async def test_letter_that_came_too_early_is_handled_after_its_queue(hub: Hub) -> None:
    consume = hub.consume("hub.notices")
    await consume.handle([strike(PERSON, "A")])
    await consume.handle([notice(PERSON, "A"), notice(PERSON, "B")])
    letter = await hub.database.pool.fetchval("SELECT id FROM dead_letter")

    report = await hub.replay.letter(letter, last=True)

    assert (report.succeeded, report.released, report.parked) == (True, 2, False)
    assert await count(hub, "parked_key") == 0
    assert await count(hub, "parked_record") == 0
    assert await count(hub, "dead_letter", "state = 'replayed'") == 1
    states = {row[0]: row[1] for row in await hub.database.pool.fetch("SELECT notice, state FROM projection_notice")}
    assert states == {"A": "struck", "B": "active"}


async def test_replay_after_the_queue_that_fails_changes_nothing(hub: Hub) -> None:
    consume = hub.consume("hub.notices")
    await consume.handle([strike(PERSON, "A")])
    await consume.handle([notice(PERSON, "B"), strike(PERSON, "C")])
    letter = await hub.database.pool.fetchval("SELECT id FROM dead_letter")

    report = await hub.replay.letter(letter, last=True)

    assert (report.succeeded, report.released, report.parked) == (False, 0, True)
    assert report.failure is not None
    assert await count(hub, "parked_record") == 2
    assert await count(hub, "dead_letter", "state = 'waiting'") == 1
    assert await count(hub, "projection_notice") == 0
