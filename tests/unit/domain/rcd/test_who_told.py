"""Whose case it is, what an end ends, and what an obliged party does on paper: whoever told it, in whatever order."""

from datetime import UTC, datetime, timedelta

import pytest

from hub.domain.rcd.case import Case
from hub.domain.rcd.fold import fold
from schemas.event import Event
from schemas.rcd import ActVoided, RegisterActRecorded
from tests.unit.domain.happenings import Happenings
from tests.unit.domain.rcd.test_standing import CASE

FIRST = datetime(2026, 1, 5, 9, tzinfo=UTC)
REGISTER = "/connectors/justrestart/register"


def act(day: int, name: str, **said: object) -> RegisterActRecorded:
    ref = str(said.pop("ref", f"{name}-{day}"))
    moment = FIRST + timedelta(days=day)
    return RegisterActRecorded.model_validate(
        {"case": CASE, "act": name, "register_ref": ref, "occurred_at": moment, **said}
    )


BEGUN = (
    act(0, "petition-filed"),
    act(1, "admitted", institution="cpas-1"),
    act(2, "admissibility-notified", party="c-1"),
)


def after(*events: Event, source: str = REGISTER, case: Case | None = None) -> tuple[Case, list[Event]]:
    happenings, told = Happenings(), list[Event]()
    found = case or Case()
    for event in events:
        decision = fold(found, happenings(event, key=CASE)._replace(source=source))
        found = decision.state
        told += [one.data for one in decision.events]
    return found, told


def test_act_that_an_administrator_mended_does_not_change_the_register_of_the_case() -> None:
    begun, _ = after(*BEGUN)
    mended, _ = after(act(5, "avis-posted"), source="/hub/edit", case=begun)
    other, _ = after(act(6, "avis-updated"), source="/connectors/justrestart/register-2", case=mended)
    assert (begun.told_by, mended.told_by, other.told_by) == ("register", "register", "register")
    alone, _ = after(act(0, "petition-filed"), source="/hub/edit")
    assert alone.told_by is None


def test_end_of_an_outage_that_is_over_ends_no_other() -> None:
    begun, _ = after(*BEGUN, act(3, "outage-started", ref="O-7"), act(4, "outage-started", ref="O-8"))
    ended, _ = after(act(5, "outage-ended", ref="E-9", outage="O-7"), case=begun)
    again, _ = after(act(5, "outage-ended", ref="O-7/end", outage="O-7"), case=ended)
    assert again.outages["O-8"][1] is None
    assert again.outage_open


CLAIM = act(3, "claim-submitted", party="c-1", channel="paper")
OBLIGED = act(4, "reminder-sent", party="c-1", obliged=True)


@pytest.mark.parametrize("order", [(CLAIM, OBLIGED), (OBLIGED, CLAIM)])
def test_claim_on_paper_of_an_obliged_party_has_no_effect_whenever_it_is_known(order: tuple[Event, ...]) -> None:
    case, told = after(*BEGUN, *order)
    assert (case.claimed, case.unplaced) == ((), {CLAIM.register_ref: "channel"})
    assert [one.register_ref for one in told if isinstance(one, ActVoided)] == [CLAIM.register_ref]


def test_claim_on_paper_of_another_party_counts() -> None:
    case, told = after(*BEGUN, CLAIM)
    assert case.claimed == ("c-1",)
    assert not [one for one in told if isinstance(one, ActVoided)]
