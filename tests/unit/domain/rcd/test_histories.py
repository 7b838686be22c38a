"""Histories in any order of delivery: the same acts make the same case; the invariants of the domain page hold."""

from datetime import UTC, datetime, timedelta
from random import Random
from uuid import uuid5

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.domain.messaging.calendar import end_of
from hub.domain.messaging.cloudevent import NAMESPACE, CloudEvent
from hub.domain.messaging.decision import Decision
from hub.domain.rcd.case import Case, read_again, with_act
from hub.domain.rcd.channels import steps
from hub.domain.rcd.fold import fold
from hub.domain.rcd.recorded import RecordedAct
from hub.domain.rcd.table import TABLE
from hub.domain.rcd.timers import remind_on
from schemas.event import Event
from schemas.rcd import (
    ActVoided,
    ChannelLapsed,
    ForeclosureProposed,
    RcdCaseChanged,
    RcdTermDue,
    RcdTermReached,
    RegisterActRecorded,
)

START = datetime(2024, 1, 8, 9, 0, tzinfo=UTC)
CASE = "c" + "0" * 32
PARTIES = ("cred-1", "cred-2")
_LONG = ("petition-filed", "admitted", "avis-posted", "admissibility-notified", "reminder-sent", "reminder-received",
         "drafting-started", "plan-sent", "plan-agreed", "plan-homologated", "mention-told", "annual-report-filed",
         "term-reached", "closed", "operations-ended")  # fmt: skip


@st.composite
def histories(draw: st.DrawFn) -> list[RecordedAct]:
    """The way of a case with other acts strewn in, each with a legal date of its own."""
    days = sorted(draw(st.lists(st.integers(0, 900), min_size=len(_LONG), max_size=len(_LONG))))
    acts = [one(name, day, n) for n, (name, day) in enumerate(zip(_LONG, days, strict=True))]
    strewn = draw(st.lists(st.tuples(st.sampled_from(sorted(TABLE)), st.integers(0, 900)), max_size=12))
    return acts + [one(name, day, 100 + n) for n, (name, day) in enumerate(strewn)]


def one(name: str, day: int, n: int) -> RecordedAct:
    return RecordedAct.model_validate(
        {"act": name, "ref": f"r{n}", "at": START + timedelta(days=day), "party": PARTIES[n % 2], "months": 5 + n % 60}
    )


@settings(max_examples=60, deadline=None)
@given(histories(), st.randoms(use_true_random=False))
def test_any_order_of_delivery_makes_the_same_case(acts: list[RecordedAct], dice: Random) -> None:
    case = Case()
    shuffled = list(acts)
    dice.shuffle(shuffled)
    for act in shuffled:
        case = with_act(case, act)
        case = with_act(case, act)  # delivered twice

    assert case == read_again(acts)


@settings(max_examples=60, deadline=None)
@given(histories())
def test_invariants_hold_after_every_act(acts: list[RecordedAct]) -> None:
    case = Case()
    for act in acts:
        case = with_act(case, act)
        placed = {one.ref for one in case.acts} - case.unplaced.keys()
        by_ref = {one.ref: one for one in case.acts if one.ref in placed}
        for party in case.foreclosed:  # I1
            assert party in case.reminded
            assert any(one.act == "reminder-received" and one.party == party for one in by_ref.values())
        for one_ in by_ref.values():  # I7
            if one_.outage:
                begin, end = case.outages[one_.outage]
                assert begin <= one_.at
                assert end is None or one_.at <= end
        assert not set(case.foreclosed) & set(case.claimed)
        assert not set(case.late) & set(case.claimed)
        assert all(term.early <= term.late for term in case.terms.values())


def told(case: Case | None, data: Event, at: datetime, n: int) -> tuple[Case, list[Event]]:
    decision = decided(case, data, at, n)
    return decision.state, [one.data for one in decision.events]


def feeds_of(case: Case, data: Event) -> dict[type[Event], tuple[str, ...]]:
    return {type(one.data): one.feeds for one in decided(case, data, START, 99).events}


def decided(case: Case | None, data: Event, at: datetime, n: int) -> Decision[Case]:
    event = CloudEvent(
        id=uuid5(NAMESPACE, str(n)),
        source="/test",
        type=data.type,
        time=at,
        recordedtime=at,
        partitionkey=CASE,
        subject=None,
        correlationid=CASE,
        data=data,
    )
    return fold(case, event)


