"""Places in a case: each row of rcd-justrestart §1.4, as the register records it and as institutions ask for it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import uuid5

from hypothesis import given
from hypothesis import strategies as st

from hub.domain.messaging.cloudevent import NAMESPACE, CloudEvent
from hub.domain.messaging.decision import Decision
from hub.domain.rcd.case import Case
from hub.domain.rcd.fold import fold
from schemas.event import Event
from schemas.mediation import CommandRefused
from schemas.rcd import RegisterActRecorded
from schemas.rcd_access import AskAccess, RcdAccessChanged, RegisterAccessRecorded, RegisterActPrepared

import pytest  # isort: skip

START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
CASE = "c" + "0" * 32
MEDIATOR, SELLER, BUYER, LAWYER = "mediator-1", "office-1", "office-2", "office-3"
PARTY, SECOND = "cred-1", "cred-9"


class Register:
    """A case, and what its acts and commands made."""

    def __init__(self) -> None:
        self.case: Case | None = None
        self.count = 0
        self.told: list[tuple[Event, tuple[str, ...]]] = []
        self.act("petition-filed")
        self.act("admitted", institution=MEDIATOR)

    def __call__(self, data: Event) -> Decision[Case]:
        self.count += 1
        at = START + timedelta(hours=self.count)
        event = CloudEvent(
            id=uuid5(NAMESPACE, str(self.count)),
            source="/connectors/justrestart/register",
            type=data.type,
            time=at,
            recordedtime=at,
            partitionkey=CASE,
            subject=None,
            correlationid=CASE,
            data=data,
        )
        decision = fold(self.case, event)
        self.case = decision.state
        self.told += [(one.data, one.feeds) for one in decision.events]
        return decision

    def act(self, name: str, **said: str) -> Decision[Case]:
        kind = RegisterActRecorded if name in {"petition-filed", "admitted", "invitation-accepted", "access-blocked",
                                               "claim-submitted"} else RegisterAccessRecorded  # fmt: skip
        at = START + timedelta(hours=self.count + 1)
        known = {"case": CASE, "act": name, "register_ref": f"r{self.count}", "occurred_at": at}
        return self(kind.model_validate({**known, **said}))

    def ask(self, wish: str, who: str, **said: str) -> Event:
        asked = {"case": CASE, "institution": who, "wish": wish, "party": PARTY, **said}
        decision = self(AskAccess.model_validate(asked))
        (answer,) = decision.events
        assert who in answer.feeds
        return answer.data

    @property
    def now(self) -> Case:
        assert self.case is not None
        return self.case

    def access(self) -> list[tuple[str, str, str]]:
        changes = [one for one, _ in self.told if isinstance(one, RcdAccessChanged)]
        return [(one.institution, one.party, one.access) for one in changes]


@pytest.fixture
def register() -> Register:
    found = Register()
    found.act("invited", party=PARTY, institution=SELLER)
    return found


def accepted(register: Register) -> None:
    register.act("invitation-accepted", party=PARTY, institution=SELLER)


def test_invitation_is_no_membership(register: Register) -> None:
    assert (register.now.invited, SELLER in register.now.institutions) == ({PARTY: (SELLER,)}, False)
    assert register.access() == [(SELLER, PARTY, "invited")]


def test_accepted_invitation_links_in_its_quality(register: Register) -> None:
    accepted(register)

    assert register.now.acts_for == {PARTY: (SELLER,)}
    assert register.now.invited == {PARTY: ()}
    assert register.access()[-1] == (SELLER, PARTY, "linked")
    assert next(feeds for data, feeds in register.told[::-1] if isinstance(data, RcdAccessChanged)) == (
        MEDIATOR,
        SELLER,
    )


def test_refused_invitation_links_nobody(register: Register) -> None:
    register.act("invitation-refused", party=PARTY, institution=SELLER)

    assert (register.now.acts_for, register.now.invited) == ({}, {PARTY: ()})
    assert register.access()[-1] == (SELLER, PARTY, "none")


@pytest.mark.parametrize("linked", [False, True])
def test_ceded_place_is_the_targets_and_one_sees_the_case_no_more(register: Register, *, linked: bool) -> None:
    if linked:
        accepted(register)
    register.act("invitation-ceded", party=PARTY, institution=SELLER, target=BUYER)

    assert register.now.acts_for == {PARTY: (BUYER,)}
    assert register.now.institutions == (MEDIATOR, BUYER)
    assert set(register.access()[-2:]) == {(SELLER, PARTY, "none"), (BUYER, PARTY, "linked")}


def test_ceded_place_leaves_another_place_of_the_same_institution(register: Register) -> None:
    accepted(register)
    register.act("invitation-accepted", party="cred-2", institution=SELLER)
    register.act("invitation-ceded", party=PARTY, institution=SELLER, target=BUYER)

    assert register.now.institutions == (MEDIATOR, SELLER, BUYER)


def test_mandate_shares_access(register: Register) -> None:
    accepted(register)
    register.act("mandate-granted", party=PARTY, institution=SELLER, target=LAWYER)

    assert register.now.acts_for == {PARTY: (SELLER, LAWYER)}
    assert register.now.institutions == (MEDIATOR, SELLER, LAWYER)


def test_sale_of_a_part_makes_a_second_party_whose_claim_is_saved_provisionally(register: Register) -> None:
    accepted(register)
    register.act("claim-submitted", party=PARTY)
    register.act("claim-sold-in-part", party=PARTY, institution=SELLER, target=BUYER, target_party=SECOND)

    assert register.now.acts_for == {PARTY: (SELLER,), SECOND: (BUYER,)}
    assert (register.now.claimed, register.now.saved) == ((PARTY,), (SECOND,))
    register.act("claim-submitted", party=SECOND)
    assert (register.now.claimed, register.now.saved) == ((PARTY, SECOND), ())


def test_claim_that_is_only_saved_is_no_claim(register: Register) -> None:
    register.act("claim-saved", party=PARTY)
    assert (register.now.saved, register.now.claimed) == ((PARTY,), ())
    register.act("claim-submitted", party=PARTY)
    register.act("claim-saved", party=PARTY)
    assert (register.now.saved, register.now.claimed) == ((), (PARTY,))


def test_access_that_the_greffe_blocked_is_gone_invitations_too(register: Register) -> None:
    register.act("invited", party="cred-2", institution=SELLER)
    accepted(register)
    register.act("access-blocked", institution=SELLER)

    assert register.now.institutions == (MEDIATOR,)
    assert set(register.access()[-2:]) == {(SELLER, PARTY, "none"), (SELLER, "cred-2", "none")}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("invitation-refused", {"institution": BUYER}),
        ("invitation-ceded", {"institution": BUYER, "target": LAWYER}),
        ("invitation-ceded", {"institution": SELLER}),
        ("invitation-ceded", {"institution": SELLER, "target": SELLER}),
        ("mandate-granted", {"institution": SELLER, "target": LAWYER}),
        ("claim-sold-in-part", {"institution": SELLER, "target": BUYER, "target_party": SECOND}),
    ],
)
def test_act_of_whoever_has_nothing_to_give_waits_for_what_it_needs(
    register: Register, name: str, said: dict[str, str]
) -> None:
    before = register.now.acts_for
    register.act(name, party=PARTY, **said)

    assert list(register.now.unplaced.values()) == ["access"]
    assert register.now.acts_for == before


def test_wish_that_the_case_allows_is_prepared_for_the_register_and_changes_nothing(register: Register) -> None:
    before = register.now
    prepared = register.ask("cede", SELLER, target=BUYER)

    assert isinstance(prepared, RegisterActPrepared)
    assert (prepared.act, prepared.institution, prepared.target) == ("invitation-ceded", SELLER, BUYER)
    assert register.told[-1][1] == (SELLER, "register")
    assert register.now == before


@pytest.mark.parametrize(
    ("wish", "who", "said", "rule"),
    [
        ("accept", BUYER, {}, "rcd-no-access"),
        ("mandate", SELLER, {"target": LAWYER}, "rcd-not-linked"),
        ("sell-in-part", SELLER, {"target": BUYER, "target_party": SECOND}, "rcd-not-linked"),
        ("cede", SELLER, {}, "rcd-target-missing"),
        ("cede", SELLER, {"target": SELLER}, "rcd-target-missing"),
    ],
)
def test_wish_that_the_case_does_not_allow_is_refused_to_who_asked(
    register: Register, wish: str, who: str, said: dict[str, str], rule: str
) -> None:
    refused = register.ask(wish, who, **said)

    assert isinstance(refused, CommandRefused)
    assert refused.rule == rule


@pytest.mark.parametrize(
    ("wish", "said", "rule"),
    [
        ("accept", {}, "rcd-not-invited"),
        ("refuse", {}, "rcd-not-invited"),
        ("mandate", {}, "rcd-target-missing"),
        ("sell-in-part", {"target": BUYER}, "rcd-second-claim-missing"),
        ("sell-in-part", {"target": BUYER, "target_party": PARTY}, "rcd-second-claim-missing"),
    ],
)
def test_wish_of_who_is_linked_already(register: Register, wish: str, said: dict[str, str], rule: str) -> None:
    accepted(register)
    refused = register.ask(wish, SELLER, **said)

    assert isinstance(refused, CommandRefused)
    assert refused.rule == rule


NAMES = (MEDIATOR, SELLER, BUYER, LAWYER)
STEPS = st.tuples(
    st.sampled_from(["invited", "invitation-accepted", "invitation-refused", "invitation-ceded", "mandate-granted",
                     "claim-sold-in-part", "access-blocked", "claim-submitted"]),
    st.sampled_from(NAMES), st.sampled_from(NAMES), st.sampled_from([PARTY, SECOND]),
)  # fmt: skip


@given(st.lists(STEPS, max_size=14))
def test_nobody_without_access_is_told_of_a_case_and_who_lost_it_is_told_that_alone(
    steps: Sequence[tuple[str, str, str, str]],
) -> None:
    register = Register()
    for name, who, target, party in steps:
        before = {one for ones in register.now.acts_for.values() for one in ones} | set(register.now.institutions)
        invited = {one for ones in register.now.invited.values() for one in ones}
        seen = len(register.told)
        second = SECOND if party == PARTY else PARTY
        register.act(name, party=party, institution=who, target=target, target_party=second)
        after = {one for ones in register.now.acts_for.values() for one in ones} | set(register.now.institutions)
        for data, feeds in register.told[seen:]:
            own = {data.institution} if isinstance(data, RcdAccessChanged) else set()
            assert set(feeds) <= after | {register.now.mediator} | own
            if isinstance(data, RcdAccessChanged) and data.access == "none":
                assert data.institution in before | invited
