"""When too much fails, stop: a bad release must not empty a topic into its dead letters."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Ceiling:
    """Stops a consumer once ``failures`` dead letters came in a row of batches of which each lost ``share``."""

    failures: int
    share: float
    seen: int = 0

    def after(self, *, handled: int, failed: int) -> "Ceiling":
        """The ceiling after a batch: a batch below the share forgets what came before."""
        total = handled + failed
        bad = total > 0 and failed / total >= self.share
        seen = self.seen + failed if bad else 0
        return Ceiling(failures=self.failures, share=self.share, seen=seen)

    @property
    def reached(self) -> bool:
        """Whether the consumer must stop with an alert."""
        return self.seen >= self.failures