def recorded(name: str, day: int, **said: object) -> RegisterActRecorded:
    at = START + timedelta(days=day)
    return RegisterActRecorded.model_validate(
        {"case": CASE, "act": name, "register_ref": f"{name}.{day}", "occurred_at": at, "party": "cred-1", **said}
    )


def played(*said: Event) -> tuple[Case, list[Event]]:
    case: Case | None = None
    every: list[Event] = []
    for n, data in enumerate(said):
        case, events = told(case, data, START, n)
        every += events
    assert case is not None
    return case, every


CLAIMS = (
    recorded("petition-filed", 0),
    recorded("admitted", 5, institution="mediator-1"),
    recorded("admissibility-notified", 6),
    recorded("reminder-received", 50),
)


def over(case: Case, name: str) -> RcdTermReached:
    return RcdTermReached(case=CASE, term=name, last_day=case.terms[name].late)


def test_clock_proposes_a_foreclosure_once_and_only_a_human_confirms_it() -> None:
    case, _ = played(*CLAIMS)
    end = over(case, "last-claim/cred-1")

    after, events = played(*CLAIMS, end, end)

    assert [type(one) for one in events[-1:]] == [ForeclosureProposed]
    assert sum(isinstance(one, ForeclosureProposed) for one in events) == 1
    assert after.foreclosed == ()


def test_clock_proposes_nothing_during_an_open_outage_and_looks_again_after_it() -> None:
    case, _ = played(*CLAIMS)
    end, down = over(case, "last-claim/cred-1"), recorded("outage-started", 60)

    _, during = played(*CLAIMS, down, end)
    _, after = played(*CLAIMS, down, end, recorded("outage-ended", 70), end)

    assert not any(isinstance(one, ForeclosureProposed) for one in during)
    assert any(isinstance(one, ForeclosureProposed) for one in after)


def test_timer_that_waited_for_an_outage_is_set_to_another_moment_each_time_for_it_fires_once_a_moment() -> None:
    case, _ = played(*CLAIMS)
    moments: list[datetime | None] = [end_of(case.terms["last-claim/cred-1"].late)]
    for n, (name, day) in enumerate((("started", 60), ("ended", 61), ("started", 62), ("ended", 63)), 1):
        decision = decided(case, recorded(f"outage-{name}", day), START, n)
        case = decision.state
        moments += [timer.due for timer in decision.timers if timer.name == "last-claim/cred-1"]

    assert len(set(moments)) == len(moments) == 3


def test_term_that_was_met_or_moved_meanwhile_says_nothing() -> None:
    case, _ = played(*CLAIMS)
    end = over(case, "last-claim/cred-1")
    _, events = played(*CLAIMS, recorded("claim-submitted", 55), end)
    assert not any(isinstance(one, ForeclosureProposed) for one in events)


def test_channel_lapses_to_paper_after_three_working_days_without_confirmation() -> None:
    """I9; sent Friday 03-05-2024, last day 08-05-2024 (§2.3b)."""
    asked = recorded("confirmation-asked", 116)
    case, _ = played(*CLAIMS, asked)
    assert str(case.terms["confirmation/cred-1"].late) == "2024-05-08"

    lapsed, events = played(*CLAIMS, asked, over(case, "confirmation/cred-1"))
    confirmed, _ = played(*CLAIMS, asked, recorded("confirmed", 117))

    assert any(isinstance(one, ChannelLapsed) for one in events)
    assert (steps(lapsed)["cred-1"], steps(confirmed)["cred-1"]) == ("lapsed", "registered")


def test_lapse_to_paper_outlives_the_acts_that_come_after_it() -> None:
    asked = recorded("confirmation-asked", 116)
    case, _ = played(*CLAIMS, asked)
    end = over(case, "confirmation/cred-1")

    later, _ = played(*CLAIMS, asked, end, recorded("drafting-started", 130))
    late, _ = played(*CLAIMS, asked, end, recorded("drafting-started", 130), recorded("confirmed", 131))

    assert steps(later)["cred-1"] == "lapsed"
    assert steps(late)["cred-1"] == "registered"


