"""Terms of procedure: arts. 52–54 Judicial Code, rcd-justrestart §2.1 and every vector of §2.3b."""

from datetime import date, timedelta

import pytest
from holidays import country_holidays
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hub.domain.messaging.calendar import (
    PLAIN,
    Term,
    add_working_days,
    holidays,
    is_working,
    judicial_last_day,
    quantieme_to_eve,
)

pytestmark = pytest.mark.unit

DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))
MONTHS = st.integers(1, 24)
SUNDAYS_ANYWAY = {"Easter Sunday", "Pentecost"}
"""The package lists them; the royal decree need not."""


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("event", "term", "last"),
    [
        ("2024-03-13", "P1M", "2024-04-15"),  # claim, Belgium: 13 April is a Saturday
        ("2024-03-13", "P3M", "2024-06-13"),  # claim, two states of the EU
        ("2024-03-13", "P5M", "2024-08-13"),  # claim, outside the EU
        ("2024-04-22", "P15D", "2024-05-07"),  # last term
        ("2024-04-22", "P30D", "2024-05-22"),  # last term, two states of the EU
        ("2024-04-22", "P55D", "2024-06-17"),  # last term, outside the EU: 16 June is a Sunday
        ("2024-06-20", "P2M", "2024-08-20"),  # contredit
        ("2024-01-15", "P6M", "2024-07-15"),  # PV de carence
        ("2024-01-15", "P12M", "2025-01-15"),  # the same, extended once
        ("2024-01-31", "P1M", "2024-02-29"),
        ("2024-01-30", "P1M", "2024-02-29"),
    ],
)
def test_term_of_procedure_ends_on_the_worked_date_of_the_domain_page(event: str, term: str, last: str) -> None:
    found = judicial_last_day(day(event), Term.parse(term))

    assert (found.early, found.late) == (day(last), day(last))
    assert not found.disputed


def test_disputed_month_edge_has_an_early_day_for_reminders_and_a_late_one_before_forclusion() -> None:
    found = judicial_last_day(day("2023-02-28"), Term.parse("P1M"))

    assert (found.early, found.late) == (day("2023-03-28"), day("2023-03-31"))
    assert found.disputed


@pytest.mark.parametrize(
    ("event", "last"),
    [
        ("2024-05-03", "2024-05-08"),  # confirmation; the 9th is Ascension
        ("2024-10-31", "2024-11-06"),  # FCA mention; All Saints and a week-end between
    ],
)
def test_three_working_days_end_on_the_worked_date_of_the_domain_page(event: str, last: str) -> None:
    assert add_working_days(day(event), 3) == day(last)


def test_thirty_days_of_an_invoice_end_on_the_worked_date_of_the_domain_page() -> None:
    assert PLAIN.last_day(day("2024-09-01"), Term.parse("P30D")) == day("2024-10-01")


@settings(deadline=None)  # the first year costs more on a busy machine
@given(st.integers(1990, 2100))
def test_legal_holidays_are_those_of_another_computation(year: int) -> None:
    known = country_holidays("BE", years=year, language="en_US")

    assert holidays(year) == {on for on, name in known.items() if not SUNDAYS_ANYWAY & set(name.split("; "))}


@given(DAYS)
def test_working_days_are_those_of_another_computation(on: date) -> None:
    assert is_working(on) == (on.weekday() < 5 and on not in country_holidays("BE", years=on.year))


@given(DAYS, MONTHS, st.integers(0, 60))
def test_last_days_are_working_days_and_the_early_one_never_comes_after_the_late_one(
    event: date, months: int, days: int
) -> None:
    found = judicial_last_day(event, Term(months=months, days=days))

    assert event < found.early <= found.late
    assert is_working(found.early)
    assert is_working(found.late)


@given(DAYS, MONTHS)
@example(date(2023, 2, 28), 1)
@example(date(2024, 2, 29), 12)
@example(date(2023, 4, 30), 1)
def test_readings_differ_only_from_the_last_day_of_a_month(event: date, months: int) -> None:
    at_the_edge = (event + timedelta(days=1)).day == 1

    assert quantieme_to_eve(event, months) == Term(months=months).after(event) or at_the_edge


@given(DAYS, st.integers(1, 60))
def test_term_of_days_is_never_disputed(event: date, days: int) -> None:
    assert not judicial_last_day(event, Term(days=days)).disputed


@given(DAYS, MONTHS)
def test_later_event_never_ends_earlier(event: date, months: int) -> None:
    first = judicial_last_day(event, Term(months=months))
    second = judicial_last_day(event + timedelta(days=1), Term(months=months))

    assert first.early <= second.early
    assert first.late <= second.late
