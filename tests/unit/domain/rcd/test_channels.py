"""How a party is reached, step by step, by acts in any order and what the clock said (art. 1675/15bis; ADR 0029)."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.domain.rcd.case import Case
from hub.domain.rcd.channels import STEPS, Step, channel_changes, steps
from schemas.event import Event
from schemas.rcd import ActVoided, ChannelConfirmed, ChannelLapsed, RegisterActRecorded
from tests.unit.domain.rcd.test_histories import CASE, CLAIMS, START, decided, feeds_of, over, played, recorded

TERM = "confirmation/cred-1"
ASKED = recorded("confirmation-asked", 116)
CONFIRMED = recorded("confirmed", 117)
LAPSE = over(played(*CLAIMS, ASKED)[0], TERM)
AGAIN = recorded("confirmation-asked", 130)
LAPSE_AGAIN = over(played(*CLAIMS, AGAIN)[0], TERM)


def step(*said: Event) -> Step:
    """On which step the creditor stands after all this."""
    return steps(played(*CLAIMS, *said)[0])["cred-1"]


def test_every_step_is_reached_and_has_its_channel() -> None:
    reached = {
        "obliged": step(recorded("plan-sent", 90, obliged=True)),
        "registered": step(ASKED, CONFIRMED),
        "asked": step(ASKED),
        "lapsed": step(ASKED, LAPSE),
        "unregistered": step(),
    }
    assert {name: one for name, one in reached.items() if name != one} == {}
    assert reached.keys() == STEPS.keys()
    assert {name for name, row in STEPS.items() if row.channel == "paper"} == {"lapsed", "unregistered"}


def test_obliged_party_is_reached_through_the_register_whatever_is_asked_or_lapses() -> None:
    """Art. 1675/15bis §1 al. 1, 6°: a legal person established in Belgium."""
    told = recorded("admissibility-notified", 7, obliged=True)
    after, events = played(*CLAIMS, told, ASKED, LAPSE)

    assert steps(after)["cred-1"] == "obliged"
    assert not any(isinstance(one, ChannelLapsed) for one in events)
    assert step(ASKED, LAPSE, told) == "obliged"


def test_act_without_effect_or_without_a_place_still_tells_that_its_party_is_obliged() -> None:
    void, events = played(*CLAIMS, ASKED, LAPSE, recorded("claim-submitted", 131, obliged=True, channel="paper"))
    waiting, _ = played(*CLAIMS, recorded("closed", 60, obliged=True, party="sur-1"))

    assert (steps(void)["cred-1"], void.claimed) == ("obliged", ())
    assert isinstance(events[-2], ActVoided)
    assert isinstance(events[-1], ChannelConfirmed)
    assert (steps(waiting)["sur-1"], [*waiting.unplaced]) == ("obliged", ["closed.60"])


def test_question_after_a_lapse_starts_anew() -> None:
    assert step(ASKED, LAPSE, AGAIN) == "asked"
    assert step(ASKED, LAPSE, recorded("confirmed", 120), AGAIN) == "asked"
    assert step(ASKED, CONFIRMED, AGAIN) == "asked"
    assert step(ASKED, LAPSE, AGAIN, LAPSE_AGAIN) == "lapsed"
    assert step(ASKED, LAPSE, AGAIN, LAPSE_AGAIN, recorded("confirmed", 140)) == "registered"


def test_lapsed_party_that_acts_through_the_register_is_registered() -> None:
    """Ours: acting there is the confirmation by conduct (ADR 0029); on paper it is none."""
    late = recorded("claim-submitted", 118)
    assert step(ASKED, LAPSE, late) == "registered"
    assert step(ASKED, LAPSE, recorded("claim-submitted", 118, channel="paper")) == "lapsed"
    assert step(late, AGAIN, LAPSE_AGAIN) == "lapsed", "asked after it and no answer"


def test_party_that_somebody_acts_for_is_registered_until_its_access_is_blocked() -> None:
    linked = recorded("invitation-accepted", 100, institution="office-1")
    blocked = recorded("access-blocked", 140, institution="office-1")
    after, events = played(*CLAIMS, linked, ASKED, LAPSE)

    assert steps(after)["cred-1"] == "registered"
    assert not any(isinstance(one, ChannelLapsed) for one in events)
    assert feeds_of(after, blocked)[ChannelLapsed] == ("mediator-1",)


def test_party_of_a_sale_in_part_has_a_step_too() -> None:
    after, _ = played(*CLAIMS)
    assert steps(after.model_copy(update={"acts_for": {"cred-2": ("office-1",)}}))["cred-2"] == "registered"


def test_question_goes_on_when_the_case_ends_and_its_answer_has_a_place() -> None:
    """Decisions that end a case are communicated too."""
    ended = recorded("revoked", 116)
    case, _ = played(*CLAIMS, ASKED, ended)
    assert case.state == "REVOKED"
    assert case.terms[TERM].late == LAPSE.last_day
    assert step(ASKED, ended, LAPSE) == "lapsed"
    assert step(ASKED, ended, CONFIRMED) == "registered"


def test_who_is_reached_through_the_register_again_is_told_to_the_mediator_and_to_who_acts_for_it() -> None:
    lapsed, _ = played(*CLAIMS, ASKED, LAPSE)
    linked = recorded("invitation-accepted", 120, institution="office-1")

    (said,) = [one for one in decided(lapsed, linked, START, 7).events if isinstance(one.data, ChannelConfirmed)]
    again = decided(decided(lapsed, linked, START, 7).state, recorded("confirmed", 121), START, 8)

    assert said.data == ChannelConfirmed(case=CASE, party="cred-1", register_ref="invitation-accepted.120")
    assert said.feeds == ("mediator-1", "office-1")
    assert not any(isinstance(one.data, ChannelConfirmed) for one in again.events), "told once"
    assert feeds_of(lapsed, recorded("claim-submitted", 55, party="cred-2")).get(ChannelConfirmed) is None
    assert feeds_of(played(*CLAIMS, ASKED)[0], CONFIRMED)[ChannelConfirmed] == ("mediator-1",)


def test_state_that_was_kept_before_is_read_and_its_lapse_stands() -> None:
    lapsed, _ = played(*CLAIMS, ASKED, LAPSE)
    kept = lapsed.model_dump(mode="json")
    del kept["obliged"]
    old = Case.model_validate({**kept, "paper": ["cred-1"], "regions": {**kept["regions"], "channel/cred-1": "ASKED"}})

    assert steps(old) == {"cred-1": "lapsed"}
    assert steps(decided(old, AGAIN, START, 9).state) == {"cred-1": "asked"}
    assert channel_changes(lapsed, old, CASE) == []


WORDS = st.lists(
    st.builds(
        lambda name, day, party, channel, obliged: (
            name,
            day,
            {"party": party, "channel": channel, "obliged": obliged},
        ),
        st.sampled_from(
            ("confirmation-asked", "confirmation-asked", "confirmed", "claim-submitted", "reminder-sent", "revoked")
        ),
        st.integers(51, 90),
        st.sampled_from(("cred-1", "cred-2")),
        st.sampled_from(("register", "register", "paper")),
        st.sampled_from((False, False, False, True)),
    ),
    max_size=8,
    unique_by=lambda one: one[:2],
)


def clock(case: Case, n: int) -> Case:
    """Every question whose term still runs ends without an answer."""
    for at, name in enumerate(sorted(case.terms)):
        if name.startswith("confirmation/"):
            case = decided(case, over(case, name), START, 1000 + 10 * n + at).state
    return case


@settings(max_examples=150, deadline=None)
@given(WORDS, st.randoms(use_true_random=False), st.sets(st.integers(0, 12)))
def test_acts_in_any_order_of_arrival_give_each_party_one_and_the_same_channel(
    words: list[tuple[str, int, dict[str, object]]], dice: Random, fired: set[int]
) -> None:
    """And whenever the clock looked before: in the end every term that is over was told."""
    acts: list[RegisterActRecorded] = [*CLAIMS, *(recorded(name, day, **said) for name, day, said in words)]
    found = []
    for _ in range(2):
        case = Case()
        for n, act in enumerate(acts):
            case = decided(case, act, START, n).state
            case = clock(case, n) if n in fired else case
        found.append(steps(clock(case, 99)))
        dice.shuffle(acts)

    assert found[0] == found[1]