def test_obliged_party_outside_the_register_acts_without_effect() -> None:
    """I10."""
    case, events = played(*CLAIMS, recorded("claim-submitted", 20, obliged=True, channel="paper"))
    assert case.claimed == ()
    assert isinstance(events[-1], ActVoided)


def near(case: Case, name: str) -> RcdTermReached:
    return RcdTermReached(case=CASE, term=name, last_day=case.terms[name].early, reading="early")


def test_reminder_is_told_once_by_the_early_date_to_the_mediator_and_to_who_acts_for_the_party() -> None:
    """Notified on 28-02-2023: early 28-03, late 31-03 (§2.3b, month edge)."""
    acts = (
        recorded("petition-filed", -330),
        recorded("admitted", -320, institution="mediator-1"),
        recorded("invitation-accepted", -315, institution="office-1"),
        recorded("admissibility-notified", -314),
    )
    case, _ = played(*acts)
    term = case.terms["claim/cred-1"]
    assert (str(term.started), str(term.early), str(term.late)) == ("2023-02-28", "2023-03-28", "2023-03-31")
    assert str(remind_on(term)) == "2023-03-21"

    soon = decided(case, near(case, "claim/cred-1"), START - timedelta(days=293), 9)

    (due,) = soon.events
    assert due.feeds == ("mediator-1", "office-1")
    assert due.data == RcdTermDue(
        case=CASE, term="claim/cred-1", party="cred-1", last_day=term.early, article="1675/9 §2"
    )
    assert decided(soon.state, near(case, "claim/cred-1"), START - timedelta(days=292), 10).events == ()
    late = decided(case, near(case, "claim/cred-1"), START, 11)
    assert late.events == (), "no reminder of what is over"
    met = decided(case, recorded("claim-submitted", -300), START, 12).state
    assert decided(met, near(case, "claim/cred-1"), START - timedelta(days=293), 13).events == ()


def test_every_term_has_two_timers_and_loses_both_when_it_is_met() -> None:
    case, _ = played(*CLAIMS[:3])
    set_ = {one.name: one for one in decided(case, CLAIMS[3], START, 20).timers}
    assert str(set_["last-claim/cred-1"].due) == "2024-03-13 23:00:00+00:00"
    assert str(set_["remind/last-claim/cred-1"].due) == "2024-03-07 23:00:00+00:00"
    assert (set_["claim/cred-1"].due, set_["remind/claim/cred-1"].due) == (None, None)


def test_what_concerns_a_creditor_is_told_to_the_mediator_and_to_who_acts_for_it_alone() -> None:
    """Art. 1675/22."""
    case, _ = played(
        *CLAIMS,
        recorded("invitation-accepted", 10, institution="office-1"),
        recorded("invitation-accepted", 11, institution="office-2", party="cred-2"),
    )
    asked, _ = told(case, recorded("confirmation-asked", 52, party="cred-3"), START, 90)
    paper = recorded("objection-raised", 53, obliged=True, channel="paper", party="cred-2")

    proposed = feeds_of(case, over(case, "last-claim/cred-1"))
    lapsed = feeds_of(asked, over(asked, "confirmation/cred-3"))
    voided = feeds_of(case, paper)
    changed = feeds_of(case, recorded("drafting-started", 80))

    assert proposed == {ForeclosureProposed: ("mediator-1", "office-1")}
    assert lapsed == {ChannelLapsed: ("mediator-1",)}
    assert voided == {ActVoided: ("mediator-1", "office-2")}
    assert changed == {RcdCaseChanged: ("mediator-1", "office-1", "office-2")}


def test_a_year_of_five_hundred_cases_is_played_quickly_and_every_deadline_is_over_once() -> None:
    """Each case with its acts in any order; its clock fires every term at its end, twice."""
    dice = Random(2024)
    proposals = 0
    for n in range(500):
        acts = [*CLAIMS, recorded("drafting-started", 90), recorded("plan-sent", 100 + n % 60)]
        dice.shuffle(acts)
        case, _ = played(*acts)
        fired = [over(case, name) for name in case.terms]
        after: Case | None = case
        for at, end in enumerate([*fired, *fired]):
            after, events = told(after, end, START, at)
            proposals += sum(isinstance(one, ForeclosureProposed) for one in events)
        assert after is not None
        assert len(after.told) == len(case.terms)
    assert proposals == 500
