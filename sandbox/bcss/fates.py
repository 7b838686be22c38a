"""What happens to the next questions: on demand, or by rate.

``ok`` · a reason code of bcss-primaweb §1.5 · ``fault:CODE`` (a SOAP fault with that code) · ``silence`` ·
``silence-after`` (done, then silence) · ``cut`` · ``cut-after`` (done, then cut) · ``http:STATUS`` · ``garbage`` ·
``warning:CODE`` and ``information:CODE`` (done, and the classic channel says so).
"""

import re
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from random import Random

_KNOWN = re.compile(
    r"ok|silence(-after)?|cut(-after)?|garbage|http:[1-5]\d\d|fault:\S{1,40}|((warning|information):)?([A-Z]{3,5}\d{3,5}|\d{5,8})"
)


class UnknownFateError(ValueError):
    """A word that names nothing that could happen."""


def _checked(fates: Iterable[str]) -> None:
    for fate in fates:
        if not _KNOWN.fullmatch(fate):
            raise UnknownFateError(
                f"{fate}: ok, a reason code, fault:, warning: or information: and a code, silence,"
                " silence-after, cut, cut-after, garbage, http:STATUS"
            )


@dataclass(kw_only=True)
class Fates:
    """First what was ordered, then chance; ``latency`` in seconds before each answer."""

    ordered: deque[str] = field(default_factory=deque)
    rates: dict[str, float] = field(default_factory=dict)
    latency: float = 0.0
    chance: Random = field(default_factory=lambda: Random(1))

    def order(self, *fates: str) -> None:
        """What happens to the next questions, in order."""
        _checked(fates)
        self.ordered.extend(fates)

    def rate(self, rates: Mapping[str, float]) -> None:
        """How often what happens by chance, as shares of one."""
        _checked(rates)
        self.rates = {**self.rates, **rates}

    def next(self) -> str:
        """What happens to this one."""
        if self.ordered:
            return self.ordered.popleft()
        at = self.chance.random()
        for fate, rate in self.rates.items():
            if at < rate:
                return fate
            at -= rate
        return "ok"
