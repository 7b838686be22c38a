"""What the next decision about the debt files of a person at a CPAS needs."""

from datetime import date, datetime
from decimal import Decimal

from pydantic import Field

from hub.domain.debts.rules import DebtRules
from hub.domain.messaging.decision import State
from hub.domain.messaging.identity import Identity
from schemas.debt_commands import Mode

NOTHING = Decimal("0.00")


class Refund(State):
    """Money that came, or is to come."""

    on: date
    amount: Decimal
    made: bool = False


class DebtFile(State):
    """One debt. ``typed``: what was typed as already repaid, while that is known manually."""

    number: int
    opened_on: date
    due: Decimal
    typed: Decimal = NOTHING
    mode: Mode = "manual"
    closed_on: date | None = None
    refunds: dict[str, Refund] = Field(default_factory=dict)

    @property
    def active(self) -> bool:
        """*Actif*; else *Clôturé*."""
        return self.closed_on is None

    def repaid(self, rules: DebtRules) -> Decimal:
        """« Montant déjà remboursé »: typed, or the sum of the refunds made (A2, A4)."""
        if self.mode == "manual":
            return self.typed
        counted = (one.amount for one in self.refunds.values() if one.made or rules.counts_planned)
        return sum(counted, NOTHING)

    def remaining(self, rules: DebtRules) -> Decimal:
        """« Montant restant à percevoir »; negative when more came than was due."""
        return self.due - self.repaid(rules)

    def excess(self, rules: DebtRules) -> Decimal:
        """By how much the refunds made, or what counts as repaid, exceed what is due; not positive when they do not."""
        made = sum((one.amount for one in self.refunds.values() if one.made), NOTHING)
        return max(made, self.repaid(rules)) - self.due


class Member(State):
    """One of a household: relation as the list words it, and where she is sealed."""

    relation: str
    identity: Identity | None = None


class Composition(State):
    """A household as the register tells it, by pseudonym; it counts once ``whole``."""

    taken_at: datetime
    members: int
    noted: dict[str, Member] = Field(default_factory=dict)

    @property
    def whole(self) -> bool:
        """Whether every member was noted."""
        return len(self.noted) >= self.members


class GeneralFile(State):
    """One person at one CPAS and all her debt files. ``opened_on`` None: nobody opened a general file."""

    cpas: str = ""
    subject: str = ""
    person: Identity | None = None
    opened_on: date | None = None
    files: dict[str, DebtFile] = Field(default_factory=dict)
    household: dict[str, Member] = Field(default_factory=dict)
    """Who lives with her in fact, by pseudonym; she herself is the *bénéficiaire* and not in it."""
    official: Composition | None = None
    arriving: Composition | None = None
    """An official composition that is not whole yet."""

    @property
    def cohabitants(self) -> dict[str, Member]:
        """Everyone of either household but herself."""
        official = self.official.noted if self.official else {}
        return {who: one for who, one in {**official, **self.household}.items() if who != self.subject}

    def with_file(self, name: str, file: DebtFile) -> "GeneralFile":
        """The same with one debt file as it now is."""
        return self.model_copy(update={"files": {**self.files, name: file}})
