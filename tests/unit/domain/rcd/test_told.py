"""What exports and mails tell of a case: only differences go on, and none of it is an act (ADR 0022)."""

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hub.domain.rcd.case import Case
from hub.domain.rcd.fold import fold
from schemas.event import Event
from schemas.rcd_actions import RcdActionAnnounced, RcdActionSuggested
from schemas.rcd_claims import RcdClaimChanged, RcdClaimTold
from tests.unit.domain.happenings import NOW, Happenings
from tests.unit.domain.rcd.test_standing import ADMITTED, CASE, FILED, POSTED

ACTS: tuple[Event, ...] = (FILED, ADMITTED, POSTED)
OF_ACTS = ("acts", "state", "terms", "regions", "claimed", "institutions", "mediator", "unplaced")


def claim(reference: str, principal: int, status: str = "introduced") -> RcdClaimTold:
    return RcdClaimTold.model_validate(
        {
            "case": CASE,
            "case_ref": "2026/LIEGE/1",
            "claim_ref": reference,
            "party": f"of-{reference}",
            "nature": "energy",
            "principal": Decimal(principal),
            "interest": Decimal(1),
            "costs": Decimal(0),
            "status": status,
            "submitted_on": date(2026, 2, 3),
            "told_by": "cpas-1",
        }
    )


def hint(day: int, count: int, institution: str = "cpas-1") -> RcdActionAnnounced:
    return RcdActionAnnounced.model_validate(
        {
            "case": CASE,
            "case_ref": "2026/LIEGE/1",
            "institution": institution,
            "kind": "claim",
            "on": date(2026, 2, day),
            "count": count,
            "layout": "daily-overview",
        }
    )


def played(*events: Event) -> tuple[Case, list[Any]]:
    """The case after these events, and every event with its readers."""
    case, happened, found = Case(), Happenings(), list[Any]()
    for data in events:
        decision = fold(case, happened(data, key=CASE, subject=None, at=NOW))
        case = decision.state
        found.extend((one.data, one.feeds) for one in decision.events)
    return case, found


claims = st.builds(claim, st.sampled_from(("A", "B")), st.integers(1, 2), st.sampled_from(("introduced", "contested")))
hints = st.builds(hint, st.integers(1, 2), st.integers(1, 3), st.sampled_from(("cpas-1", "etude-1")))
histories = st.lists(st.one_of(claims, hints, st.sampled_from(ACTS)), max_size=14)


@given(histories)
def test_only_differences_go_on_and_no_act_comes_of_them(history: list[Event]) -> None:
    case, found = played(*history)
    acts_alone, _ = played(*(one for one in history if one in ACTS))

    last: dict[str, RcdClaimTold] = {}
    differences = 0
    for one in history:
        if isinstance(one, RcdClaimTold):
            differences += last.get(one.claim_ref) != one
            last[one.claim_ref] = one
    assert sum(isinstance(data, RcdClaimChanged) for data, _ in found) == differences
    assert {name: getattr(case, name) for name in OF_ACTS} == {name: getattr(acts_alone, name) for name in OF_ACTS}
    assert set(case.told_claims) == set(last)


@given(histories)
def test_hint_is_told_to_its_reader_alone_and_again_only_when_there_is_more_of_it(history: list[Event]) -> None:
    _, found = played(*history)

    told: dict[tuple[str, date], int] = {}
    for data, feeds in found:
        if isinstance(data, RcdActionSuggested):
            assert feeds == (data.institution,)
            assert data.trust == "low"
            assert data.count > told.get((data.institution, data.on), 0)
            told[data.institution, data.on] = data.count


def test_same_export_again_changes_nothing_and_says_what_differs_when_something_does() -> None:
    same, _ = played(claim("A", 100), claim("B", 5))
    again, found = played(claim("A", 100), claim("B", 5), *ACTS, claim("B", 5), claim("A", 100))
    _, changed = played(claim("A", 100), claim("A", 101, "contested"))

    assert again.told_claims == same.told_claims
    assert sum(isinstance(data, RcdClaimChanged) for data, _ in found) == 2
    assert [(data.fresh, data.changed) for data, _ in changed] == [(True, ()), (False, ("principal", "status"))]
