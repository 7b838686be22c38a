from datetime import date

from hub.domain.identifiers import niss_problem
from sandbox.people import Population


def test_same_seed_makes_the_same_people() -> None:
    one, other = (Population.of(seed=7, people=50, offices=6, cpas=3) for _ in range(2))

    assert one == other
    assert one != Population.of(seed=8, people=50, offices=6, cpas=3)


def test_people_have_valid_numbers_that_cannot_be_real() -> None:
    people = Population.of(seed=1, people=400, offices=6, cpas=3).people

    assert len({person.niss for person in people}) == 400
    for person in people:
        order = int(person.niss[6:9])
        assert niss_problem(person.niss, date(2026, 7, 1)) is None
        assert 991 <= order <= 997
        assert (order % 2 == 1) is (person.sex == "M")


def test_all_three_languages_occur_and_one_office_has_no_mail_address() -> None:
    everybody = Population.of(seed=1, people=30, offices=6, cpas=3)

    assert {person.language for person in everybody.people} == {"fr", "nl", "de"}
    assert {office.language for office in everybody.offices} == {"fr", "nl", "de"}
    assert [office.id for office in everybody.offices if office.email is None] == ["etude-006"]
    assert all((office.email or "x.invalid").endswith(".invalid") for office in everybody.offices)
