"""Accounts, groups and users: each row of rcd-justrestart §1.3, refused or done; what must hold after anything."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import get_args
from uuid import uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.domain.accounts.fold import accounts
from hub.domain.accounts.rules import _ROWS
from hub.domain.accounts.state import Account, AccountCaseRow, GroupRow, UserRow
from hub.domain.messaging.cloudevent import NAMESPACE, CloudEvent
from hub.domain.messaging.decision import Decision
from schemas.accounts import AccountCaseTold, AccountChanged, Change, ChangeAccount, DefaultGroupMissing, TellUser
from schemas.event import Event
from schemas.mediation import CommandRefused

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
OURS, CASE = "etude-001", "c" + "1" * 32


fold = accounts(time(18))


class Desk:
    """One institution's account."""

    def __init__(self) -> None:
        self.state: Account | None = None
        self.count = 0
        self.rows: list[object] = []

    def __call__(self, data: Event) -> Decision[Account]:
        self.count += 1
        event = CloudEvent(
            id=uuid5(NAMESPACE, str(self.count)),
            source="/etude-001",
            type=data.type,
            time=NOW,
            recordedtime=NOW,
            partitionkey=OURS,
            subject="p" + "1" * 32,
            correlationid=OURS,
            data=data,
            box="1.closed",
        )
        decision = fold(self.state, event)
        self.state = decision.state
        self.rows += decision.rows
        return decision

    def tell(self, user: str, by: str = "ann", *, overview: bool = False) -> str | None:
        return self._rule(self(TellUser(institution=OURS, by=by, user=user, language="fr", overview=overview)))

    def change(self, change: str, by: str = "ann", **said: str) -> str | None:
        return self._rule(self(ChangeAccount.model_validate({"institution": OURS, "by": by, "change": change, **said})))

    @staticmethod
    def _rule(decision: Decision[Account]) -> str | None:
        answer = decision.events[0]
        assert answer.feeds == (OURS,)
        if isinstance(answer.data, CommandRefused):
            assert decision.rows == ()
            return answer.data.rule
        assert isinstance(answer.data, AccountChanged)
        return None

    @property
    def now(self) -> Account:
        assert self.state is not None
        return self.state


@pytest.fixture
def desk() -> Desk:
    """An account with its creator, three users, and one group of two."""
    found = Desk()
    for user in ("ann", "bob", "cid", "dan"):
        assert found.tell(user) is None
    assert found.change("create-group", user="bob", group="rcd") is None
    assert found.change("join-group", by="bob", user="cid", group="rcd") is None
    return found


def test_creator_is_administrator_by_default(desk: Desk) -> None:
    assert desk.now.administrators == ("ann",)
    assert Desk().tell("bob", by="ann") == "account-unknown"
    assert Desk().change("create-group", user="ann", group="g") == "account-unknown"


def test_user_changes_herself_and_only_an_administrator_adds_or_changes_others(desk: Desk) -> None:
    assert desk.tell("bob", by="bob", overview=True) is None
    assert desk.now.users["bob"].overview
    assert desk.tell("cid", by="bob") == "not-account-administrator"
    assert desk.tell("eve", by="eve") == "not-account-administrator"


def test_only_an_account_administrator_appoints_and_dismisses_another(desk: Desk) -> None:
    assert desk.change("appoint-administrator", by="bob", user="bob") == "not-account-administrator"
    assert desk.change("dismiss-administrator", user="ann") == "last-administrator"
    assert desk.change("appoint-administrator", user="bob") is None
    assert desk.change("dismiss-administrator", by="bob", user="ann") is None
    assert desk.now.administrators == ("bob",)
    assert desk.change("appoint-administrator", by="bob", user="nobody") == "user-unknown"


def test_only_an_account_administrator_creates_groups(desk: Desk) -> None:
    assert desk.change("create-group", by="bob", user="bob", group="mine") == "not-account-administrator"
    assert desk.change("create-group", user="bob", group="rcd") == "group-known"
    assert desk.change("create-group", user="bob") == "group-unknown"
    assert desk.now.groups["rcd"].administrators == ("bob",)


def test_group_has_an_administrator_and_its_contact_is_a_member(desk: Desk) -> None:
    assert desk.change("dismiss-group-administrator", by="bob", user="bob", group="rcd") == "last-group-administrator"
    assert desk.change("leave-group", by="bob", user="bob", group="rcd") == "last-group-administrator"
    assert desk.change("default-contact", by="bob", user="dan", group="rcd") == "not-a-member"
    assert desk.change("default-contact", by="cid", user="cid", group="rcd") == "not-group-administrator"
    assert desk.change("default-contact", by="bob", user="cid", group="rcd") is None
    assert desk.change("leave-group", by="bob", user="cid", group="rcd") == "default-contact-needed"
    assert desk.change("appoint-group-administrator", by="bob", user="cid", group="rcd") is None
    assert desk.change("leave-group", by="cid", user="bob", group="rcd") is None
    assert desk.change("leave-group", by="cid", user="bob", group="rcd") == "not-a-member"
    assert desk.now.groups["rcd"].members == ("cid",)


