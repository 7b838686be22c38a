"""Integrations and consultations on a real database, with a bank that keeps books of its own."""

import asyncio
import os
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from hub.bootstrap.hub import Hub
from hub.settings import PersonsSettings, Settings
from schemas.consultations import ConsultFlow
from schemas.persons import EndIntegration, ListIntegrations, RequestIntegration
from tests.integration.counter import CPAS, NISS, SPOUSE, Counter
from tests.support.fake_bank import OTHER_CPAS, FakeBank
from tests.support.plaintext import forms, readable

pytestmark = pytest.mark.integration

INTEGRATE = RequestIntegration(cpas=CPAS)
ADDRESSES = ConsultFlow(cpas=CPAS, flow="addresses")


@pytest.fixture
def settings(settings: Settings) -> Settings:
    contexts = "addresses/31=PCSA:DEBT_RECOVERY;income/31=PCSA:DEBT_RECOVERY"
    persons = PersonsSettings(file_needed=False, legal_contexts=contexts)
    return settings.model_copy(update={"persons": persons})


@pytest.fixture
def bank(tmp_path: Path) -> FakeBank:
    return FakeBank(tmp_path / "books.json")


@pytest.fixture
def counter(hub: Hub, bank: FakeBank) -> Counter:
    return Counter(hub, bank)


async def integrated(counter: Counter) -> None:
    await counter.say(INTEGRATE)
    await counter.run()
    assert counter.facts("integration.registered")


async def test_person_is_integrated_for_a_month_and_a_flow_is_answered(counter: Counter) -> None:
    await integrated(counter)
    consultation = await counter.say(ADDRESSES)
    await counter.run()

    (registered,) = counter.facts("integration.registered")
    assert (registered["begin"], registered["end"], registered["code"]) == ("2026-03-02", "2026-04-01", 31)
    (answered,) = counter.facts("flow.answered")
    assert answered["consultation"] == str(consultation)
    assert (answered["status"], answered["key"]) == ("DATA_FOUND", counter.dossier)
    (call,) = counter.bank.calls("addresses")
    assert (call["niss"], call["ticket"]) == (NISS, answered["ticket"])
    feed = await counter.pool.fetch("SELECT type FROM feed WHERE institution = $1 ORDER BY seq", CPAS)
    assert [row["type"].split(".", 2)[2] for row in feed] == [
        "integration.requested.v1",
        "integration.registered.v1",
        "flow-consultation.authorised.v1",
        "flow.answered.v1",
    ]
    calls = await counter.pool.fetch("SELECT outcome, ticket_bcss FROM bank_call")
    assert [(row["outcome"], bool(row["ticket_bcss"])) for row in calls] == [("ended", True), ("ended", True)]


async def test_nothing_is_sent_when_nobody_is_integrated(counter: Counter) -> None:
    await counter.say(ADDRESSES)
    await counter.run()

    assert counter.bank.calls() == []
    assert [one["reason"] for one in counter.facts("flow-consultation.denied")] == ["NOT_INTEGRATED"]


async def test_flow_without_a_legal_context_refuses_to_start(counter: Counter) -> None:
    await integrated(counter)
    await counter.say(ConsultFlow(cpas=CPAS, flow="employment"))
    await counter.run()

    assert counter.bank.calls("employment") == []
    assert [one["reason"] for one in counter.facts("flow-consultation.denied")] == ["FLOW_NOT_ALLOWED"]


async def test_gate_that_closed_between_the_command_and_the_sending_stops_the_consultation(counter: Counter) -> None:
    await integrated(counter)
    await counter.say(ADDRESSES)
    counter.clock.now += timedelta(days=31)  # the integration is over; its timer did not fire yet
    await counter.run()

    assert counter.bank.calls("addresses") == []
    assert [one["reason"] for one in counter.facts("flow-consultation.denied")] == ["NOT_INTEGRATED"]


async def test_consultation_waits_while_its_dossier_is_parked(counter: Counter) -> None:
    await integrated(counter)
    await counter.say(ADDRESSES)
    parked = "INSERT INTO parked_key (consumer_group, key, letter) VALUES ('hub.persons', $1, gen_random_uuid())"
    await counter.pool.execute(parked, counter.dossier)
    await counter.worker().once()

    assert counter.bank.calls("addresses") == []
    assert await counter.pool.fetchval("SELECT reason FROM delivery WHERE kind = 'bcss-flow'") == "dossier-parked"


