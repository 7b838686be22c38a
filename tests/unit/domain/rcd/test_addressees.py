"""Who is told of which act in the overviews: each row of §3.4."""

import pytest

from hub.domain.rcd.addressees import ADDRESSEES, news
from hub.domain.rcd.case import Case, with_act
from hub.domain.rcd.recorded import RecordedAct
from hub.domain.rcd.table import TABLE
from tests.unit.domain.rcd.test_table import PARTY, act

MEDIATOR, CREDITOR, OTHER, BUYER = "mediator-1", "office-1", "office-2", "office-3"
CASE = "c" + "1" * 32


def linked() -> Case:
    """A mediator, a creditor's office, and another creditor's."""
    case = Case()
    for one in (
        act("petition-filed", -10),
        act("admitted", 0, institution=MEDIATOR),
        act("invitation-accepted", 1, institution=CREDITOR),
        act("invitation-accepted", 1, ref="other", institution=OTHER, party="cred-2"),
    ):
        case = with_act(case, one)
    return case


def readers(one: RecordedAct, case: Case | None = None) -> dict[str, tuple[str, bool]]:
    before = case or linked()
    told = news(before, with_act(before, one), CASE)
    return {item.institution: (item.kind, item.invitation) for item in told}


def test_decision_is_told_to_all_who_are_linked() -> None:
    told = readers(act("revoked", 5))
    assert told == dict.fromkeys((MEDIATOR, CREDITOR, OTHER), ("decision", False))


def test_claim_is_told_to_who_deposited_it_and_not_to_the_mediator() -> None:
    case = with_act(linked(), act("admissibility-notified", 2))
    assert readers(act("claim-submitted", 5), case) == {CREDITOR: ("claim", False)}


@pytest.mark.parametrize("name", ["claim-converted", "claim-saved", "reminder-received", "access-blocked"])
def test_paper_claim_draft_receipt_and_block_are_told_to_nobody(name: str) -> None:
    case = with_act(linked(), act("admissibility-notified", 2))
    assert readers(act(name, 5, institution=CREDITOR), case) == {}


def test_invitation_is_told_to_who_is_invited_and_its_answer_to_the_mediator() -> None:
    invited = act("invited", 5, institution=BUYER, party="cred-3")
    assert readers(invited) == {BUYER: ("invitation", True)}
    case = with_act(linked(), invited)
    accepted = act("invitation-accepted", 6, ref="yes", institution=BUYER, party="cred-3")
    assert readers(accepted, case) == {MEDIATOR: ("access", False)}
    refused = act("invitation-refused", 6, institution=BUYER, party="cred-3")
    assert readers(refused, case) == {MEDIATOR: ("access", False)}


@pytest.mark.parametrize("name", ["mandate-granted", "claim-sold-in-part"])
def test_place_that_is_given_is_an_invitation_to_who_gets_it(name: str) -> None:
    given = act(name, 5, institution=CREDITOR, target=BUYER, target_party="cred-9")
    assert readers(given) == {BUYER: ("invitation", True)}


def test_reminder_is_told_to_the_silent_creditor_and_an_objection_to_the_mediator() -> None:
    case = with_act(linked(), act("admissibility-notified", 2))
    assert readers(act("reminder-sent", 40), case) == {CREDITOR: ("reminder", False)}
    for one in (act("drafting-started", 41), act("plan-sent", 42)):
        case = with_act(case, one)
    assert readers(act("objection-raised", 43), case) == {MEDIATOR: ("plan", False)}


def test_act_that_waits_for_its_place_is_told_when_it_has_it() -> None:
    case = linked()
    early = act("plan-sent", 42)
    assert readers(early, case) == {}
    case = with_act(case, early)
    case = with_act(case, act("admissibility-notified", 2))
    told = news(case, with_act(case, act("drafting-started", 41)), CASE)
    assert {(item.institution, item.kind) for item in told} == {(one, "plan") for one in (MEDIATOR, CREDITOR, OTHER)}


def test_every_row_is_of_an_act_of_the_table() -> None:
    assert set(ADDRESSEES) <= set(TABLE)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("hearing-fixed", "hearing"),
        ("mediator-replaced", "mediator"),
        ("annual-report-filed", "report"),
        ("plan-homologated", "plan"),
        ("closed", "end"),
    ],
)
def test_what_concerns_the_whole_case_is_for_all(name: str, kind: str) -> None:
    assert ADDRESSEES[name] == (kind, "all")


def test_party_stands_for_her_own_office_alone() -> None:
    assert PARTY == "cred-1"
    assert ADDRESSEES["confirmation-asked"].audience == "party"
