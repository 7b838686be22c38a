"""What a rehearsal says of a letter (dead-letters §13)."""

from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

SUCCEEDS = "would succeed"
SENT = "external effect already sent"
PASSED = "deadline passed"
CLOSED = "dossier closed"
ERASED = "subject erased"
APPLIED = "already applied"
INVALID = "schema invalid"
AGAIN = "fails again"
BARRED = "cannot be replayed now"

VERDICTS = (SUCCEEDS, SENT, PASSED, CLOSED, ERASED, APPLIED, INVALID, AGAIN, BARRED)
GOOD = frozenset({SUCCEEDS, SENT, PASSED, CLOSED})
"""What a job takes unless it is told to take everything: an effect that was sent is not sent again (ADR 0007), and
what a passed deadline or a closed dossier means is decided by the fold, as it is for live events.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What would become of a letter and of what waits behind it, were it replayed now.

    ``behind``: how many records wait behind it. ``releases``: how many of those that were looked at (500 at most)
    would be handled; ``next_fingerprint``: how the first of them that fails would fail.
    """

    letter: UUID
    verdict: str
    fingerprint: str | None = None
    reason: str | None = None
    behind: int = 0
    releases: int = 0
    next_fingerprint: str | None = None


class PlannedLetter(NamedTuple):
    """A letter as a plan found it."""

    letter: UUID
    group: str
    key: str
    fingerprint: str
    attempts: int