@pytest.mark.parametrize("fate", ["lost-before", "lost-after"])
async def test_change_whose_answer_was_lost_is_decided_by_a_list_and_sent_again_only_if_not_listed(
    counter: Counter, fate: str
) -> None:
    counter.bank.plan(fate)
    await counter.say(INTEGRATE)
    await counter.run()

    assert counter.facts("integration.outcome-unknown")
    operations = [one["operation"] for one in counter.bank.calls()]
    assert operations == (["register", "list"] if fate == "lost-after" else ["register", "list", "register"])
    assert counter.facts("integration.registered")
    assert len({one["ticket"] for one in counter.bank.calls()}) == len(operations)


async def test_flow_whose_answer_was_lost_is_asked_again_with_a_new_ticket_and_the_same_consultation(
    counter: Counter,
) -> None:
    await integrated(counter)
    counter.bank.plan("lost-after", "MSG00002")
    await counter.say(ADDRESSES)
    for _ in range(3):
        await counter.run()
        await counter.all_due()

    calls = counter.bank.calls("addresses")
    assert [one["attempt"] for one in calls] == [1, 2, 3]
    assert len({one["ticket"] for one in calls}) == 3
    assert len({one["consultation"] for one in calls}) == 1
    assert len(counter.facts("flow.answered")) == 1


async def test_bank_that_denies_is_believed_and_nobody_is_integrated_by_itself(counter: Counter) -> None:
    await integrated(counter)
    counter.bank.plan("MSG00012")
    counter.bank.forget()
    await counter.say(ADDRESSES)
    await counter.run()

    assert [one["reason"] for one in counter.facts("flow-consultation.denied")] == ["BCSS_MSG00012"]
    assert [one["operation"] for one in counter.bank.calls()] == ["register", "addresses", "list"]
    assert [one["why"] for one in counter.facts("integration.ended")] == ["not-listed"]
    await counter.say(ADDRESSES)
    await counter.run()
    assert [one["reason"] for one in counter.facts("flow-consultation.denied")] == ["BCSS_MSG00012", "NOT_INTEGRATED"]


async def test_authorisation_refused_suspends_the_service_until_it_is_resumed_and_others_go_on(
    counter: Counter, hub: Hub
) -> None:
    await integrated(counter)
    counter.bank.plan("MSG00013")
    await counter.say(ADDRESSES)
    await counter.run()
    await counter.say(ConsultFlow(cpas=CPAS, flow="income"))
    await counter.all_due()
    await counter.run()

    assert [one["flow"] for one in counter.facts("flow.answered")] == ["income"]
    assert len(counter.bank.calls("addresses")) == 1
    (suspended,) = [one for one in await hub.suspend.status() if one["state"] == "suspended"]
    assert (suspended["adapter"], suspended["reason"], suspended["waiting"]) == ("bcss/addresses", "MSG00013", 1)
    assert await hub.suspend.resume("bcss/addresses", "test")
    await counter.run()
    assert [one["flow"] for one in counter.facts("flow.answered")] == ["income", "addresses"]
    assert len(counter.facts("adapter.suspended")) == len(counter.facts("adapter.resumed")) == 1


async def test_days_are_taken_away_and_the_history_keeps_every_step(counter: Counter) -> None:
    await integrated(counter)
    await counter.say(EndIntegration(cpas=CPAS, begin=date(2026, 3, 2)))
    await counter.say(ADDRESSES)
    await counter.run()

    assert [one["reason"] for one in counter.facts("flow-consultation.denied")] == ["NOT_INTEGRATED"]
    assert counter.facts("integration.unregistered")
    history = await counter.pool.fetch("SELECT state FROM projection_integration_history ORDER BY at, ctid")
    assert [row["state"] for row in history] == ["requested", "registered", "unregistered"]
    assert await counter.pool.fetchval("SELECT count(*) FROM timer") == 0


async def test_registrations_of_another_cpas_stay_out_of_events(counter: Counter) -> None:
    counter.bank.book(1, date(2026, 1, 1), date(2026, 12, 31), OTHER_CPAS)
    await counter.say(ListIntegrations(cpas=CPAS))
    await counter.run()

    (listed,) = counter.facts("integrations.listed")
    assert (listed["own"], listed["others"]) == ([], 1)
    assert OTHER_CPAS not in str(counter.told)
    assert OTHER_CPAS not in str(await counter.pool.fetch("SELECT * FROM answer"))


