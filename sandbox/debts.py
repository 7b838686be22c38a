"""Debt files of a CPAS as it keeps them itself: its own sums, against which the hub is held (bcss-primaweb §4.4)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sandbox.people import Person

NOTHING = Decimal("0.00")


@dataclass(kw_only=True, slots=True)
class Debt:
    """One debt file. ``refunds``: amount and whether it was made, by id; ``file`` is learned from the receipt."""

    person: Person
    due: Decimal
    typed: Decimal = NOTHING
    automatic: bool = False
    closed: bool = False
    file: str = ""
    refunds: dict[str, tuple[Decimal, bool]] = field(default_factory=dict)

    @property
    def repaid(self) -> Decimal:
        """Typed, or the sum of the refunds that were made."""
        if not self.automatic:
            return self.typed
        return sum((amount for amount, made in self.refunds.values() if made), NOTHING)

    @property
    def shown(self) -> dict[str, Any]:
        """What the hub must show of it."""
        return {
            "due": f"{self.due:.2f}",
            "repaid": f"{self.repaid:.2f}",
            "remaining": f"{self.due - self.repaid:.2f}",
            "mode": "automatic" if self.automatic else "manual",
            "state": "closed" if self.closed else "active",
        }

    def agrees(self, found: Mapping[str, Any]) -> bool:
        """Whether the hub shows the same, to the cent."""
        return all(found.get(name) == value for name, value in self.shown.items())
