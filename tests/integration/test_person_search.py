"""Searches against the simulated bank over TLS, on the real database (bcss-primaweb §2.2)."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from hub.adapters.postgres.answers import PostgresAnswerExpiries, PostgresAnswers
from hub.adapters.postgres.bank_calls import PostgresGates
from hub.application.consult.read_answers import AnswerView, ReadAnswers
from hub.application.intake.callers import Caller
from hub.application.intake.refusals import IntakeRefusalError, NotFoundError
from hub.bootstrap.hub import Hub
from sandbox.people import Population
from schemas.searches import SearchPerson
from tests.integration.counter import CPAS, Counter
from tests.support.fake_bank import FakeBank
from tests.support.soap_bank import Both, both

pytestmark = pytest.mark.integration

PEOPLE = Population.of(seed=7, people=5, offices=1, cpas=1).people
SOUGHT = PEOPLE[0]
BY_NUMBER = {"niss": SOUGHT.niss}
SEARCH = SearchPerson(cpas=CPAS)


@pytest.fixture
async def both_sides(tmp_path: Path) -> AsyncIterator[Both]:
    async with both(tmp_path, PEOPLE) as made:
        yield made


@pytest.fixture
def counter(hub: Hub, both_sides: Both, tmp_path: Path) -> Counter:
    return Counter(hub, FakeBank(tmp_path / "books.json"), str(uuid4()), index=both_sides.bank)


async def read(counter: Counter, institution: str = CPAS, purpose: str = "at the desk") -> AnswerView:
    hub = counter.hub
    answers, gates = PostgresAnswers(hub.database), PostgresGates(hub.database)
    reader = ReadAnswers(answers, gates=gates, vault=hub.vault, clock=counter.clock, rules=hub.gate_rules)
    caller = Caller(institution=institution, kind="cpas", language="fr", connectors=frozenset(), types=frozenset())
    return await reader.one(caller, UUID(counter.facts("person.searched")[-1]["answer"]), purpose)


async def searched(counter: Counter, **typed: str) -> None:
    await counter.say(SEARCH, {"search": counter.number, **typed})
    await counter.run()


async def test_candidates_are_for_the_cpas_that_asked_with_a_purpose_and_each_reading_is_logged(
    counter: Counter,
) -> None:
    await searched(counter, **BY_NUMBER)

    view = await read(counter)

    assert view.content
    assert [one["niss"] for one in view.content["candidates"]] == [SOUGHT.niss]
    with pytest.raises(NotFoundError):
        await read(counter, "cpas-2")
    with pytest.raises(IntakeRefusalError):
        await read(counter, purpose=" ")
    assert await counter.pool.fetchval("SELECT count(*) FROM answer_read") == 1
    assert SOUGHT.niss not in str(counter.told)


async def test_candidates_and_what_was_typed_are_gone_after_a_day(counter: Counter) -> None:
    await searched(counter, **BY_NUMBER)
    await searched(counter, name=SOUGHT.name, born=f"{SOUGHT.born.year}-00-00")  # fails, and goes as well
    expiries = PostgresAnswerExpiries(counter.hub.database)
    living = "SELECT count(*) FROM person_key WHERE subject = $1 AND wrapped IS NOT NULL"

    assert await counter.pool.fetchval("SELECT count(*) FROM answer") == 2
    assert await expiries.destroy(counter.clock() + timedelta(hours=23), 10) == 0
    assert await counter.pool.fetchval(living, counter.subject) == 1
    assert await expiries.destroy(counter.clock() + timedelta(hours=24), 10) == 2
    assert await counter.pool.fetchval(living, counter.subject) == 0
    with pytest.raises(NotFoundError):
        await read(counter)


async def test_search_whose_answer_was_lost_is_asked_again_with_a_new_ticket(
    counter: Counter, both_sides: Both
) -> None:
    both_sides.sandbox.fates.order("cut-after", "MSG00002")
    await counter.say(SEARCH, {"search": counter.number, **BY_NUMBER})
    for _ in range(4):
        await counter.run()
        await counter.all_due()

    calls = await counter.pool.fetch("SELECT ticket, outcome, consultation FROM bank_call ORDER BY sent_at, attempt")
    assert [one["outcome"] for one in calls] == ["unknown", "refused", "ended"]
    assert len({one["consultation"] for one in calls}) == 1
    assert len(counter.facts("person.searched")) == 1


@pytest.mark.parametrize(("code", "found"), [("MSG00005", 0), ("31000005", None), ("22007007", None)])
async def test_what_a_code_means_for_a_search(counter: Counter, both_sides: Both, code: str, found: int | None) -> None:
    both_sides.sandbox.fates.order(code)
    await searched(counter, **BY_NUMBER)

    told = [one["found"] for one in counter.facts("person.searched")]
    failed = [one["reasons"] for one in counter.facts("person-search.failed")]
    assert told == ([] if found is None else [found])
    assert [code in one for one in failed] == ([True] if found is None else [])


async def test_authorisation_refused_suspends_searches_alone(counter: Counter, both_sides: Both, hub: Hub) -> None:
    both_sides.sandbox.fates.order("MSG00015")
    await searched(counter, **BY_NUMBER)

    suspended = [one["adapter"] for one in await hub.suspend.status() if one["state"] == "suspended"]
    assert suspended == ["bcss/search"]
    assert await hub.suspend.resume("bcss/search", "test")
    await counter.all_due()
    await counter.run()
    assert len(counter.facts("person.searched")) == 1


async def test_nothing_typed_is_told_and_makes_no_dead_letter(counter: Counter, both_sides: Both) -> None:
    await searched(counter)

    assert [one["reasons"] for one in counter.facts("person-search.failed")] == [["criteria-missing"]]
    assert both_sides.sandbox.asked == 0
    assert await counter.pool.fetchval("SELECT count(*) FROM dead_letter") == 0
