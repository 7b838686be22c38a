"""IdentifyPerson over TLS against the simulated bank (bcss-primaweb §2.2)."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest

from hub.application.consult.ports import BankSubject
from hub.application.consult.searching import Found, Phonetic, Search
from hub.domain.messaging.errors import PartnerRefusedError
from sandbox.numbers import niss
from sandbox.people import Population
from tests.support.soap_bank import Both, both

pytestmark = pytest.mark.integration

_SOMEBODY = Population.of(seed=5, people=1, offices=1, cpas=1).people[0]
BORN, LATER, LATEST = date(1975, 11, 10), date(1980, 12, 31), date(1981, 1, 1)
STEPHANIE = replace(_SOMEBODY, niss=niss(BORN, 992), name="Dewachter", first_name="Stéphanie", born=BORN, sex="F")
STEFANIE = replace(STEPHANIE, niss=niss(LATER, 994), name="De Wachter", first_name="Stefanie", born=LATER)
YOUNGER = replace(STEPHANIE, niss=niss(LATEST, 992), born=LATEST)


@pytest.fixture
async def parts(tmp_path: Path) -> AsyncIterator[Both]:
    async with both(tmp_path, (STEPHANIE, STEFANIE, YOUNGER)) as made:
        yield made


async def searched(parts: Both, search: Search) -> Found:
    return await parts.bank.identify("cpas-1", uuid4(), search)


async def test_number_finds_one_person(parts: Both) -> None:
    found = await searched(parts, Search(niss=STEFANIE.niss))

    assert [(one.niss, one.born, one.origin) for one in found.candidates] == [(STEFANIE.niss, "1980-12-31", "RN_RR")]


async def test_name_as_it_sounds_finds_everybody_within_the_tolerance_and_nobody_beyond(parts: Both) -> None:
    heard = Phonetic(name="dewachter", first_name="Stefanie", born="1975-00-00", tolerance=5)

    found = await searched(parts, Search(phonetic=heard))

    assert {one.niss for one in found.candidates} == {STEPHANIE.niss, STEFANIE.niss}
    assert found.done


async def test_nobody_is_an_answer(parts: Both) -> None:
    found = await searched(parts, Search(phonetic=Phonetic(name="Nobody", born="1975-11-10")))

    assert (found.done, found.candidates) == (True, ())


async def test_verification_data_that_do_not_match_are_told(parts: Both) -> None:
    wrong = BankSubject(niss=STEFANIE.niss, name="De Wachter", born=date(1979, 1, 1))

    found = await searched(parts, Search(niss=STEFANIE.niss, verify=wrong))

    assert (found.done, found.reasons, found.validated) == (False, ("22007007",), False)


@pytest.mark.parametrize(
    ("born", "tolerance", "rule"),
    [
        ("1975-11-00", None, "tolerance-needed"),
        ("1975-00-15", 1, "birth-date-form"),
        ("15/11/1975", 1, "birth-date-form"),
        ("1975-11-10", -1, "tolerance-needed"),
    ],
)
async def test_date_that_the_bank_would_refuse_never_leaves(
    parts: Both, born: str, tolerance: int | None, rule: str
) -> None:
    with pytest.raises(PartnerRefusedError) as refused:
        await searched(parts, Search(phonetic=Phonetic(name="Dewachter", born=born, tolerance=tolerance)))

    assert refused.value.rule == rule
    assert parts.sandbox.asked == 0


async def test_search_shows_nothing_of_whom_it_is_about() -> None:
    assert "Dewachter" not in repr(Search(niss=STEPHANIE.niss, phonetic=Phonetic(name="Dewachter", born="1975-11-10")))
