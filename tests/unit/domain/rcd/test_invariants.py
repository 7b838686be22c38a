"""I2, I9 and I10 of the domain page over any dates and any order of delivery."""

from datetime import timedelta
from random import Random
from typing import get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.domain.rcd.case import read_again
from hub.domain.rcd.channels import steps
from hub.domain.rcd.terms import rule_of
from schemas.rcd import Act, ActVoided, ChannelLapsed, RcdTermReached
from tests.unit.domain.rcd.test_histories import CASE, CLAIMS, START, one, played, recorded

BEFORE = (
    "petition-filed",
    "admitted",
    "avis-posted",
    "admissibility-notified",
    "reminder-received",
    "drafting-started",
)


@settings(max_examples=80, deadline=None)
@given(
    gaps=st.lists(st.integers(1, 120), min_size=len(BEFORE), max_size=len(BEFORE)),
    dice=st.randoms(use_true_random=False),
)
def test_objection_counts_from_the_sending_and_the_last_claim_from_the_receipt(gaps: list[int], dice: Random) -> None:
    """I2: each term from the moment its article names, whatever else is known and however it came."""
    days = [sum(gaps[:n]) for n in range(len(BEFORE) + 1)]
    acts = [one(name, day, 2 * n) for n, (name, day) in enumerate(zip((*BEFORE, "plan-sent"), days, strict=True))]
    dice.shuffle(acts)

    case = read_again(acts)

    said = {str(act.act): act.at.astimezone(START.tzinfo).date() for act in acts}
    for term, since in (("objection", "plan-sent"), ("last-claim/cred-1", "reminder-received")):
        if term in case.terms:
            assert case.terms[term].started == said[since]
            assert case.terms[term].late == rule_of(term).last_day(said[since], "BE").late
    assert "objection" in case.terms


@settings(max_examples=80, deadline=None)
@given(asked=st.integers(60, 700), confirmed=st.integers(0, 12) | st.none())
def test_party_is_told_on_paper_only_after_the_channel_lapsed(asked: int, confirmed: int | None) -> None:
    """I9: three working days without confirmation, never before, never when it was confirmed in time."""
    ask = recorded("confirmation-asked", asked)
    case, _ = played(*CLAIMS, ask)
    name = "confirmation/cred-1"
    over = RcdTermReached(case=CASE, term=name, last_day=case.terms[name].late)
    answer = () if confirmed is None else (recorded("confirmed", asked + confirmed),)
    in_time = confirmed is not None and (START + timedelta(days=asked + confirmed)).date() <= case.terms[name].late

    before, early = played(*CLAIMS, ask, *answer)
    after, events = played(*CLAIMS, ask, *(answer if in_time else ()), over)

    assert not any(isinstance(said, ChannelLapsed) for said in early)
    assert steps(before)["cred-1"] == ("asked" if confirmed is None else "registered")
    assert (steps(after)["cred-1"] == "lapsed") is not in_time
    assert sum(isinstance(said, ChannelLapsed) for said in events) == (not in_time)


@settings(max_examples=80, deadline=None)
@given(act=st.sampled_from(sorted(get_args(Act))), day=st.integers(51, 900))
def test_obliged_party_outside_the_register_changes_nothing_else_and_is_flagged(act: str, day: int) -> None:
    """I10."""
    without, _ = played(*CLAIMS)

    case, events = played(*CLAIMS, recorded(act, day, obliged=True, channel="paper"))

    assert case == without.model_copy(update={"obliged": ("cred-1",)})
    assert isinstance(events[-1], ActVoided)
    assert (events[-1].act, events[-1].register_ref) == (act, f"{act}.{day}")
