"""Whatever a CPAS asks in whatever order: the balance holds, numbers are used once, repeating changes nothing."""

from datetime import date
from decimal import Decimal
from typing import ClassVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from hub.domain.debts.fold import debts
from hub.domain.debts.rows import DebtFileRow, DebtStepRow
from hub.domain.debts.rules import DebtRules
from hub.domain.debts.state import GeneralFile
from hub.domain.messaging.cloudevent import CloudEvent
from schemas.debt_commands import (
    AddHouseholdMember,
    AddRefund,
    CloseDebtFile,
    DeleteRefund,
    ModifyDebtFile,
    ModifyRefund,
    OpenDebtFile,
    OpenGeneralFile,
    ReactivateDebtFile,
    RemoveHouseholdMember,
)
from schemas.debts import DebtBalanceChanged, DebtFileOpened
from schemas.event import Event
from schemas.mediation import CommandRefused
from schemas.persons import DebtFileStandingChanged
from tests.unit.domain.debts.desk import OPENED_AT
from tests.unit.domain.happenings import CPAS, DOSSIER, PERSON, Happenings

AMOUNTS = st.decimals(0, 3000, places=2)
MODES = st.sampled_from([None, "manual", "automatic"])
MEMBERS = st.sampled_from(["p" + str(one) * 32 for one in (1, 2, 3)])
AT = st.integers(0, 5)
DAY = date(2015, 6, 4)


