"""Answers of the bank: sealed, read while the gate is open, logged, others behind their own gate, gone in time."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from hub.adapters.postgres.answers import PostgresAnswerExpiries, PostgresAnswers
from hub.adapters.postgres.bank_calls import PostgresGates
from hub.application.consult.read_answers import ReadAnswers
from hub.application.intake.callers import Caller
from hub.application.intake.refusals import IntakeRefusalError, NotFoundError, NotPermittedError
from hub.bootstrap.hub import Hub
from hub.settings import PersonsSettings, Settings
from schemas.consultations import ConsultFlow
from schemas.persons import ListIntegrations, RequestIntegration
from tests.integration.counter import CPAS, NISS, SPOUSE, Counter
from tests.support.fake_bank import OTHER_CPAS, FakeBank

pytestmark = pytest.mark.integration


def caller(institution: str = CPAS, kind: str = "cpas", *types: str) -> Caller:
    return Caller(institution=institution, kind=kind, language="fr", connectors=frozenset(), types=frozenset(types))


@pytest.fixture
def settings(settings: Settings) -> Settings:
    persons = PersonsSettings(file_needed=False, legal_contexts="income/31=PCSA:DEBT_RECOVERY")
    return settings.model_copy(update={"persons": persons})


@pytest.fixture
def counter(hub: Hub, tmp_path: Path) -> Counter:
    return Counter(hub, FakeBank(tmp_path / "books.json", other=SPOUSE, filtered=("element-1",)))


@pytest.fixture
def reader(counter: Counter) -> ReadAnswers:
    hub = counter.hub
    gates = PostgresGates(hub.database)
    return ReadAnswers(
        PostgresAnswers(hub.database), gates=gates, vault=hub.vault, clock=counter.clock, rules=hub.gate_rules
    )


async def answered(counter: Counter) -> UUID:
    await counter.say(RequestIntegration(cpas=CPAS))
    await counter.run()
    await counter.say(ConsultFlow(cpas=CPAS, flow="income"))
    await counter.run()
    (told,) = counter.facts("flow.answered")
    assert told["filtered"] == ["element-1"]
    return UUID(told["answer"])


async def test_answer_is_read_while_the_gate_is_open_and_each_reading_is_logged(
    counter: Counter, reader: ReadAnswers
) -> None:
    answer = await answered(counter)

    view = await reader.one(caller(), answer, "repayment plan")

    assert view.content == {"filtered": ["element-1"], "data": {"niss": NISS, "context": "PCSA:DEBT_RECOVERY"}}
    assert [(one.role, one.content) for one in view.others] == [("spouse", None)]
    (log,) = await counter.pool.fetch("SELECT * FROM answer_read")
    assert (log["answer"], log["cpas"], log["purpose"], log["others"]) == (answer, CPAS, "repayment plan", 0)


async def test_answer_is_closed_again_when_the_integration_is_over(counter: Counter, reader: ReadAnswers) -> None:
    answer = await answered(counter)
    counter.clock.now += timedelta(days=31)
    await counter.pool.execute("UPDATE answer SET expires_at = expires_at + interval '1 year'")

    with pytest.raises(NotPermittedError) as refusal:
        await reader.one(caller(), answer, "repayment plan")

    assert refusal.value.rule == "gate-closed"
    assert await counter.pool.fetchval("SELECT count(*) FROM answer_read") == 0


async def test_answer_needs_a_purpose_and_is_nobody_elses(counter: Counter, reader: ReadAnswers) -> None:
    answer = await answered(counter)

    with pytest.raises(IntakeRefusalError, match="Purpose"):
        await reader.one(caller(), answer, " ")
    for stranger in (caller("cpas-2"), caller(CPAS, "office")):
        with pytest.raises(NotFoundError):
            await reader.one(stranger, answer, "curious")


async def test_what_is_told_of_a_spouse_is_shown_once_she_is_integrated_too(
    counter: Counter, reader: ReadAnswers
) -> None:
    answer = await answered(counter)
    spouse = Counter(counter.hub, counter.bank, SPOUSE)
    await spouse.say(RequestIntegration(cpas=CPAS))
    await spouse.run()

    view = await reader.one(caller(), answer, "repayment plan")

    assert [(one.role, one.content) for one in view.others] == [("spouse", {"niss": SPOUSE, "income": "1"})]
    assert await counter.pool.fetchval("SELECT others FROM answer_read") == 1


async def test_bytes_as_they_came_are_kept_only_when_they_tell_of_nobody_else(counter: Counter) -> None:
    await answered(counter)
    counter.bank.other = None
    await counter.say(ConsultFlow(cpas=CPAS, flow="income"))
    await counter.run()

    rows = await counter.pool.fetch("SELECT raw_box FROM answer ORDER BY raw_box NULLS FIRST")
    assert [bool(row["raw_box"]) for row in rows] == [False, True]


async def test_erased_persons_answer_is_unreadable(counter: Counter, reader: ReadAnswers) -> None:
    answer = await answered(counter)
    await counter.hub.erase.person(counter.subject)

    view = await reader.one(caller(), answer, "repayment plan")

    assert view.content is None


async def test_answers_are_gone_after_their_time_and_their_readings_stay(counter: Counter, reader: ReadAnswers) -> None:
    answer = await answered(counter)
    await reader.one(caller(), answer, "repayment plan")
    expiries = PostgresAnswerExpiries(counter.hub.database)

    assert await expiries.destroy(counter.clock() + timedelta(days=29), 10) == 0
    assert await expiries.destroy(counter.clock() + timedelta(days=30), 10) == 1
    assert await counter.pool.fetchval("SELECT count(*) FROM answer_other") == 0
    assert await counter.pool.fetchval("SELECT count(*) FROM answer_read") == 1
    with pytest.raises(NotFoundError):
        await reader.one(caller(), answer, "repayment plan")


async def test_list_with_other_cpas_is_for_keys_that_may_ask_for_lists(counter: Counter, reader: ReadAnswers) -> None:
    await answered(counter)
    counter.bank.book(1, counter.clock().date(), counter.clock().date(), OTHER_CPAS)
    await counter.say(ListIntegrations(cpas=CPAS))
    await counter.run()
    listed = UUID(counter.facts("integrations.listed")[-1]["answer"])

    with pytest.raises(NotPermittedError):
        await reader.one(caller(), listed, "another file?")
    view = await reader.one(caller(CPAS, "cpas", ListIntegrations.type), listed, "another file?")

    assert view.content is not None
    assert {one["organisation"] for one in view.content["registrations"]} == {"own", OTHER_CPAS}


async def test_integrations_with_their_history_and_consultations_are_listed_by_page(
    counter: Counter, reader: ReadAnswers
) -> None:
    await answered(counter)

    (integration,) = await reader.integrations(caller(), "", 10)
    steps = await reader.history(caller(), integration["integration"])
    (consultation,) = await reader.consultations(caller(), "", 10)

    assert (integration["state"], consultation["state"]) == ("registered", "answered")
    assert [one["state"] for one in steps] == ["requested", "registered"]
    assert await reader.integrations(caller(), integration["integration"], 10) == []
    assert await reader.integrations(caller("cpas-2"), "", 10) == []
    with pytest.raises(NotFoundError):
        await reader.history(caller("cpas-2"), integration["integration"])