def test_user_that_something_hangs_on_is_not_removed(desk: Desk) -> None:
    assert desk.change("remove-user", user="ann") == "last-administrator"
    assert desk.change("remove-user", user="bob") == "last-group-administrator"
    assert desk.change("remove-user", by="bob", user="cid") == "not-account-administrator"
    assert desk.change("remove-user", user="cid") is None
    assert desk.now.groups["rcd"].members == ("bob",)
    last = [row for row in desk.rows if isinstance(row, UserRow) and row.user_id == "cid"][-1]
    assert (last.removed, last.box) == (True, None)


def test_case_goes_to_the_default_group_whose_members_alone_see_it(desk: Desk) -> None:
    linked = AccountCaseTold(institution=OURS, case=CASE, linked=True, at=NOW, on=date(2026, 3, 2))
    desk(linked)
    assert [user for user in desk.now.users if desk.now.sees(user, CASE)] == ["bob", "cid"]
    assert desk.now.contact_of(CASE) == "bob"

    assert desk.change("create-group", user="dan", group="other") is None
    assert desk.change("hand-over-case", by="dan", group="other", case=CASE) == "not-of-the-group"
    assert desk.change("hand-over-case", by="cid", group="nowhere", case=CASE) == "group-unknown"
    assert desk.change("hand-over-case", by="cid", group="other", case="c" + "2" * 32) == "case-not-of-account"
    assert desk.change("hand-over-case", by="cid", group="other", case=CASE) is None
    assert [user for user in desk.now.users if desk.now.sees(user, CASE)] == ["dan"]

    desk(linked.model_copy(update={"linked": False}))
    assert not any(desk.now.sees(user, CASE) for user in desk.now.users)
    assert [row for row in desk.rows if isinstance(row, AccountCaseRow)][-1].linked is False


def test_account_chooses_the_default_group_of_its_cases(desk: Desk) -> None:
    assert desk.now.default_group == "rcd"
    assert desk.change("create-group", user="dan", group="other") is None
    assert desk.change("default-group", by="bob", group="other") == "not-account-administrator"
    assert desk.change("default-group", group="nowhere") == "group-unknown"
    assert desk.change("default-group", group="other") is None
    shown = {row.group_id: row.default_group for row in desk.rows if isinstance(row, GroupRow)}
    assert shown == {"rcd": False, "other": True}


def test_administrators_are_told_once_that_several_groups_wait_for_a_default(desk: Desk) -> None:
    second = desk(asked("create-group", user="dan", group="two"))
    assert [one.data for one in second.events][1:] == [DefaultGroupMissing(institution=OURS, group="rcd")]
    (mail,) = second.deliveries
    assert (mail.content["user"], mail.content["template"]) == ("ann", "default-group")
    third = desk(asked("create-group", user="cid", group="three"))
    assert (len(third.events), third.deliveries) == (1, ())


def test_account_that_chose_its_default_group_is_not_told_to(desk: Desk) -> None:
    desk(asked("default-group", group="rcd"))
    assert desk(asked("create-group", user="dan", group="two")).deliveries == ()


def asked(change: str, **said: str) -> ChangeAccount:
    return ChangeAccount.model_validate({"institution": OURS, "by": "ann", "change": change, **said})


def test_every_change_has_its_row_of_rules() -> None:
    assert set(_ROWS) == set(get_args(Change))
    assert Desk().change("hand-over-case", group="g", case=CASE) == "account-unknown"


NAMES, GROUPS = st.sampled_from(["ann", "bob", "cid", "eve"]), st.sampled_from(["rcd", "other"])
STEPS = st.one_of(
    st.tuples(st.just("tell"), NAMES, NAMES, GROUPS),
    st.tuples(st.sampled_from(get_args(Change)), NAMES, NAMES, GROUPS),
)


@given(st.lists(STEPS, max_size=25))
def test_whatever_is_asked_an_account_keeps_its_administrators_and_groups_their_contacts(
    steps: Sequence[tuple[str, str, str, str]],
) -> None:
    desk = Desk()
    desk.tell("ann")
    desk(AccountCaseTold(institution=OURS, case=CASE, linked=True, at=NOW, on=date(2026, 3, 2)))
    for what, by, user, group in steps:
        if what == "tell":
            desk.tell(user, by)
        else:
            desk.change(what, by, user=user, group=group, case=CASE)
        account = desk.now
        assert account.administrators
        assert set(account.administrators) <= set(account.users)
        for one in account.groups.values():
            assert one.administrators
            assert set(one.administrators) <= set(one.members) <= set(account.users)
            assert one.contact in one.members
        seeing = {user for user in account.users if account.sees(user, CASE)}
        handling = account.groups.get(account.cases[CASE])
        assert seeing == (set(handling.members) if handling else set())