class DebtFiles(RuleBasedStateMachine):
    rules_of_debts: ClassVar[DebtRules] = DebtRules()

    def __init__(self) -> None:
        super().__init__()
        self.fold = debts(self.rules_of_debts)
        self.happened = Happenings()
        self.state: GeneralFile | None = None
        self.history: list[CloudEvent] = []
        self.facts: list[Event] = []
        self.standing: dict[tuple[str, str], bool] = {}
        self.rows: dict[str, DebtFileRow] = {}

    def tell(self, data: Event, who: str = PERSON) -> None:
        event = self.happened(data, at=OPENED_AT, box="1.closed", subject=who, key=DOSSIER)
        before = self.state
        decision = self.fold(before, event)
        self.state = decision.state
        self.history.append(event)
        told = [one.data for one in decision.events]
        if any(isinstance(one, CommandRefused) for one in told):
            assert (decision.state, decision.rows, len(told)) == (before or GeneralFile(), (), 1)
        self.facts += told
        for emission in decision.events:
            if isinstance(emission.data, DebtFileStandingChanged):
                self.standing[str(emission.subject), emission.data.file] = emission.data.active
        for row in decision.rows:
            if isinstance(row, DebtFileRow):
                self.rows[row.file] = row
            assert not isinstance(row, DebtStepRow) or row.remaining == row.due - row.repaid

    @initialize()
    def general_file(self) -> None:
        self.tell(OpenGeneralFile(cpas=CPAS))

    def file(self, at: int) -> str:
        names = list(self.state.files) if self.state else []
        return names[at] if at < len(names) else "unknown"

    def refund(self, file: str, at: int) -> str:
        found = self.state.files.get(file) if self.state else None
        names = list(found.refunds) if found else []
        return names[at] if at < len(names) else "unknown"

    @rule(due=AMOUNTS, repaid=st.none() | AMOUNTS)
    def open(self, *, due: Decimal, repaid: Decimal | None) -> None:
        self.tell(OpenDebtFile(cpas=CPAS, due=due, repaid=repaid))

    @rule(at=AT, due=st.none() | AMOUNTS, repaid=st.none() | AMOUNTS, mode=MODES)
    def modify(self, *, at: int, due: Decimal | None, repaid: Decimal | None, mode: str | None) -> None:
        given = {"cpas": CPAS, "file": self.file(at), "due": due, "repaid": repaid, "mode": mode}
        self.tell(ModifyDebtFile.model_validate(given))

    @rule(at=AT, amount=AMOUNTS, made=st.booleans())
    def add(self, *, at: int, amount: Decimal, made: bool) -> None:
        self.tell(AddRefund(cpas=CPAS, file=self.file(at), on=DAY, amount=amount, made=made))

    @rule(at=AT, which=AT, amount=st.none() | AMOUNTS, made=st.none() | st.booleans())
    def change(self, *, at: int, which: int, amount: Decimal | None, made: bool | None) -> None:
        file = self.file(at)
        self.tell(ModifyRefund(cpas=CPAS, file=file, refund=self.refund(file, which), amount=amount, made=made))

    @rule(at=AT, which=AT)
    def delete(self, *, at: int, which: int) -> None:
        file = self.file(at)
        self.tell(DeleteRefund(cpas=CPAS, file=file, refund=self.refund(file, which)))

    @rule(at=AT)
    def close(self, *, at: int) -> None:
        self.tell(CloseDebtFile(cpas=CPAS, file=self.file(at)))

    @rule(at=AT)
    def reactivate(self, *, at: int) -> None:
        self.tell(ReactivateDebtFile(cpas=CPAS, file=self.file(at)))

    @rule(who=MEMBERS)
    def comes(self, *, who: str) -> None:
        self.tell(AddHouseholdMember(cpas=CPAS, dossier=DOSSIER), who)

    @rule(who=MEMBERS)
    def leaves(self, *, who: str) -> None:
        self.tell(RemoveHouseholdMember(cpas=CPAS, dossier=DOSSIER), who)

    @rule(at=st.integers(0, 50))
    def comes_again(self, *, at: int) -> None:
        """An opening or a refund delivered twice while it still stands changes nothing."""
        event = self.history[at % len(self.history)]
        known = self.state.files if self.state else {}
        stands = str(event.id) in known or any(str(event.id) in file.refunds for file in known.values() if file.active)
        if stands and isinstance(event.data, OpenDebtFile | AddRefund):
            decision = self.fold(self.state, event)
            assert (decision.state, decision.rows, decision.events) == (self.state, (), ())

    @invariant()
    def remaining_is_due_less_repaid(self) -> None:
        for fact in self.facts:
            if isinstance(fact, DebtBalanceChanged):
                assert fact.remaining == fact.due - fact.repaid
                assert fact.overpaid == (fact.remaining < 0)
        files = self.state.files if self.state else {}
        for name, file in files.items():
            assert file.remaining(self.rules_of_debts) == file.due - file.repaid(self.rules_of_debts)
            assert self.rows[name].remaining == file.remaining(self.rules_of_debts) * 100
            assert self.rows[name].closed_on == file.closed_on

    @invariant()
    def last_balance_that_was_told_is_how_the_file_stands(self) -> None:
        last = {fact.file: fact for fact in self.facts if isinstance(fact, DebtBalanceChanged)}
        files = self.state.files if self.state else {}
        for name, file in files.items():
            assert (last[name].due, last[name].repaid) == (file.due, file.repaid(self.rules_of_debts))

    @invariant()
    def refunds_never_exceed_what_is_due_where_that_is_refused(self) -> None:
        if not self.rules_of_debts.overpayment and self.state:
            assert all(file.excess(self.rules_of_debts) <= 0 for file in self.state.files.values())

    @invariant()
    def numbers_are_used_once(self) -> None:
        numbers = [fact.number for fact in self.facts if isinstance(fact, DebtFileOpened)]
        assert numbers == list(range(1, len(numbers) + 1))

    @invariant()
    def gate_knows_exactly_the_active_files_of_the_household(self) -> None:
        if self.state is None:
            return
        active = {name for name, file in self.state.files.items() if file.active}
        everyone = {PERSON, *self.state.cohabitants}
        told = {pair for pair, stands in self.standing.items() if stands}
        assert told == {(who, name) for who in everyone for name in active}

    def teardown(self) -> None:
        """The same history folded again ends in the same state."""
        state: GeneralFile | None = None
        for event in self.history:
            state = self.fold(state, event).state
        assert state == self.state


class DebtFilesThatRefuseOverpayment(DebtFiles):
    rules_of_debts: ClassVar[DebtRules] = DebtRules(overpayment=False)


class DebtFilesThatCountPlannedRefunds(DebtFiles):
    rules_of_debts: ClassVar[DebtRules] = DebtRules(counts_planned=True, retype_manual=False, edit_closed=True)


for machine in (DebtFiles, DebtFilesThatRefuseOverpayment, DebtFilesThatCountPlannedRefunds):
    machine.TestCase.settings = settings(max_examples=25, stateful_step_count=30, deadline=None)
TestDebtFiles = DebtFiles.TestCase
TestDebtFilesThatRefuseOverpayment = DebtFilesThatRefuseOverpayment.TestCase
TestDebtFilesThatCountPlannedRefunds = DebtFilesThatCountPlannedRefunds.TestCase