async def test_warning_and_end_come_as_timers(counter: Counter) -> None:
    await integrated(counter)

    timers = await counter.pool.fetch("SELECT name, due FROM timer ORDER BY due")
    assert [(row["name"].rpartition("/")[2], row["due"].date().isoformat()) for row in timers] == [
        ("warning", "2026-03-26"),  # 00:00 of 27 March in Brussels
        ("end", "2026-04-01"),  # the end of that day in Brussels, 22:00 UTC
    ]


@pytest.mark.usefixtures("topics_ready")
async def test_numbers_and_names_are_readable_nowhere(counter: Counter, hub: Hub) -> None:
    counter.bank.other = SPOUSE
    await integrated(counter)
    await counter.say(ADDRESSES)
    await counter.run()

    assert await readable(hub, forms(NISS, SPOUSE, "Zebulon")) == []
    assert NISS not in str(counter.told)


@pytest.mark.parametrize("operation", ["register", "flow"])
async def test_deliverer_killed_between_call_and_record_never_repeats_a_change_and_repeats_a_flow_under_a_new_ticket(
    counter: Counter, settings: Settings, tmp_path: Path, operation: str
) -> None:
    if operation == "flow":
        await integrated(counter)
        await counter.say(ADDRESSES)
    else:
        await counter.say(INTEGRATE)
    counter.bank.plan("die")
    environment = {
        **os.environ,
        "HUB_HOME": str(settings.home),
        "HUB_POSTGRES__DSN": settings.postgres.dsn.get_secret_value() if settings.postgres.dsn else "",
        "HUB_KAFKA__BOOTSTRAP": settings.kafka.bootstrap or "",
        "HUB_SMTP__URL": settings.smtp.url.get_secret_value() if settings.smtp.url else "",
        "HUB_PERSONS__FILE_NEEDED": "false",
        "HUB_PERSONS__LEGAL_CONTEXTS": "addresses/31=PCSA:DEBT_RECOVERY",
    }
    command = (sys.executable, "-m", "tests.integration.counter", str(tmp_path / "books.json"))
    process = await asyncio.create_subprocess_exec(*command, env=environment)
    assert await asyncio.wait_for(process.wait(), 60) == -9
    await counter.all_due()  # the dead one's lease
    await counter.run()

    operations = [one["operation"] for one in counter.bank.calls()]
    if operation == "register":
        assert operations == ["register", "list"]
        assert counter.facts("integration.outcome-unknown")
        assert counter.facts("integration.registered")[0]["listed"]
    else:
        assert operations == ["register", "addresses", "addresses"]
        assert len({one["ticket"] for one in counter.bank.calls()}) == 3
        assert len({one["consultation"] for one in counter.bank.calls("addresses")}) == 1
        assert len(counter.facts("flow.answered")) == 1


async def test_bank_that_is_away_and_comes_back_is_asked_again_and_everything_happens_once(counter: Counter) -> None:
    counter.bank.plan(*["away"] * 5)
    await counter.say(INTEGRATE)
    for _ in range(6):
        await counter.pump()
        await counter.worker(attempts=80).once()
        await counter.all_due()
    await counter.pump()
    await counter.say(ADDRESSES)
    await counter.run()

    assert [one["operation"] for one in counter.bank.calls()] == ["register", "addresses"]
    outcomes = await counter.pool.fetch("SELECT outcome, count(*) FROM bank_call GROUP BY outcome ORDER BY outcome")
    assert [tuple(row) for row in outcomes] == [("ended", 2), ("not-taken", 5)]
    assert len(counter.facts("integration.registered")) == len(counter.facts("flow.answered")) == 1
    assert counter.facts("integration.outcome-unknown") == []


async def test_change_that_no_list_ever_shows_is_given_up_after_three_tries(counter: Counter) -> None:
    counter.bank.plan("lost-before", "ok", "lost-before", "ok", "lost-before", "ok")
    await counter.say(INTEGRATE)
    await counter.run()

    assert [one["operation"] for one in counter.bank.calls()] == ["register", "list"] * 3
    (rejected,) = counter.facts("integration.rejected")
    assert rejected["reasons"] == ["NOT_LISTED"]
    await counter.say(ADDRESSES)
    await counter.run()
    assert counter.bank.calls("addresses") == []
