"""What happens to the next questions: on demand, or by rate.

``ok`` · a reason code of bcss-primaweb §1.5 · ``fault:CODE`` (a SOAP fault with that code) · ``silence`` ·
``silence-after`` (done, then silence) · ``cut`` · ``cut-after`` (done, then cut) · ``http:STATUS`` · ``garbage``.
"""

from collections import deque
from dataclasses import dataclass, field
from random import Random


@dataclass(kw_only=True)
class Fates:
    """First what was ordered, then chance; ``latency`` in seconds before each answer."""

    ordered: deque[str] = field(default_factory=deque)
    rates: dict[str, float] = field(default_factory=dict)
    latency: float = 0.0
    chance: Random = field(default_factory=lambda: Random(1))

    def order(self, *fates: str) -> None:
        """What happens to the next questions, in order."""
        self.ordered.extend(fates)

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
