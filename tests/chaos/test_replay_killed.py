"""A job over a thousand dossiers, its runner and a consumer killed in the middle: nothing lost, doubled, reordered."""

import asyncio
import random
from base64 import b64encode
from uuid import UUID

import pytest
from pydantic_core import to_json

from hub.adapters.postgres.bulk import write_outbox
from hub.application.dead_letters.job_ports import JobOptions
from hub.application.dead_letters.selection import Selection
from hub.application.ports import OutboxRow, Record
from hub.bootstrap.hub import Hub
from tests.integration.broken import person, release
from tests.integration.test_consume import claim
from tests.support.picture import at_rest
from tests.support.processes import Processes
from tests.support.waiting import until

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(240), pytest.mark.usefixtures("topics_ready")]
PERSONS, EACH, LATER = 1000, 10, 2
GROUP = "hub.claims"


async def test_job_of_ten_thousand_records_over_a_thousand_keys_survives_kills_of_runner_and_consumer(
    hub: Hub, processes: Processes
) -> None:
    told = {person(n): [claim(person(n), 100 * n + one) for one in range(EACH + LATER)] for n in range(PERSONS)}
    firsts = {_id(records[0]) for records in told.values()}
    with release(hub, lambda event: event.id in firsts, group=GROUP):
        for at in range(0, PERSONS, 100):
            some = [record for n in range(at, at + 100) for record in told[person(n)][:EACH]]
            await hub.consume(GROUP).handle(some)
    await processes.up("relay", "consume")
    plan = await hub.plans.make(Selection(), verb="replay", who="anna")
    job = await hub.jobs.ask(
        plan.id, who="anna", reason="fixed", typed="REPLAY 1000", options=JobOptions(together=10, canary=(1, 2, 5))
    )
    assert job.state == "asked"
    await hub.jobs.approve(job.id, who="bert")

    dice = random.Random(11)
    arriving = asyncio.create_task(_arrive(hub, [one for records in told.values() for one in records[EACH:]]))
    for round_ in range(4):
        doomed = await processes.start("replay", HUB_DEAD_LETTERS__LEASE="PT1S").up()
        await _progress(hub, job.id, 60 * (round_ + 1))
        await asyncio.sleep(dice.uniform(0, 0.2))
        doomed.kill()
        if round_ == 1:
            consumer = await processes.start("consume").up()
            await asyncio.sleep(dice.uniform(0, 0.5))
            consumer.kill()
    await arriving
    await processes.up("replay", "consume")

    async def ended() -> bool:
        return (await hub.jobs.found(job.id)).state != "running"

    await until(ended, "the job to end", within=120)
    await at_rest(hub)

    shown = await hub.jobs.shown(job.id)
    assert (shown["state"], shown["outcomes"]["done"]) == ("done", PERSONS)
    assert shown["outcomes"]["released"] >= PERSONS * (EACH - 1)
    pool = hub.database.pool
    handled: dict[str, list[UUID]] = {key: [] for key in told}
    for key, event in await pool.fetch(
        "SELECT key, event_id FROM timeline WHERE consumer_group = $1 ORDER BY seq", GROUP
    ):
        handled[key].append(event)
    assert handled == {key: [_id(record) for record in records] for key, records in told.items()}
    assert await pool.fetchval("SELECT count(*) FROM parked_key") == 0
    assert await pool.fetchval("SELECT count(*) FROM letter_attempt WHERE outcome = 'replayed'") == PERSONS
    assert await pool.fetchval("SELECT count(*) FROM audit WHERE verb = 'replayed'") == PERSONS


def _id(record: Record) -> UUID:
    return UUID(dict(record.headers)["ce_id"].decode())


async def _arrive(hub: Hub, records: list[Record]) -> None:
    """Records of the same dossiers, while their queues are emptied."""
    dice = random.Random(12)
    by_key: dict[bytes, list[Record]] = {}
    for record in records:
        by_key.setdefault(record.key or b"", []).append(record)
    keys = list(by_key)
    for turn in range(LATER):
        dice.shuffle(keys)
        for at in range(0, len(keys), 50):
            rows = [_row(by_key[key][turn]) for key in keys[at : at + 50]]
            async with hub.database.transaction() as connection:
                await write_outbox(connection, rows)
            await asyncio.sleep(0.05)


def _row(record: Record) -> OutboxRow:
    headers = [[name, b64encode(value).decode()] for name, value in record.headers]
    return OutboxRow(
        topic=record.topic, key=(record.key or b"").decode(), headers=to_json(headers).decode(), value=record.value
    )


async def _progress(hub: Hub, job: UUID, letters: int) -> None:
    async def far_enough() -> bool:
        counts = (await hub.jobs.shown(job))["outcomes"]
        return int(counts.get("done", 0)) >= letters

    await until(far_enough, f"{letters} letters to be done", within=60)
