"""General files, debt files, closing, households, and what the gate is told of them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from hub.domain.debts.rules import DebtRules
from hub.domain.messaging.cloudevent import dossier_of
from hub.domain.messaging.errors import RuleError
from schemas.debt_commands import (
    AddHouseholdMember,
    AddRefund,
    CloseDebtFile,
    DeleteRefund,
    ModifyDebtFile,
    ModifyGeneralFile,
    ModifyRefund,
    NoteOfficialMember,
    OpenDebtFile,
    OpenGeneralFile,
    ReactivateDebtFile,
    RemoveHouseholdMember,
)
from schemas.debts import DebtFileReactivated
from schemas.persons import IntegrationRequested
from tests.unit.domain.debts.desk import Desk, kinds, rule_of, standing
from tests.unit.domain.happenings import CPAS, DOSSIER

SPOUSE, CHILD = "p" + "2" * 32, "p" + "3" * 32
HERS = dossier_of(SPOUSE, CPAS)
IBAN = "BE68539007547034"


def member(who: str, *, relation: str = "cohabitant") -> AddHouseholdMember:
    assert who
    return AddHouseholdMember.model_validate({"cpas": CPAS, "dossier": DOSSIER, "relation": relation})


def official(day: int, members: int, role: str = "02") -> NoteOfficialMember:
    taken = datetime(2015, 6, day, tzinfo=UTC)
    return NoteOfficialMember(cpas=CPAS, dossier=DOSSIER, taken_at=taken, members=members, role=role)


def test_new_file_tells_the_gate_that_it_is_new() -> None:
    desk = Desk()
    desk(OpenGeneralFile(cpas=CPAS))
    decision = desk(OpenDebtFile(cpas=CPAS, due=Decimal("2000.00")))

    assert kinds(decision) == ["DebtFileOpened", "DebtBalanceChanged", "DebtFileStandingChanged"]
    ((key, told),) = standing(decision)
    assert (key, told.role, told.active, told.created, told.file) == (DOSSIER, "debtor", True, True, desk.last)
    emission = decision.events[-1]
    assert (emission.feeds, emission.personal is not None) == ((), True)
    assert desk.of(desk.last).opened_on == date(2015, 6, 5)


def test_files_are_numbered_for_ever_and_several_are_active_together() -> None:
    desk = Desk()
    first = desk.file()
    desk(CloseDebtFile(cpas=CPAS, file=first))
    second, third = desk.file(), desk.file()

    assert [desk.of(one).number for one in (first, second, third)] == [1, 2, 3]
    assert [desk.of(one).active for one in (first, second, third)] == [False, True, True]


def test_file_is_closed_today_with_all_of_it_still_due_and_keeps_its_closing_date_in_what_is_told() -> None:
    desk = Desk()
    file = desk.file()
    closed = desk(CloseDebtFile(cpas=CPAS, file=file))
    assert desk.of(file).closed_on == date(2015, 6, 5)
    assert [(one.active, one.created) for _, one in standing(closed)] == [(False, False)]

    again = desk(ReactivateDebtFile(cpas=CPAS, file=file))
    assert desk.of(file).closed_on is None
    fact = again.events[0].data
    assert isinstance(fact, DebtFileReactivated)
    assert fact.closed_on_before == date(2015, 6, 5)
    assert [(one.active, one.created) for _, one in standing(again)] == [(True, False)]


def test_nothing_of_a_closed_file_can_be_changed() -> None:
    desk = Desk()
    file = desk.file()
    desk(AddRefund(cpas=CPAS, file=file, on=date(2015, 6, 4), amount=Decimal(1)))
    refund = desk.last
    desk(CloseDebtFile(cpas=CPAS, file=file))

    for command in (
        ModifyDebtFile(cpas=CPAS, file=file, due=Decimal(1)),
        AddRefund(cpas=CPAS, file=file, on=date(2015, 6, 4), amount=Decimal(1)),
        ModifyRefund(cpas=CPAS, file=file, refund=refund, made=True),
        DeleteRefund(cpas=CPAS, file=file, refund=refund),
        CloseDebtFile(cpas=CPAS, file=file),
    ):
        assert rule_of(desk(command)) == "debt-file-closed"


def test_what_may_not_be_done_is_refused_with_its_rule() -> None:
    desk = Desk()
    assert rule_of(desk(OpenDebtFile(cpas=CPAS, due=Decimal(1)))) == "general-file-unknown"
    file = desk.file()
    before = desk.state
    asked = {
        "general-file-exists": OpenGeneralFile(cpas=CPAS),
        "general-file-unknown": AddHouseholdMember(cpas="cpas-2", dossier=DOSSIER),
        "debt-file-unknown": CloseDebtFile(cpas=CPAS, file="other"),
        "debt-file-active": ReactivateDebtFile(cpas=CPAS, file=file),
        "closed-before-opened": CloseDebtFile(cpas=CPAS, file=file, closed_on=date(2015, 6, 4)),
        "refund-unknown": DeleteRefund(cpas=CPAS, file=file, refund="other"),
        "description-required": OpenDebtFile(cpas=CPAS, due=Decimal(1), niss="told"),
        "iban-checksum": ModifyDebtFile(cpas=CPAS, file=file, description="x", iban="BE69539007547034"),
    }

    assert {rule: rule_of(desk(command)) for rule, command in asked.items()} == {rule: rule for rule in asked}
    assert desk.state == before


def test_closed_files_can_be_changed_and_closed_early_where_that_is_set() -> None:
    desk = Desk(DebtRules(edit_closed=True, close_before_opening=True))
    file = desk.file()
    desk(CloseDebtFile(cpas=CPAS, file=file, closed_on=date(2015, 1, 1)))

    assert kinds(desk(ModifyDebtFile(cpas=CPAS, file=file, due=Decimal(1)))) == [
        "DebtFileModified",
        "DebtBalanceChanged",
    ]


def test_change_that_changes_nothing_tells_nothing() -> None:
    desk = Desk()
    file = desk.file()
    assert desk(ModifyDebtFile(cpas=CPAS, file=file, due=Decimal("2000.00"))).events == ()
    assert desk(ModifyGeneralFile(cpas=CPAS)).events == ()
    decision = desk(ModifyDebtFile(cpas=CPAS, file=file, description="loyer", iban=IBAN))
    assert kinds(decision) == ["DebtFileModified"]


def test_member_of_the_household_is_told_to_her_own_gate_as_files_come_and_go() -> None:
    desk = Desk()
    file = desk.file()
    added = desk(member(SPOUSE), subject=SPOUSE)
    assert kinds(added) == ["HouseholdMemberAdded", "DebtFileStandingChanged"]
    ((key, told),) = standing(added)
    assert (key, told.dossier, told.role, told.active, told.created) == (HERS, HERS, "household", True, False)
    assert added.events[-1].subject == SPOUSE

    closed = desk(CloseDebtFile(cpas=CPAS, file=file))
    assert [(one, told.active) for one, told in standing(closed)] == [(DOSSIER, False), (HERS, False)]
    gone = desk(RemoveHouseholdMember(cpas=CPAS, dossier=DOSSIER), subject=SPOUSE)
    assert standing(gone) == []
    again = desk(ReactivateDebtFile(cpas=CPAS, file=file))
    assert [one for one, _ in standing(again)] == [DOSSIER]


def test_debtor_is_the_one_beneficiary_and_stays() -> None:
    desk = Desk()
    desk.file()

    assert rule_of(desk(member(SPOUSE, relation="beneficiary"), subject=SPOUSE)) == "one-beneficiary"
    assert rule_of(desk(RemoveHouseholdMember(cpas=CPAS, dossier=DOSSIER))) == "one-beneficiary"
    assert rule_of(desk(RemoveHouseholdMember(cpas=CPAS, dossier=DOSSIER), subject=SPOUSE)) == "member-unknown"
    desk(member(SPOUSE), subject=SPOUSE)
    assert rule_of(desk(member(SPOUSE), subject=SPOUSE)) == "member-exists"


def test_official_household_counts_when_it_is_whole_and_leaves_the_other_alone() -> None:
    desk = Desk()
    desk.file()
    desk(member(CHILD), subject=CHILD)
    assert desk(official(1, 2, "01")).events == ()
    whole = desk(official(1, 2), subject=SPOUSE)

    assert kinds(whole) == ["OfficialHouseholdRefreshed", "DebtFileStandingChanged"]
    assert [key for key, _ in standing(whole)] == [HERS]
    assert desk.state is not None
    assert set(desk.state.household) == {CHILD}
    alone = desk(official(2, 1, "01"))
    assert [(key, told.active) for key, told in standing(alone)] == [(HERS, False)]
    assert set(desk.state.household) == {CHILD}
    assert rule_of(desk(official(1, 2), subject=SPOUSE)) == "composition-superseded"
    desk(official(3, 2))
    assert rule_of(desk(official(3, 3), subject=SPOUSE)) == "composition-differs"


def test_who_is_in_both_households_leaves_neither_by_leaving_one() -> None:
    desk = Desk()
    desk.file()
    desk(member(SPOUSE), subject=SPOUSE)
    assert standing(desk(official(1, 1), subject=SPOUSE)) == []

    assert standing(desk(RemoveHouseholdMember(cpas=CPAS, dossier=DOSSIER), subject=SPOUSE)) == []


def test_event_of_somebody_else_is_an_error() -> None:
    fact = IntegrationRequested.model_validate(
        {
            "dossier": DOSSIER,
            "cpas": CPAS,
            "integration": "i",
            "code": 31,
            "begin": "2015-06-05",
            "end": "2015-07-04",
            "origin": "command",
        }
    )
    with pytest.raises(RuleError) as caught:
        Desk()(fact)
    assert caught.value.rule == "event-not-handled"
