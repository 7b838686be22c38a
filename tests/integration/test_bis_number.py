"""BIS numbers of the simulated bank over TLS, on the real database (bcss-primaweb §2.3)."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from hub.adapters.postgres.answers import PostgresAnswers
from hub.adapters.postgres.bank_calls import PostgresGates
from hub.application.consult.read_answers import AnswerView, ReadAnswers
from hub.application.intake.callers import Caller
from hub.bootstrap.hub import Hub
from sandbox.people import Population
from schemas.bis_numbers import RequestBisNumber
from schemas.searches import SearchPerson
from tests.integration.counter import CPAS, Counter
from tests.support.fake_bank import FakeBank
from tests.support.soap_bank import Both, both, signing

pytestmark = pytest.mark.integration

PEOPLE = Population.of(seed=9, people=3, offices=1, cpas=1).people
BIS = "WHERE adapter = 'bcss/bis'"
UNKNOWN = {"name": "Quarantaine", "born": "1988-07-00"}
WHOLE = {
    **UNKNOWN,
    "first_names": "Ismène Aude",
    "gender": "female",
    "civil_state": "10",
    "nationality": "150",
    "birth_country": "Zemblanie",
    "birth_place": "Onhava",
    "street": "rue Sans Nom",
    "number": "7",
    "box": "b",
    "postal_code": "5000",
    "locality": "Namur",
}


@pytest.fixture(params=["plain", "signed"])
async def both_sides(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Both]:
    async with signing(tmp_path, PEOPLE) if request.param == "signed" else both(tmp_path, PEOPLE) as made:
        yield made


@pytest.fixture
async def plain(tmp_path: Path) -> AsyncIterator[Both]:
    async with both(tmp_path, PEOPLE) as made:
        yield made


def at(hub: Hub, sides: Both, tmp_path: Path) -> Counter:
    return Counter(hub, FakeBank(tmp_path / "books.json"), str(uuid4()), index=sides.bank)


async def asked(counter: Counter, **typed: str) -> None:
    """Nobody is found by the sound of the name; then a number is asked for."""
    await counter.say(SearchPerson(cpas=CPAS, tolerance=0), {"search": counter.number, **UNKNOWN})
    await counter.run()
    assert [one["found"] for one in counter.facts("person.searched")] == [0]
    await counter.say(RequestBisNumber(cpas=CPAS), {"search": counter.number, **typed})
    await counter.run()


async def read(counter: Counter, told: dict[str, Any]) -> AnswerView:
    hub = counter.hub
    answers, gates = PostgresAnswers(hub.database), PostgresGates(hub.database)
    reader = ReadAnswers(answers, gates=gates, vault=hub.vault, clock=counter.clock, rules=hub.gate_rules)
    caller = Caller(institution=CPAS, kind="cpas", language="fr", connectors=frozenset(), types=frozenset())
    return await reader.one(caller, UUID(told["answer"]), "the client at the desk")


async def test_somebody_unknown_gets_a_number_that_is_read_with_a_purpose_and_stands_in_no_event(
    hub: Hub, both_sides: Both, tmp_path: Path
) -> None:
    counter = at(hub, both_sides, tmp_path)
    await asked(counter, **WHOLE)

    assert counter.facts("bis-number.requested")
    (told,) = counter.facts("bis-number.assigned")
    view = await read(counter, told)
    assert view.content
    number = view.content["assigned"]
    assert (len(number), number[:4], view.content["candidates"]) == (11, "8847", [])
    assert number not in str(counter.told)
    call = await counter.pool.fetchrow(
        "SELECT ticket::text, ticket_bcss, outcome FROM bank_call WHERE adapter = 'bcss/bis'"
    )
    assert call is not None
    assert (call["ticket"], call["ticket_bcss"], call["outcome"]) == (told["ticket"], told["ticket_bcss"], "ended")
    assert await counter.pool.fetchval("SELECT count(*) FROM answer_read") == 1


async def test_somebody_the_bank_knows_is_shown_and_no_number_is_given(hub: Hub, plain: Both, tmp_path: Path) -> None:
    counter, known = at(hub, plain, tmp_path), PEOPLE[0]
    await asked(counter, name=known.name, born=known.born.isoformat())

    (told,) = counter.facts("bis-duplicate.found")
    view = await read(counter, told)
    assert view.content
    assert view.content["assigned"] is None
    assert [one["niss"] for one in view.content["candidates"]] == [known.niss]
    assert told["found"] == 1


@pytest.mark.parametrize("fate", ["cut-after", "silence-after", "garbage"])
async def test_number_that_may_have_been_given_is_never_asked_for_again_and_a_search_then_finds_her(
    hub: Hub, tmp_path: Path, fate: str
) -> None:
    async with both(tmp_path, PEOPLE, answer_wait="PT1S") as sides:
        counter = at(hub, sides, tmp_path)
        await counter.say(SearchPerson(cpas=CPAS, tolerance=0), {"search": counter.number, **UNKNOWN})
        await counter.run()
        sides.sandbox.fates.order(fate)
        await counter.say(RequestBisNumber(cpas=CPAS), {"search": counter.number, **UNKNOWN})
        for _ in range(3):
            await counter.run()
            await counter.all_due()

        (failed,) = counter.facts("bis-number.failed")
        assert failed["uncertain"] is True
        assert await counter.pool.fetchval(f"SELECT count(*) FROM bank_call {BIS}") == 1
        await counter.say(SearchPerson(cpas=CPAS, tolerance=0), {"search": counter.number, **UNKNOWN})
        await counter.run()
        found = counter.facts("person.searched")[-1]["found"]
        assert found == (0 if fate == "garbage" else 1)


async def test_bank_that_was_busy_is_asked_again_and_one_that_forbids_suspends_this_service_alone(
    hub: Hub, plain: Both, tmp_path: Path
) -> None:
    counter = at(hub, plain, tmp_path)
    await counter.say(SearchPerson(cpas=CPAS, tolerance=0), {"search": counter.number, **UNKNOWN})
    await counter.run()
    plain.sandbox.fates.order("http:503", "MSG00015")
    await counter.say(RequestBisNumber(cpas=CPAS), {"search": counter.number, **UNKNOWN})
    for _ in range(3):
        await counter.run()
        await counter.all_due()

    suspended = [one["adapter"] for one in await hub.suspend.status() if one["state"] == "suspended"]
    assert suspended == ["bcss/bis"]
    assert await hub.suspend.resume("bcss/bis", "test")
    await counter.all_due()
    await counter.run()
    assert len(counter.facts("bis-number.assigned")) == 1
    outcomes = await counter.pool.fetch(
        "SELECT outcome FROM bank_call WHERE adapter = 'bcss/bis' ORDER BY sent_at, attempt"
    )
    assert [row["outcome"] for row in outcomes] == ["not-taken", "refused", "ended"]


async def test_incomplete_declaration_is_told_and_nothing_is_sent(hub: Hub, plain: Both, tmp_path: Path) -> None:
    counter = at(hub, plain, tmp_path)
    await asked(counter, name="Quarantaine")

    assert [one["reasons"] for one in counter.facts("bis-number.failed")] == [["declaration-incomplete"]]
    assert plain.sandbox.asked == 1
    assert await counter.pool.fetchval("SELECT count(*) FROM dead_letter") == 0
