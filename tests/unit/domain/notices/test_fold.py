import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.domain.messaging.decision import Decision, Emission
from hub.domain.messaging.errors import RuleError
from hub.domain.notices.fold import NOTICES, fold
from hub.domain.notices.state import NoticeRow, PersonNotices
from schemas.event import Event
from schemas.mediation import DossierClosed, DossierOpened
from schemas.notices import (
    KnownBailiffsFound,
    NoticeExpired,
    NoticeHolderChanged,
    NoticeReactivated,
    NoticeRegistered,
    NoticeRenewed,
    NoticeStruck,
    NoticeSuspended,
)
from tests.unit.domain.happenings import CPAS, DOSSIER, EXPIRY, NOW, PERSON, Happenings

LATER = EXPIRY.replace(year=2032)


def registered(number: str = "A", office: str | None = "office-1", version: int = 1) -> NoticeRegistered:
    return NoticeRegistered(
        notice=number, kind="N2", office=office, version=version, registered_at=NOW, expires_on=EXPIRY
    )


def after(*events: Event) -> Decision[PersonNotices]:
    happened = Happenings()
    decision: Decision[PersonNotices] | None = None
    for data in events:
        decision = fold(decision.state if decision else None, happened(data, key=PERSON))
    assert decision is not None
    return decision


OPENED = DossierOpened(dossier=DOSSIER, cpas=CPAS, stage="new", opened_at=NOW)


@pytest.mark.parametrize(
    ("change", "state", "expires_on"),
    [
        (NoticeRenewed(notice="A", reason="r", renewed_on=NOW.date(), expires_on=LATER), "active", LATER),
        (NoticeSuspended(notice="A", reason="r", suspended_on=NOW.date()), "suspended", EXPIRY),
        (NoticeStruck(notice="A", reason="r", struck_on=NOW.date()), "struck", EXPIRY),
        (NoticeReactivated(notice="A", reason="r", reactivated_on=NOW.date()), "active", EXPIRY),
        (NoticeExpired(notice="A", expires_on=EXPIRY), "expired", EXPIRY),
    ],
)
def test_lifecycle_of_a_notice(change: Event, state: str, expires_on: object) -> None:
    decision = after(registered(), change)

    assert decision.state.notices["A"].state == state
    assert decision.state.notices["A"].expires_on == expires_on
    (row,) = decision.rows
    assert isinstance(row, NoticeRow)
    assert (row.state, row.expires_on) == (state, expires_on)


def test_term_of_a_renewed_notice_that_fires_late_changes_nothing() -> None:
    renewed = NoticeRenewed(notice="A", reason="r", renewed_on=NOW.date(), expires_on=LATER)
    decision = after(registered(), renewed, NoticeExpired(notice="A", expires_on=EXPIRY))

    assert decision.state.notices["A"].state == "active"


def test_term_ends_with_its_last_day_in_brussels_and_a_struck_notice_has_none() -> None:
    (term,) = after(registered()).timers
    assert term.due is not None
    assert term.due.isoformat() == "2029-03-02T22:59:59.999999+00:00"

    (gone,) = after(registered(), NoticeStruck(notice="A", reason="r", struck_on=NOW.date())).timers
    assert (gone.name, gone.due) == ("term/A", None)


def test_change_of_a_notice_that_was_never_registered_is_refused() -> None:
    with pytest.raises(RuleError) as refused:
        after(NoticeStruck(notice="A", reason="r", struck_on=NOW.date()))
    assert refused.value.rule == "notice-unknown"


def test_open_dossier_learns_every_office_that_becomes_known_and_only_those_with_running_notices() -> None:
    first = after(registered("A", "office-1"), OPENED).events
    assert offices(first) == [("office-1",)]

    second = after(registered("A", "office-1"), OPENED, registered("B", "office-2")).events
    assert offices(second) == [("office-1", "office-2")]

    moved = after(
        registered("A", "office-1"), OPENED, NoticeHolderChanged(notice="A", office="o9", changed_on=NOW.date())
    )
    assert offices(moved.events) == [("o9",)]

    struck = NoticeStruck(notice="A", reason="r", struck_on=NOW.date())
    assert offices(after(registered("A", "office-1"), struck, OPENED).events) == [()]


def test_closed_dossier_is_told_no_more() -> None:
    closed = DossierClosed(dossier=DOSSIER, cpas=CPAS, closed_at=NOW)
    assert after(OPENED, closed, registered()).events == ()


@given(st.permutations([registered("A", "o1"), registered("B", "o2"), registered("C", "o1"), OPENED]))
def test_in_any_order_of_arrival_the_dossier_ends_up_with_the_same_offices(order: list[Event]) -> None:
    happened, state = Happenings(), None
    last: tuple[Emission, ...] = ()
    for data in order:
        decision = fold(state, happened(data, key=PERSON))
        state, last = decision.state, decision.events or last

    assert offices(last) == [("o1", "o2")]


@given(st.permutations([registered(version=1), registered(version=2), registered(version=3, office="o3")]))
def test_newest_version_wins_in_any_order_of_arrival(order: list[Event]) -> None:
    assert after(*order).state.notices["A"].version == 3
    assert after(*order).state.notices["A"].office == "o3"


def test_every_handled_type_is_folded_and_aggregated_by_person() -> None:
    assert NOTICES.aggregate == "subject"
    assert len(NOTICES.handles) == 11


def offices(events: object) -> list[tuple[str, ...]]:
    found = []
    for emission in events:  # type: ignore[attr-defined]
        assert isinstance(emission.data, KnownBailiffsFound)
        assert emission.key == DOSSIER
        found.append(tuple(one.office for one in emission.data.offices))
    return found
