"""What a case means for its person: told on her key, once per change, whatever the order of delivery."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from hub.domain.rcd.case import Case
from hub.domain.rcd.fold import fold
from schemas.event import Event
from schemas.rcd import RcdStandingChanged, RegisterActRecorded, RequerantNamed
from tests.unit.domain.happenings import NOW, PERSON, Happenings

CASE = "c" + "1" * 32
OTHER = "p" + "2" * 32
NAMED = RequerantNamed(case=CASE)


def act(name: str, day: int, month: int = 1) -> RegisterActRecorded:
    return RegisterActRecorded.model_validate(
        {
            "case": CASE,
            "act": name,
            "register_ref": f"{name}-{month}-{day}",
            "occurred_at": datetime(2026, month, day, 9, tzinfo=UTC),
            "court": "TTL-LIEGE" if name == "admitted" else None,
        }
    )


FILED, ADMITTED, POSTED = act("petition-filed", 5), act("admitted", 12), act("avis-posted", 13)
ENDED = act("ended-at-request", 9, month=3)


def told(*events: Event, person: str = PERSON) -> list[RcdStandingChanged]:
    case, happened, found = Case(), Happenings(), list[RcdStandingChanged]()
    for data in events:
        subject = person if isinstance(data, RequerantNamed) else None
        decision = fold(case, happened(data, key=CASE, subject=subject, at=NOW))
        case = decision.state
        for one in decision.events:
            if isinstance(one.data, RcdStandingChanged):
                assert (one.key, one.subject, one.feeds) == (person, person, ())
                found.append(one.data)
    return found


def test_standing_is_told_with_day_court_and_the_first_day_of_its_effects() -> None:
    (admitted, posted, ended) = told(FILED, ADMITTED, NAMED, POSTED, ENDED)

    assert (admitted.standing, admitted.admitted_on, admitted.court) == ("running", date(2026, 1, 12), "TTL-LIEGE")
    assert (admitted.avis, admitted.effects_from) == (None, None)
    assert (posted.avis, posted.effects_from) == ("posted", date(2026, 1, 14))  # art. 1675/7 §6
    assert ended.standing == "over"


def test_nothing_is_told_before_the_admission_nor_of_somebody_who_was_not_named() -> None:
    assert told(FILED, NAMED) == []
    assert told(FILED, ADMITTED, POSTED, ENDED) == []


def test_admission_that_an_earlier_act_takes_away_is_withdrawn() -> None:
    dismissed = act("declared-inadmissible", 8)
    assert [one.standing for one in told(FILED, ADMITTED, NAMED, dismissed)] == ["running", "withdrawn"]


@given(st.permutations([FILED, ADMITTED, NAMED, POSTED, ENDED]))
def test_in_any_order_of_delivery_the_last_thing_told_is_the_same(events: list[Event]) -> None:
    assert told(*events)[-1] == told(FILED, ADMITTED, NAMED, POSTED, ENDED)[-1]
