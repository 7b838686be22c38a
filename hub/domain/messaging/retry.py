"""How long to wait before trying again, as a pure value."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, kw_only=True, slots=True)
class Backoff:
    """Exponential waiting: ``first``, doubled each time, never above ``most``."""

    first: timedelta
    most: timedelta

    def wait(self, attempt: int) -> timedelta:
        """How long to wait after failed attempt number ``attempt`` (from 1)."""
        doublings = min(attempt - 1, 40)  # beyond it ``most`` has long won
        return min(self.most, self.first * float(1 << doublings))
