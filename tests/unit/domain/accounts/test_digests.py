"""Overviews: who gets which of what, at most one a user, kind and day, whatever the clocks do (§3.2, I8)."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.domain.accounts.digests import digests, next_run
from hub.domain.accounts.fold import accounts
from hub.domain.accounts.state import Account, Group, News, User
from hub.domain.messaging.calendar import BRUSSELS, local_date
from hub.domain.messaging.cloudevent import NAMESPACE, CloudEvent
from hub.domain.messaging.decision import Decision
from hub.domain.messaging.identity import Identity
from schemas.accounts import AccountNewsTold, DigestDue, DigestScheduled
from schemas.event import Event

OURS, SIX = "etude-001", time(18)
TOLD = Identity(event=uuid5(NAMESPACE, "u"), subject="p" + "1" * 32, box="1.closed")
MARCH = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def user(*, overview: bool = False) -> User:
    return User(language="nl", overview=overview, told=TOLD)


def group(*members: str) -> Group:
    return Group(administrators=members[:1], members=members, contact=members[0])


def account(**overviews: bool) -> Account:
    """Two groups: ann is contact of the first, bob of the second; cid is in both, dan in the second."""
    names = ("ann", "bob", "cid", "dan")
    return Account(
        institution=OURS,
        administrators=("ann",),
        users={name: user(overview=overviews.get(name, False)) for name in names},
        groups={"one": group("ann", "cid"), "two": group("bob", "cid", "dan")},
        default_group="one",
        cases={"c1": "one", "c2": "two"},
    )


def news(case: str, *, invitation: bool = False) -> News:
    return News(case=case, ref=case, kind="invitation" if invitation else "plan", invitation=invitation)


def sent(one: Account, *items: News) -> dict[tuple[str, str], tuple[str, ...]]:
    return {(mail.user, mail.kind): tuple(item.case for item in mail.items) for mail in digests(one, items)}


def test_invitations_go_to_the_contact_of_the_default_group_and_to_nobody_else() -> None:
    assert sent(account(cid=True), news("c9", invitation=True)) == {("ann", "D1"): ("c9",)}
    second = account().model_copy(update={"default_group": "two"})
    assert sent(second, news("c9", invitation=True)) == {("bob", "D1"): ("c9",)}


def test_day_of_a_groups_cases_goes_to_its_contact_always() -> None:
    assert sent(account(), news("c1"), news("c2"), news("c1")) == {("ann", "D2"): ("c1", "c1"), ("bob", "D2"): ("c2",)}


def test_members_who_want_it_get_the_cases_of_their_own_groups() -> None:
    assert sent(account(cid=True, dan=True), news("c1"), news("c2")) == {
        ("ann", "D2"): ("c1",),
        ("bob", "D2"): ("c2",),
        ("cid", "D3"): ("c1", "c2"),
        ("dan", "D3"): ("c2",),
    }


def test_contact_who_wants_it_too_gets_the_contacts_overview_only() -> None:
    assert sent(account(ann=True), news("c1")) == {("ann", "D2"): ("c1",)}


def test_nothing_happened_is_no_mail() -> None:
    assert digests(account(ann=True, cid=True), ()) == []
    assert sent(account(dan=True), news("c1")) == {("ann", "D2"): ("c1",)}


@given(
    st.fixed_dictionaries({name: st.booleans() for name in ("ann", "bob", "cid", "dan")}),
    st.lists(st.tuples(st.sampled_from(["c1", "c2", "c3"]), st.booleans()), max_size=12),
)
def test_contact_never_gets_both_and_everything_is_told_to_a_contact(
    wants: dict[str, bool], items: Sequence[tuple[str, bool]]
) -> None:
    made = digests(account(**wants), [news(case, invitation=invited) for case, invited in items])

    assert len({(one.user, one.kind) for one in made}) == len(made)
    kinds: dict[str, set[str]] = {}
    for one in made:
        assert one.items
        kinds.setdefault(one.user, set()).add(one.kind)
    assert all("D3" not in kinds.get(contact, set()) for contact in ("ann", "bob"))
    assert all(wants[name] for name, own in kinds.items() if "D3" in own)
    told = [item for one in made if one.kind != "D3" for item in one.items]
    assert len(told) == len(items)


@pytest.mark.parametrize(
    ("after", "wanted"),
    [
        ("2026-03-28T17:30+01:00", "2026-03-28T18:00+01:00"),
        ("2026-03-28T18:00+01:00", "2026-03-29T18:00+02:00"),  # the clocks went forward that night
        ("2026-10-24T19:00+02:00", "2026-10-25T18:00+01:00"),  # and back
    ],
)
def test_hour_is_local_over_changes_of_the_clocks(after: str, wanted: str) -> None:
    assert next_run(datetime.fromisoformat(after), SIX, None) == datetime.fromisoformat(wanted)


def test_hour_that_a_change_leaves_out_or_repeats_comes_once() -> None:
    left_out = next_run(datetime(2026, 3, 28, 12, tzinfo=UTC), time(2, 30), None)
    assert local_date(left_out) == date(2026, 3, 29)
    twice = next_run(datetime(2026, 10, 24, 12, tzinfo=UTC), time(2, 30), None)
    assert twice == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert local_date(next_run(twice, time(2, 30), local_date(twice))) == date(2026, 10, 26)


class Clock:
    """An account in time: news come, the timer fires late or in time."""

    def __init__(self) -> None:
        self.fold, self.state, self.at, self.count = accounts(SIX), account(cid=True), MARCH, 0
        self.due: datetime | None = None
        self.mails: list[tuple[str, str, date]] = []
        self.told: list[DigestScheduled] = []
        self.items = 0

    def __call__(self, data: Event) -> Decision[Account]:
        self.count += 1
        event = CloudEvent(
            id=uuid5(NAMESPACE, str(self.count)),
            source="/test",
            type=data.type,
            time=self.at,
            recordedtime=self.at,
            partitionkey=OURS,
            subject=None,
            correlationid=OURS,
            data=data,
        )
        decision = self.fold(self.state, event)
        self.state = decision.state
        for timer in decision.timers:
            self.due = timer.due
        for one in decision.deliveries:
            _, kind, name, day = one.effect.split("/")
            assert one.content["user"] == name
            self.mails.append((name, kind, date.fromisoformat(day)))
        self.told += [one.data for one in decision.events if isinstance(one.data, DigestScheduled)]
        return decision

    def news(self) -> None:
        self.items += 1
        self(AccountNewsTold(institution=OURS, case="c" + "1" * 32, act="plan-sent", kind="plan"))

    def reach(self, moment: datetime, *, away: bool = False) -> None:
        """Time passes; the timer fires when it is due, unless the clock is away."""
        while not away and self.due is not None and self.due <= moment:
            self.at, self.due = max(self.at, self.due), None
            self(DigestDue(institution=OURS))
        self.at = moment


def test_a_days_outage_makes_one_late_mail_and_the_next_one_is_of_another_day() -> None:
    clock = Clock()
    clock.news()
    clock.reach(MARCH + timedelta(hours=25), away=True)  # the clock missed six o'clock
    clock.reach(MARCH + timedelta(hours=26))
    assert {day for _, _, day in clock.mails} == {date(2026, 3, 3)}
    clock.news()  # after the late mail of the same day
    assert clock.due is not None
    assert local_date(clock.due) == date(2026, 3, 4)
    clock.reach(clock.due)
    assert len(set(clock.mails)) == len(clock.mails)
    assert {day for _, _, day in clock.mails} == {date(2026, 3, 3), date(2026, 3, 4)}


STEPS = st.lists(st.tuples(st.integers(0, 40), st.sampled_from(["news", "fire", "away", "twice"])), max_size=40)


@given(STEPS, st.sampled_from([MARCH, datetime(2026, 3, 27, 9, tzinfo=UTC), datetime(2026, 10, 23, 9, tzinfo=UTC)]))
def test_at_most_one_mail_a_user_kind_and_local_day_and_nothing_is_forgotten(
    steps: Sequence[tuple[int, str]], start: datetime
) -> None:
    clock = Clock()
    clock.at = start
    for hours, what in steps:
        clock.reach(clock.at + timedelta(hours=hours), away=what == "away")
        if what == "news":
            clock.news()
        if what == "twice":
            clock(DigestDue(institution=OURS))
    clock.reach(clock.at + timedelta(days=3))

    assert len(set(clock.mails)) == len(clock.mails)
    assert clock.state.news == ()
    assert bool(clock.mails) == bool(clock.items)
    assert len({(one.user, one.digest, one.on) for one in clock.told}) == len(clock.told)


def test_hours_are_those_of_brussels() -> None:
    moment = next_run(MARCH, SIX, None)
    assert moment.astimezone(BRUSSELS).time() == SIX
