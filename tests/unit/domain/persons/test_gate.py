from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.domain.messaging.calendar import Term
from hub.domain.persons.gate import GateRules, cut, gate
from hub.domain.persons.reasons import REASONS, treatment_of
from hub.domain.persons.state import Access, Inscription, Pending, Span

RULES = GateRules(legal_contexts={"addresses/31": "PCSA:DEBT_RECOVERY"})
JUNE = Span(begin=date(2026, 6, 5), end=date(2026, 7, 4))


def access(*, files: tuple[str, ...] = ("f1",), code: int = 31, **pending: Pending) -> Access:
    inscription = Inscription(code=code, spans=(JUNE,))
    return Access(cpas="cpas-1", subject="p" * 33, files=files, inscriptions={"i1": inscription}, pending=pending)


@pytest.mark.parametrize(
    ("begin", "last"),
    [
        (date(2015, 6, 5), date(2015, 7, 4)),  # the manual's own example, §3
        (date(2026, 1, 31), date(2026, 2, 27)),
        (date(2024, 1, 31), date(2024, 2, 28)),
        (date(2026, 12, 1), date(2026, 12, 31)),
    ],
)
def test_default_integration_lasts_one_month_less_one_day(begin: date, last: date) -> None:
    assert RULES.last_day(begin) == last


@pytest.mark.parametrize(
    ("day", "open_"),
    [(date(2026, 6, 4), False), (date(2026, 6, 5), True), (date(2026, 7, 4), True), (date(2026, 7, 5), False)],
)
def test_gate_is_open_on_the_days_of_the_integration_alone(day: date, open_: bool) -> None:  # noqa: FBT001
    assert gate(access(), "addresses", day, RULES).open is open_


def test_gate_says_why_it_is_closed() -> None:
    day = date(2026, 6, 10)

    assert gate(None, "addresses", day, RULES).reason == "NOT_INTEGRATED"
    assert gate(access(code=1), "addresses", day, RULES).reason == "NOT_INTEGRATED"
    assert gate(access(files=()), "addresses", day, RULES).reason == "NO_ACTIVE_FILE"
    assert gate(access(), "income", day, RULES).reason == "FLOW_NOT_ALLOWED"


def test_member_of_a_debtors_household_needs_no_file_of_her_own() -> None:
    member = access(files=()).model_copy(update={"households": ("d1",)})

    assert gate(member, "addresses", date(2026, 6, 10), RULES).open


def test_gate_closes_as_soon_as_the_end_of_an_integration_is_asked() -> None:
    ending = access(e=Pending(operation="unregister", code=31, begin=date(2026, 6, 10), of="i1"))

    assert gate(ending, "addresses", date(2026, 6, 9), RULES).open
    assert not gate(ending, "addresses", date(2026, 6, 10), RULES).open


@pytest.mark.parametrize(
    ("away", "left"),
    [
        (Span(begin=date(2026, 6, 1), end=date(2026, 6, 9)), (Span(begin=date(2026, 6, 10), end=JUNE.end),)),
        (Span(begin=date(2026, 7, 1)), (Span(begin=JUNE.begin, end=date(2026, 6, 30)),)),
        (
            Span(begin=date(2026, 6, 10), end=date(2026, 6, 20)),
            (Span(begin=JUNE.begin, end=date(2026, 6, 9)), Span(begin=date(2026, 6, 21), end=JUNE.end)),
        ),
        (JUNE, ()),
        (Span(begin=date(2026, 8, 1)), (JUNE,)),
    ],
)
def test_days_are_cut_before_inside_after_or_whole(away: Span, left: tuple[Span, ...]) -> None:
    assert cut((JUNE,), away) == left


DAYS = st.dates(date(2026, 1, 1), date(2026, 3, 1))


@given(st.lists(st.tuples(DAYS, st.integers(0, 40)), max_size=4), DAYS, st.none() | st.integers(0, 30), DAYS)
def test_a_day_is_left_exactly_if_it_was_there_and_is_not_taken_away(
    spans: list[tuple[date, int]], begin: date, length: int | None, day: date
) -> None:
    held = tuple(Span(begin=one, end=one + timedelta(days=n)) for one, n in spans)
    away = Span(begin=begin, end=None if length is None else begin + timedelta(days=length))

    left = any(span.holds(day) for span in cut(held, away))

    assert left == (any(span.holds(day) for span in held) and not away.holds(day))


def test_longer_period_is_a_setting() -> None:
    assert GateRules(longest=Term(months=2)).last_day(date(2026, 6, 5)) == date(2026, 8, 4)


@pytest.mark.parametrize(
    ("reasons", "status", "treatment"),
    [
        (("MSG00000",), "DATA_FOUND", "answer"),
        (("MSG00012",), "NO_RESULT", "denied"),
        (("MSG00012", "MSG00013"), "NO_RESULT", "suspend"),
        (("30000001", "MSG00002"), "NO_RESULT", "again"),
        (("WHATEVER",), "NO_RESULT", "ours"),
        (("WHATEVER",), "DATA_FOUND", "answer"),
        ((), "NO_DATA_FOUND", "answer"),
    ],
)
def test_weightiest_reason_decides(reasons: tuple[str, ...], status: str, treatment: str) -> None:
    assert treatment_of(reasons, status) == treatment  # type: ignore[arg-type]


def test_every_code_of_the_reference_has_its_treatment() -> None:
    technical = {"MSG00001", "MSG00002", "MSG00020", "MSG00003", "MSG00023", "HAN00031"}
    stops = {"MSG00013", "MSG00014", "MSG00015", "SES00600", "HAN00010", "HAN00011"}

    assert {code for code, one in REASONS.items() if one == "again"} == technical
    assert {code for code, one in REASONS.items() if one == "suspend"} == stops
    assert [code for code, one in REASONS.items() if one == "denied"] == ["MSG00012"]
