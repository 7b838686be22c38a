"""`hub deliver` asks the simulated bank over TLS: killed, left alone for an hour, suspended; nothing is lost."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaConsumer

from hub.bootstrap.hub import Hub
from sandbox.people import Population
from tests.support.counterside import CONNECTIONS, FAILURES, Counterside, counterside
from tests.support.plaintext import forms, readable
from tests.support.processes import HubProcess, Processes
from tests.support.waiting import until
from tests.support.watched_bank import WatchedBank, watched_bank

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180), pytest.mark.usefixtures("topics_ready")]

CPAS = "cpas-041"
PEOPLE = Population.of(seed=41, people=8, offices=1, cpas=1).people


@pytest.fixture
async def bank(tmp_path: Path) -> AsyncIterator[WatchedBank]:
    async with watched_bank(tmp_path / "bank", PEOPLE, CPAS) as found:
        yield found


@pytest.fixture
async def counter(hub: Hub, processes: Processes, bank: WatchedBank) -> AsyncIterator[Counterside]:
    async with counterside(hub, processes, bank) as found:
        yield found


async def test_register_killed_between_call_and_record_is_decided_by_a_list_and_never_sent_again(
    counter: Counterside, bank: WatchedBank
) -> None:
    bank.victim = first = await counter.deliverer()
    await counter.integrate(PEOPLE[0])
    await until(_ended(first), "the deliverer to be killed once the bank had registered")
    assert await counter.calls() == {"sent": 1}
    await counter.later(timedelta(minutes=2), "sending")
    await counter.deliverer()
    await counter.until_told("integration.registered", 1)

    (registered,) = await counter.told("integration.registered")
    assert registered["data"]["listed"] is True
    assert [one.what for one in bank.asked] == ["register", "list"]
    assert len({one.ticket for one in bank.asked}) == 2
    assert len(await counter.told("integration.outcome-unknown")) == 1


async def test_flow_killed_between_call_and_record_is_asked_again_with_a_new_ticket_and_told_once(
    counter: Counterside, bank: WatchedBank, hub: Hub
) -> None:
    first = await counter.deliverer()
    await counter.integrate(PEOPLE[0])
    await counter.until_told("integration.registered", 1)
    bank.victim = first
    await counter.consult("income", PEOPLE[0])
    await until(_ended(first), "the deliverer to be killed once the bank had answered")
    await counter.later(timedelta(minutes=2), "sending")
    await counter.deliverer()
    await counter.until_told("flow.answered", 1)

    assert [one.what for one in bank.asked] == ["register", "income", "income"]
    assert len(set(bank.tickets("income"))) == 2
    rows = await hub.database.pool.fetch("SELECT ticket::text, consultation, outcome FROM bank_call ORDER BY sent_at")
    flow = [row for row in rows if row["ticket"] in bank.tickets("income")]
    assert [row["outcome"] for row in flow] == ["sent", "ended"]
    assert len({row["consultation"] for row in flow}) == 1
    (answered,) = await counter.told("flow.answered")
    assert answered["data"]["ticket"] == bank.tickets("income")[1]
    assert await readable(hub, forms(PEOPLE[0].niss)) == []


async def test_bank_that_is_down_for_an_hour_is_asked_by_trials_only_and_then_answers_everything_once(
    counter: Counterside, bank: WatchedBank
) -> None:
    await counter.deliverer()
    early, late = PEOPLE[:-1], PEOPLE[-1]
    await counter.integrate(*early)
    await counter.until_told("integration.registered", len(early))
    await bank.shut()
    await counter.integrate(late)
    await counter.consult("income", *early)
    await until(_calls(counter, FAILURES), "the breaker to open")
    opened = await counter.calls()
    for _ in range(6):
        await counter.later(timedelta(minutes=10))
        before = (await counter.calls())["not-taken"]
        await until(_calls(counter, before + 1), "a trial")
    tried = await counter.calls()

    assert tried["not-taken"] - opened["not-taken"] <= len(PEOPLE) + 2 * 6, (
        "one trial a service, not everything each time"
    )
    assert await counter.told("flow.answered") == []
    assert {one["state"] for one in await counter.hub.suspend.status()} == {"open"}, "away is not suspended"
    await bank.open()
    await counter.later(timedelta(hours=1))
    await counter.until_told("flow.answered", len(early))
    await counter.until_told("integration.registered", len(PEOPLE))
    assert len(set(bank.tickets("income"))) == len(bank.tickets("income")) == len(early)
    assert len(set(bank.tickets("register"))) == len(bank.tickets("register")) == len(PEOPLE)
    assert await counter.hub.database.pool.fetchval("SELECT count(*) FROM dead_letter") == 0


async def test_many_consultations_share_a_bounded_number_of_connections(
    counter: Counterside, bank: WatchedBank
) -> None:
    await counter.deliverer()
    await counter.integrate(*PEOPLE)
    await counter.until_told("integration.registered", len(PEOPLE))
    bank.sandbox.fates.latency = 0.2  # so that questions would pile up
    for flow in ("income", "addresses", "handicap", "self-employed"):
        await counter.consult(flow, *PEOPLE)
    await counter.until_told("flow.answered", 4 * len(PEOPLE))

    assert 1 < bank.most <= CONNECTIONS
    assert len(set(bank.asked)) == len(bank.asked) == 5 * len(PEOPLE)


async def test_person_is_searched_by_sound_and_candidates_are_read_with_a_purpose_by_who_asked_alone(
    counter: Counterside, bank: WatchedBank, hub: Hub
) -> None:
    deliverer = await counter.deliverer()
    person, search = PEOPLE[0], str(uuid4())
    born = {"name": person.name.lower(), "born": f"{person.born.year}-00-00", "search": search}
    await counter.search(tolerance=1, **born)
    await counter.until_told("person.searched", 1)
    await counter.search(**born)  # a year alone, and no tolerance
    await counter.until_told("person-search.failed", 1)
    bank.victim = deliverer
    await counter.search(search=search, niss=person.niss, verify_name=person.name, verify_born="1901-01-01")
    await until(_ended(deliverer), "the deliverer to be killed once the bank had answered")
    await counter.later(timedelta(minutes=2), "sending")
    await counter.deliverer()
    await counter.until_told("person-search.failed", 2)

    (searched,) = await counter.told("person.searched")
    failed = await counter.told("person-search.failed")
    assert [one["data"]["reasons"][0] for one in failed] == ["tolerance-needed", "22007007"]
    assert (searched["data"]["mode"], searched["data"]["validated"]) == ("sound", False)
    where = f"/v1/answers/{searched['data']['answer']}"
    assert (await counter.partner.get(where)).status_code == 422
    read = await counter.partner.http.get(where, headers={"Purpose": "the client at the desk"})
    candidates = read.json()["content"]["candidates"]
    assert person.niss in {one["niss"] for one in candidates}
    assert len(candidates) == searched["data"]["found"]
    assert len(set(bank.tickets("classic"))) == len(bank.tickets("classic")) == 3
    assert await hub.database.pool.fetchval("SELECT count(*) FROM answer_read") == 1
    assert await hub.database.pool.fetchval("SELECT count(*) FROM dead_letter") == 0
    assert await readable(hub, forms(person.niss, person.name)) == []


async def test_bis_number_killed_between_call_and_record_is_never_asked_for_again_and_a_search_finds_her(
    counter: Counterside, bank: WatchedBank
) -> None:
    nobody = {"search": str(uuid4()), "name": "Quarantaine", "born": "1988-07-03"}
    first = await counter.deliverer()
    await counter.search(**nobody)
    await counter.until_told("person.searched", 1)
    bank.victim = first
    await counter.number(**nobody)
    await until(_ended(first), "the deliverer to be killed once the bank had given a number")
    await counter.later(timedelta(minutes=2), "sending")
    await counter.deliverer()
    await counter.until_told("bis-number.failed", 1)
    await counter.search(**nobody)
    await counter.until_told("person.searched", 2)

    (failed,) = await counter.told("bis-number.failed")
    assert (failed["data"]["uncertain"], failed["data"]["reasons"]) == (True, ["interrupted"])
    assert [one.what for one in bank.asked] == ["classic", "bis", "classic"]
    assert [one["data"]["found"] for one in await counter.told("person.searched")] == [0, 1]


async def test_service_that_refuses_authorisation_is_suspended_and_resumed_by_command(
    counter: Counterside, bank: WatchedBank, processes: Processes
) -> None:
    await counter.deliverer()
    await counter.integrate(*PEOPLE[:3])
    await counter.until_told("integration.registered", 3)
    bank.sandbox.fates.order("MSG00015")
    await counter.consult("income", PEOPLE[0])
    await until(_suspended(counter, "bcss/income"), "the suspension")
    await counter.consult("income", *PEOPLE[1:3])
    await counter.consult("handicap", PEOPLE[0])
    await counter.until_told("flow.answered", 1)

    assert [one["data"]["flow"] for one in await counter.told("flow.answered")] == ["handicap"]
    assert len(bank.tickets("income")) == 1
    resumed = processes.command("connector", "resume", "bcss/income")
    assert resumed.returncode == 0, resumed.stdout + resumed.stderr
    await counter.later(timedelta(minutes=2))
    await counter.until_told("flow.answered", 4)
    assert len(set(bank.tickets("income"))) == 4
    assert await _adapter_events(counter.hub) == ["suspended", "resumed"]


async def _adapter_events(hub: Hub) -> list[str]:
    """What the log tells of services, in order."""
    consumer = AIOKafkaConsumer("adapter-events", bootstrap_servers=hub.where.kafka, auto_offset_reset="earliest")
    found: list[str] = []
    async with consumer:
        while len(found) < 2:
            record = await consumer.getone()
            types = [value.decode() for name, value in record.headers if name == "ce_type"]
            found += [one.split(".")[3] for one in types]
    return found


def _ended(process: HubProcess) -> Any:
    async def over() -> bool:
        return not process.alive

    return over


def _calls(counter: Counterside, count: int) -> Any:
    async def so_many() -> bool:
        return (await counter.calls())["not-taken"] >= count

    return so_many


def _suspended(counter: Counterside, adapter: str) -> Any:
    async def is_() -> bool:
        found = await counter.hub.suspend.status()
        return any(one["adapter"] == adapter and one["state"] == "suspended" for one in found)

    return is_
