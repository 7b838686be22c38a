"""Amounts of claims in euro, exact: the sandbox adds them up on its own (fca-cpc §4.5)."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from random import Random

CENT = Decimal("0.01")
ZERO = Decimal("0.00")


@dataclass(frozen=True, kw_only=True, slots=True)
class Heads:
    """The heads of a claim. ``clause`` and ``administrative`` are None where only their sum is known."""

    principal: Decimal
    interest: Decimal
    clause: Decimal | None
    administrative: Decimal | None
    client_costs: Decimal
    bailiff_costs: Decimal

    @property
    def total(self) -> Decimal:
        """The sum of the heads."""
        return self.principal + self.interest + self.client_costs + self.bailiff_costs

    def attributes(self) -> dict[str, str]:
        """As the exchange contract's ``Amounts``: the split of the client costs, or else their sum."""
        known = {"principal": self.principal, "interest": self.interest, "bailiffCosts": self.bailiff_costs}
        if self.clause is None or self.administrative is None:
            known["clientCosts"] = self.client_costs
        else:
            known |= {"penaltyClause": self.clause, "administrative": self.administrative}
        return {name: f"{amount:.2f}" for name, amount in known.items()}

    def halves(self) -> tuple["Heads", "Heads"]:
        """Two lines of account that sum to these heads, to the cent."""
        first = Heads(
            principal=_half(self.principal),
            interest=_half(self.interest),
            clause=None if self.clause is None else _half(self.clause),
            administrative=None if self.administrative is None else _half(self.administrative),
            client_costs=_half(self.client_costs)
            if self.clause is None or self.administrative is None
            else _half(self.clause) + _half(self.administrative),
            bailiff_costs=_half(self.bailiff_costs),
        )
        return first, self.less(first)

    def less(self, other: "Heads") -> "Heads":
        """What is left without ``other``."""
        return Heads(
            principal=self.principal - other.principal,
            interest=self.interest - other.interest,
            clause=None if self.clause is None or other.clause is None else self.clause - other.clause,
            administrative=None
            if self.administrative is None or other.administrative is None
            else self.administrative - other.administrative,
            client_costs=self.client_costs - other.client_costs,
            bailiff_costs=self.bailiff_costs - other.bailiff_costs,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Totals:
    """What claims come to."""

    claims: int = 0
    principal: Decimal = ZERO
    interest: Decimal = ZERO
    client_costs: Decimal = ZERO
    bailiff_costs: Decimal = ZERO
    total: Decimal = ZERO

    @classmethod
    def of(cls, claims: Iterable[Heads]) -> "Totals":
        """Added up."""
        every = list(claims)
        return cls(
            claims=len(every),
            principal=sum((one.principal for one in every), ZERO),
            interest=sum((one.interest for one in every), ZERO),
            client_costs=sum((one.client_costs for one in every), ZERO),
            bailiff_costs=sum((one.bailiff_costs for one in every), ZERO),
            total=sum((one.total for one in every), ZERO),
        )

    @classmethod
    def sum(cls, every: Iterable["Totals"]) -> "Totals":
        """Totals of several offices, together."""
        found = list(every)
        return cls(
            claims=sum(one.claims for one in found),
            principal=sum((one.principal for one in found), ZERO),
            interest=sum((one.interest for one in found), ZERO),
            client_costs=sum((one.client_costs for one in found), ZERO),
            bailiff_costs=sum((one.bailiff_costs for one in found), ZERO),
            total=sum((one.total for one in found), ZERO),
        )


def some_heads(random: Random) -> Heads:
    """Amounts as they occur: a debt, some interest, costs of the client and of the bailiff."""
    split = random.random() < 0.7  # noqa: PLR2004 - most offices know the split
    clause, administrative = _cents(random, 0, 9_000), _cents(random, 0, 3_000)
    return Heads(
        principal=_cents(random, 2_000, 480_000),
        interest=_cents(random, 0, 40_000),
        clause=clause if split else None,
        administrative=administrative if split else None,
        client_costs=clause + administrative,
        bailiff_costs=_cents(random, 0, 35_000),
    )


def _cents(random: Random, least: int, most: int) -> Decimal:
    return Decimal(random.randint(least, most)) * CENT


def _half(amount: Decimal) -> Decimal:
    return (amount / 2).quantize(CENT, rounding="ROUND_DOWN")
