"""The heads of a claim, in cents, as the contract's ``Amounts`` attributes give them (manual §3.3)."""

from collections.abc import Sequence
from typing import NamedTuple, Self

from hub.sdk import Element, MappingRefusedError, Problem


class Amounts(NamedTuple):
    """The five heads in cents. ``clause`` and ``administrative`` are None where only their sum is known."""

    principal: int
    interest: int
    client: int
    clause: int | None
    administrative: int | None
    bailiff: int

    @classmethod
    def of(cls, element: Element) -> Self:
        """The amounts of a valid ``Heads`` or ``Line``; refuses client costs given twice or by half."""
        get = element.get
        client, clause, administrative = get("clientCosts"), get("penaltyClause"), get("administrative")
        if client is not None and clause is None and administrative is None:
            parts: tuple[int, int | None, int | None] = (_cents(client), None, None)
        elif client is None and clause is not None and administrative is not None:
            clause_cents, administrative_cents = _cents(clause), _cents(administrative)
            parts = (clause_cents + administrative_cents, clause_cents, administrative_cents)
        else:
            raise MappingRefusedError((Problem(code="client-costs", element=element),))
        attribute = element.attrib
        return cls(
            _cents(attribute["principal"]), _cents(attribute["interest"]), *parts, _cents(attribute["bailiffCosts"])
        )

    @property
    def total(self) -> int:
        """The sum of the heads."""
        return self.principal + self.interest + self.client + self.bailiff

    def data(self) -> dict[str, str | None]:
        """The heads of the published language."""
        return {
            "principal": euro(self.principal),
            "interest": euro(self.interest),
            "client_costs": euro(self.client),
            "penalty_clause": None if self.clause is None else euro(self.clause),
            "administrative": None if self.administrative is None else euro(self.administrative),
            "bailiff_costs": euro(self.bailiff),
        }


def total_problems(claim: Element, heads: Amounts) -> list[Problem]:
    """The claim's total must be the sum of its heads, to the cent."""
    if _cents(claim.attrib["total"]) == heads.total:
        return []
    return [Problem(code="total-not-sum", element=claim, attribute="total")]


def line_problems(element: Element, heads: Amounts, lines: Sequence[Amounts]) -> list[Problem]:
    """The lines must sum to each head; to the split of client costs only where all sides know it."""
    if len(lines) == 1 and lines[0] == heads:
        return []
    return [
        Problem(code="lines-not-sum", element=element, limit=name)
        for name, head, column in zip(_NAMES, heads, zip(*lines, strict=True), strict=True)
        if head is not None and None not in column and sum(filter(None, column)) != head
    ]


_NAMES = ("principal", "interest", "clientCosts", "penaltyClause", "administrative", "bailiffCosts")


def euro(cents: int) -> str:
    """Cents as EUR with two decimals."""
    return f"{cents // 100}.{cents % 100:02d}"


def _cents(amount: str) -> int:
    """A valid amount, two decimals, as cents."""
    return int(amount.replace(".", ""))
