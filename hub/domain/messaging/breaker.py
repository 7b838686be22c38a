"""When a partner is away, stop asking for a while: a breaker as a pure value."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta


@dataclass(frozen=True, kw_only=True, slots=True)
class Breaker:
    """Opens after ``failures`` in a row, for ``pause``; then one trial at a time decides whether it closes."""

    failures: int
    pause: timedelta
    seen: int = 0
    again_at: datetime | None = None
    """Until then nothing is sent; None: closed."""
    trying: bool = False

    @property
    def closed(self) -> bool:
        """Whether the partner is asked freely."""
        return self.again_at is None

    def allows(self, now: datetime) -> bool:
        """Whether one more may be sent now."""
        return self.again_at is None or (now >= self.again_at and not self.trying)

    def started(self) -> "Breaker":
        """After something was let through: while it is open, that is the trial."""
        return self if self.closed else replace(self, trying=True)

    def succeeded(self) -> "Breaker":
        """The partner answered (a refusal is an answer too): closed, all forgotten."""
        return self if self.closed and not self.seen else Breaker(failures=self.failures, pause=self.pause)

    def failed(self, now: datetime) -> "Breaker":
        """The partner was away."""
        seen = self.seen + 1
        again_at = now + self.pause if seen >= self.failures else None
        return replace(self, seen=seen, again_at=again_at, trying=False)

    def withdrawn(self) -> "Breaker":
        """What was let through ended without an answer of the partner: another may try."""
        return replace(self, trying=False)
