"""« Montant déjà remboursé », manual and automatic: every scenario of bcss-primaweb §4.4, to the cent."""

from datetime import date
from decimal import Decimal

from hub.domain.debts.rules import DebtRules
from schemas.debt_commands import AddRefund, DeleteRefund, ModifyDebtFile, ModifyRefund, OpenDebtFile, OpenGeneralFile
from schemas.debts import AlreadyRepaidModeChanged
from tests.unit.domain.debts.desk import Desk, balance, kinds, rule_of
from tests.unit.domain.happenings import CPAS

DAY = date(2015, 6, 4)
"""Before the opening, as in the manual's sample."""


def refund(file: str, *, made: bool = True, amount: str = "200.00") -> AddRefund:
    return AddRefund(cpas=CPAS, file=file, on=DAY, amount=Decimal(amount), made=made)


def automatic(file: str) -> ModifyDebtFile:
    return ModifyDebtFile(cpas=CPAS, file=file, mode="automatic")


def switched() -> tuple[Desk, str, str]:
    desk = Desk()
    file = desk.file(repaid="500.00")
    desk(refund(file))
    name = desk.last
    desk(automatic(file))
    return desk, file, name


def test_file_created_with_500_typed_leaves_1500() -> None:
    desk = Desk()

    assert desk.amounts(desk.file(repaid="500.00")) == ("manual", "500.00", "1500.00")


def test_file_created_without_a_typed_amount_leaves_all_of_it() -> None:
    desk = Desk()

    assert desk.amounts(desk.file()) == ("manual", "0.00", "2000.00")


def test_refund_added_in_manual_has_no_effect() -> None:
    desk = Desk()
    file = desk.file(repaid="500.00")
    decision = desk(refund(file))

    assert desk.amounts(file) == ("manual", "500.00", "1500.00")
    assert kinds(decision) == ["RefundMade"]


def test_switching_to_automatic_replaces_500_by_the_200_of_the_refunds() -> None:
    desk = Desk()
    file = desk.file(repaid="500.00")
    desk(refund(file))
    decision = desk(automatic(file))

    assert desk.amounts(file) == ("automatic", "200.00", "1800.00")
    fact = decision.events[0].data
    assert isinstance(fact, AlreadyRepaidModeChanged)
    assert (fact.repaid_before, fact.repaid) == (Decimal("500.00"), Decimal("200.00"))
    assert balance(decision).remaining == Decimal("1800.00")


def test_deleting_the_only_refund_leaves_nothing_repaid_and_the_mode_automatic() -> None:
    desk, file, name = switched()
    decision = desk(DeleteRefund(cpas=CPAS, file=file, refund=name))

    assert desk.amounts(file) == ("automatic", "0.00", "2000.00")
    assert balance(decision).remaining == Decimal("2000.00")
    desk(ModifyDebtFile(cpas=CPAS, file=file, due=Decimal("2100.00")))
    assert desk.amounts(file) == ("automatic", "0.00", "2100.00")


def test_planned_refund_alone_counts_nothing_in_automatic() -> None:
    desk = Desk()
    file = desk.file(repaid="500.00")
    desk(refund(file, made=False))
    desk(automatic(file))

    assert desk.amounts(file) == ("automatic", "0.00", "2000.00")


def test_choosing_automatic_without_any_refund_is_refused() -> None:
    desk = Desk()
    file = desk.file(repaid="500.00")

    assert rule_of(desk(automatic(file))) == "automatic-needs-refund"
    assert desk.amounts(file) == ("manual", "500.00", "1500.00")


def test_new_file_cannot_be_automatic() -> None:
    desk = Desk()
    desk(OpenGeneralFile(cpas=CPAS))

    assert rule_of(desk(OpenDebtFile(cpas=CPAS, due=Decimal(2000), mode="automatic"))) == "automatic-needs-refund"
    assert desk.state is not None
    assert desk.state.files == {}


def test_back_to_manual_the_amount_must_be_typed_again() -> None:
    desk, file, _ = switched()

    assert rule_of(desk(ModifyDebtFile(cpas=CPAS, file=file, mode="manual"))) == "repaid-must-be-typed"
    desk(ModifyDebtFile(cpas=CPAS, file=file, mode="manual", repaid=Decimal("650.50")))
    assert desk.amounts(file) == ("manual", "650.50", "1349.50")


def test_amount_typed_in_automatic_is_refused() -> None:
    desk, file, _ = switched()

    assert rule_of(desk(ModifyDebtFile(cpas=CPAS, file=file, repaid=Decimal(1)))) == "repaid-is-computed"


def test_every_change_of_a_refund_recomputes_at_once_in_automatic() -> None:
    desk, file, name = switched()
    desk(refund(file, made=False, amount="49.99"))
    planned = desk.last
    assert desk.amounts(file) == ("automatic", "200.00", "1800.00")

    decision = desk(ModifyRefund(cpas=CPAS, file=file, refund=planned, made=True))
    assert desk.amounts(file) == ("automatic", "249.99", "1750.01")
    assert kinds(decision) == ["RefundMade", "DebtBalanceChanged"]
    decision = desk(ModifyRefund(cpas=CPAS, file=file, refund=name, amount=Decimal("200.01")))
    assert desk.amounts(file) == ("automatic", "250.00", "1750.00")
    assert kinds(decision) == ["RefundModified", "DebtBalanceChanged"]
    desk(ModifyRefund(cpas=CPAS, file=file, refund=name, made=False))
    assert desk.amounts(file) == ("automatic", "49.99", "1950.01")


def test_more_than_is_due_is_flagged_and_never_cut_off() -> None:
    desk = Desk()
    file = desk.file()
    decision = desk(ModifyDebtFile(cpas=CPAS, file=file, repaid=Decimal("2000.01")))

    assert desk.amounts(file) == ("manual", "2000.01", "-0.01")
    assert balance(decision).overpaid


def test_more_than_is_due_is_refused_where_that_is_set() -> None:
    desk = Desk(DebtRules(overpayment=False))
    file = desk.file()
    desk(refund(file, amount="2000.00"))

    assert rule_of(desk(refund(file, amount="0.01"))) == "overpaid"
    assert rule_of(desk(ModifyDebtFile(cpas=CPAS, file=file, due=Decimal("1999.99")))) == "overpaid"
    assert rule_of(desk(ModifyDebtFile(cpas=CPAS, file=file, repaid=Decimal("2000.01")))) == "overpaid"
    desk(refund(file, made=False, amount="500.00"))
    assert rule_of(desk(ModifyRefund(cpas=CPAS, file=file, refund=desk.last, made=True))) == "overpaid"


def test_refunds_that_no_amount_can_hold_are_refused_and_stop_nobody() -> None:
    desk = Desk()
    file = desk.file()
    desk(refund(file, amount="999999999999.99"))

    assert rule_of(desk(refund(file, amount="0.01"))) == "amount-too-large"
    desk(automatic(file))
    assert desk.amounts(file) == ("automatic", "999999999999.99", "-999999997999.99")


def test_planned_refunds_count_and_the_computed_amount_stays_where_that_is_set() -> None:
    desk = Desk(DebtRules(counts_planned=True, retype_manual=False))
    file = desk.file()
    desk(refund(file, made=False))
    desk(automatic(file))
    assert desk.amounts(file) == ("automatic", "200.00", "1800.00")

    desk(ModifyDebtFile(cpas=CPAS, file=file, mode="manual"))
    assert desk.amounts(file) == ("manual", "200.00", "1800.00")
