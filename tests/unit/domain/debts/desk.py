"""The desk of a CPAS in tests: commands about one debtor, folded one after the other."""

from datetime import UTC, datetime
from uuid import uuid5

from hub.domain.debts.fold import debts
from hub.domain.debts.rules import DebtRules
from hub.domain.debts.state import DebtFile, GeneralFile
from hub.domain.messaging.cloudevent import NAMESPACE
from hub.domain.messaging.decision import Decision, Emission
from schemas.debt_commands import OpenDebtFile, OpenGeneralFile
from schemas.debts import DebtBalanceChanged
from schemas.event import Event
from schemas.mediation import CommandRefused
from schemas.persons import DebtFileStandingChanged
from tests.unit.domain.happenings import CPAS, DOSSIER, PERSON, Happenings

OPENED_AT = datetime(2015, 6, 5, 9, 0, tzinfo=UTC)
"""The day of the manual's sample (bcss-primaweb §2.2)."""


class Desk:
    def __init__(self, rules: DebtRules | None = None) -> None:
        self.rules = rules or DebtRules()
        self.fold, self.happened = debts(self.rules), Happenings()
        self.state: GeneralFile | None = None
        self.at = OPENED_AT
        self.emitted: list[Emission] = []

    def __call__(self, data: Event, *, subject: str = PERSON, key: str = DOSSIER) -> Decision[GeneralFile]:
        event = self.happened(data, at=self.at, box="1.closed", subject=subject, key=key)
        decision = self.fold(self.state, event)
        self.state = decision.state
        self.emitted += decision.events
        return decision

    def file(self, **given: object) -> str:
        """Open a debt file of 2000 euros, the general file before it; its name."""
        if self.state is None or self.state.opened_on is None:
            self(OpenGeneralFile(cpas=CPAS))
        self(OpenDebtFile.model_validate({"cpas": CPAS, "due": "2000.00", **given}))
        return self.last

    @property
    def last(self) -> str:
        """What the last command is the name of."""
        return str(uuid5(NAMESPACE, str(self.happened.count)))

    def of(self, name: str) -> DebtFile:
        assert self.state is not None
        return self.state.files[name]

    def amounts(self, name: str) -> tuple[str, str, str]:
        """Mode, « déjà remboursé », « restant », as the screen shows them."""
        file = self.of(name)
        return file.mode, str(file.repaid(self.rules)), str(file.remaining(self.rules))


def rule_of(decision: Decision[GeneralFile]) -> str:
    """The rule of a refusal, which changes nothing and is told to the CPAS alone."""
    (emission,) = decision.events
    assert isinstance(emission.data, CommandRefused)
    assert (emission.feeds, decision.rows) == ((emission.data.institution,), ())
    return emission.data.rule


def kinds(decision: Decision[GeneralFile]) -> list[str]:
    return [type(one.data).__name__ for one in decision.events]


def balance(decision: Decision[GeneralFile]) -> DebtBalanceChanged:
    (found,) = [one.data for one in decision.events if isinstance(one.data, DebtBalanceChanged)]
    return found


def standing(decision: Decision[GeneralFile]) -> list[tuple[str, DebtFileStandingChanged]]:
    """What the gate of each person is told."""
    return [(one.key, one.data) for one in decision.events if isinstance(one.data, DebtFileStandingChanged)]
