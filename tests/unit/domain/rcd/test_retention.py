"""A case is kept five years from the end of its closing operations; then its transfer is proposed, never done."""

from datetime import UTC, date, datetime, timedelta

import pytest

from hub.domain.messaging.calendar import Term, end_of
from hub.domain.messaging.decision import Decision, Emission
from hub.domain.rcd.case import Case
from hub.domain.rcd.fold import process_manager
from hub.domain.rcd.retention import Kept, kept, not_yet
from hub.domain.rcd.terms import rules
from schemas.event import Event
from schemas.rcd import RcdTermReached, RcdTransferProposed, RegisterActRecorded
from tests.unit.domain.happenings import Happenings

CASE = "c" + "7" * 32
NOW = datetime(2031, 1, 1, tzinfo=UTC)


def act(name: str, on: date, **more: object) -> RegisterActRecorded:
    at = datetime(on.year, on.month, on.day, 9, tzinfo=UTC)
    said = {"case": CASE, "act": name, "register_ref": name, "occurred_at": at, **more}
    return RegisterActRecorded.model_validate(said)


def lived(ended: date) -> list[Event]:
    """A case that was closed, its operations ended on a day."""
    names = ("petition-filed", "admitted", "revoked", "closed")
    return [
        *(act(name, ended - timedelta(days=40 - n)) for n, name in enumerate(names)),
        act("operations-ended", ended),
    ]


def played(*events: Event, length: str = "P5Y") -> Decision[Case]:
    """The case after these events, with all that was told."""
    happened, decision = Happenings(), Decision(state=Case())
    told: list[Emission] = []
    for data in events:
        decision = process_manager(Term.parse(length)).fold(
            decision.state, happened(data, key=CASE, subject=None, at=NOW)
        )
        told += decision.events
    return Decision(state=decision.state, events=tuple(told), timers=decision.timers)


@pytest.mark.parametrize(
    ("ended", "last"),
    [
        (date(2026, 6, 15), date(2031, 6, 16)),  # a Sunday: the next working day (art. 53)
        (date(2026, 6, 17), date(2031, 6, 17)),
        (date(2024, 2, 29), date(2029, 2, 28)),  # no 29 February
        (date(2026, 2, 28), date(2031, 2, 28)),
        (date(2023, 2, 28), date(2028, 2, 29)),  # de quantième à veille de quantième: 1 March's eve
        (date(2026, 4, 30), date(2031, 4, 30)),
        (date(2026, 12, 31), date(2031, 12, 31)),
    ],
)
def test_case_is_kept_five_years_from_the_end_of_its_operations(ended: date, last: date) -> None:
    case = played(*lived(ended)).state

    assert case.state == "RETENTION"
    assert kept(case) == Kept(ended, last)
    assert not_yet(case, last) == "retention-runs"
    assert not_yet(case, last + timedelta(days=1)) is None


def test_length_is_a_setting_and_the_timer_is_set_by_it() -> None:
    after = played(*lived(date(2026, 6, 17)), length="P10Y")

    assert kept(after.state) == Kept(date(2026, 6, 17), date(2036, 6, 17))
    assert end_of(date(2036, 6, 17)) in {timer.due for timer in after.timers}


def over(ended: date) -> tuple[list[Event], RcdTermReached]:
    events = lived(ended)
    last = played(*events).state.terms["retention"].late
    return events, RcdTermReached(case=CASE, term="retention", last_day=last)


def proposals(*events: Event) -> list[Event]:
    return [one.data for one in played(*events).events if isinstance(one.data, RcdTransferProposed)]


def test_transfer_is_proposed_once_and_changes_nothing_of_the_case() -> None:
    events, end = over(date(2024, 2, 29))

    assert proposals(*events, end, end) == [RcdTransferProposed(case=CASE, last_day=date(2029, 2, 28))]
    assert played(*events, end).state.state == "RETENTION"


def test_nothing_is_proposed_while_the_register_is_away_and_again_after_it() -> None:
    events, end = over(date(2024, 2, 29))
    away = act("outage-started", date(2029, 2, 1))
    back = act("outage-ended", date(2029, 3, 2), outage="outage-started")

    assert proposals(*events, away, end) == []
    assert not_yet(played(*events, away, end).state, date(2030, 1, 1)) == "register-away"
    healed = played(*events, away, end, back)
    assert "retention" in {timer.name for timer in healed.timers if timer.due}
    assert len(proposals(*events, away, end, back, end)) == 1


def test_late_end_of_operations_moves_the_term() -> None:
    events, end = over(date(2024, 2, 29))
    earlier = act("operations-ended", date(2024, 2, 28)).model_copy(update={"register_ref": "corrected"})

    moved = played(*events, earlier, end)

    assert kept(moved.state) == Kept(date(2024, 2, 28), date(2029, 2, 28))


def test_what_the_register_archived_may_go_at_once_with_its_dates() -> None:
    events, _ = over(date(2024, 2, 29))
    case = played(*events, act("archived", date(2029, 1, 10))).state

    assert (case.state, not_yet(case, date(2029, 1, 11))) == ("ARCHIVED", None)
    assert kept(case, rules(Term.parse("P5Y"))) == Kept(date(2024, 2, 29), date(2029, 2, 28))
    assert kept(played(*events[:3]).state) is None
    assert not_yet(played(*events[:3]).state, date(2030, 1, 1)) == "operations-not-ended"
