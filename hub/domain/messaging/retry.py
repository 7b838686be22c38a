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
        if attempt > 40:  # noqa: PLR2004 - beyond it the doubling overflows and ``most`` has long won
            return self.most
        return min(self.most, self.first * 2 ** (attempt - 1))
