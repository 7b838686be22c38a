from datetime import UTC, date, datetime

import pytest

from hub.domain.messaging.calendar import (
    CIVIL_CODE,
    PLAIN,
    Term,
    add_months,
    add_working_days,
    add_years,
    easter,
    holidays,
    is_working,
    local_date,
    start_of,
)

pytestmark = pytest.mark.unit


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("start", "two_months", "with_four_weeks", "three_months"),
    [
        ("2025-12-31", "2026-02-28", "2026-03-28", "2026-03-31"),
        ("2023-12-31", "2024-02-29", "2024-03-28", "2024-03-31"),
        ("2025-11-30", "2026-01-30", "2026-02-27", "2026-02-28"),
        ("2021-09-14", "2021-11-14", "2021-12-12", "2021-12-14"),
    ],
)
def test_suspension_terms_fall_on_the_worked_dates_of_the_domain_page(
    start: str, two_months: str, with_four_weeks: str, three_months: str
) -> None:
    t2 = PLAIN.last_day(day(start), Term.parse("P2M"))
    assert t2 == day(two_months)
    assert PLAIN.last_day(t2, Term.parse("P4W")) == day(with_four_weeks)
    assert PLAIN.last_day(day(start), Term.parse("P3M")) == day(three_months)


def test_answer_term_from_the_last_day_of_the_year_is_the_worked_date() -> None:
    assert PLAIN.last_day(day("2025-12-31"), Term.parse("P15D")) == day("2026-01-15")


def test_two_months_and_four_weeks_are_never_longer_than_three_months() -> None:
    first, last = day("2021-01-01").toordinal(), day("2028-12-31").toordinal()
    starts = [date.fromordinal(n) for n in range(first, last + 1)]
    shorter = [(add_months(start, 3) - Term(days=28).after(add_months(start, 2))).days for start in starts]
    shares = {n: round(100 * shorter.count(n) / len(shorter)) for n in set(shorter)}
    assert shares == {0: 6, 1: 2, 2: 34, 3: 58}


@pytest.mark.parametrize(
    ("text", "start", "last"),
    [
        ("P3Y", "2024-02-29", "2027-02-28"),
        ("P5Y", "2025-10-08", "2030-10-08"),
        ("P1Y2M3W4D", "2025-01-01", "2026-03-26"),
        ("P0D", "2025-01-01", "2025-01-01"),
    ],
)
def test_a_term_is_read_from_its_iso_form(text: str, start: str, last: str) -> None:
    assert Term.parse(text).after(day(start)) == day(last)


@pytest.mark.parametrize("text", ["", "P", "15D", "PT3H", "P1DT1H", "P-2M", "P1.5D", "P2M ", "P1D2M", "P٣D"])
def test_what_is_no_term_of_whole_days_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no term"):
        Term.parse(text)


def test_a_warning_ten_days_before_expiry_counts_back() -> None:
    assert Term.parse("P10D").before(day("2028-03-05")) == day("2028-02-24")
    assert Term.parse("P1M").before(day("2026-03-31")) == day("2026-02-28")


def test_a_leap_day_is_clamped_in_a_common_year() -> None:
    assert add_years(day("2024-02-29"), 1) == day("2025-02-28")
    assert add_years(day("2024-02-29"), 4) == day("2028-02-29")


@pytest.mark.parametrize(
    "sunday", ["2000-04-23", "2008-03-23", "2011-04-24", "2024-03-31", "2025-04-20", "2026-04-05", "2038-04-25"]
)
def test_easter_is_computed(sunday: str) -> None:
    assert easter(day(sunday).year) == day(sunday)


def test_belgium_has_ten_legal_holidays() -> None:
    assert sorted(holidays(2026)) == [
        day(text)
        for text in (
            "2026-01-01", "2026-04-06", "2026-05-01", "2026-05-14", "2026-05-25",
            "2026-07-21", "2026-08-15", "2026-11-01", "2026-11-11", "2026-12-25",
        )
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("start", "term", "last"),
    [
        ("2026-05-06", "P15D", "2026-05-21"),  # a Thursday like any other
        ("2026-05-08", "P15D", "2026-05-26"),  # Saturday, Sunday, Whit Monday
        ("2025-12-10", "P15D", "2025-12-26"),  # Christmas
        ("2025-12-31", "P2M", "2026-03-02"),  # 28 February is a Saturday
        ("2026-03-19", "P15D", "2026-04-03"),  # Good Friday is no legal holiday
        ("2026-03-20", "P15D", "2026-04-07"),  # Saturday, Easter, Easter Monday
    ],
)
def test_last_day_that_is_no_working_day_moves_under_the_civil_code(start: str, term: str, last: str) -> None:
    assert CIVIL_CODE.last_day(day(start), Term.parse(term)) == day(last)


def test_three_working_days_jump_over_a_long_week_end() -> None:
    assert add_working_days(day("2026-05-13"), 3) == day("2026-05-19")
    assert not is_working(day("2026-05-14"))


def test_a_deadline_is_the_end_of_its_last_day_in_brussels_winter_and_summer() -> None:
    winter = datetime(2025, 12, 31, 22, 30, tzinfo=UTC)  # 23:30 in Brussels
    assert PLAIN.deadline(winter, Term.parse("P15D")) == datetime(2026, 1, 15, 23, tzinfo=UTC)
    past_midnight = datetime(2025, 12, 31, 23, 30, tzinfo=UTC)  # already 1 January in Brussels
    assert PLAIN.deadline(past_midnight, Term.parse("P15D")) == datetime(2026, 1, 16, 23, tzinfo=UTC)
    summer = datetime(2026, 6, 1, 12, tzinfo=UTC)
    assert PLAIN.deadline(summer, Term.parse("P15D")) == datetime(2026, 6, 16, 22, tzinfo=UTC)


def test_a_term_over_the_change_of_clocks_keeps_local_days() -> None:
    before_change = datetime(2026, 3, 28, 12, tzinfo=UTC)
    assert PLAIN.deadline(before_change, Term.parse("P1D")) == datetime(2026, 3, 29, 22, tzinfo=UTC)
    assert start_of(day("2026-03-29")) == datetime(2026, 3, 28, 23, tzinfo=UTC)


def test_a_moment_without_zone_has_no_local_date() -> None:
    with pytest.raises(ValueError, match="aware"):
        local_date(datetime(2026, 1, 1))  # noqa: DTZ001 - the naive moment is the point
