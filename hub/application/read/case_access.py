"""The log of accesses to collective settlements (AR 11 Oct 2023, art. 4 §1): no log, no access.

Every field the article wants, in a chain of hashes, committed before anything is shown.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple, Protocol

from hub.domain.messaging.hash_chain import GENESIS, link

Action = Literal["CONSULT", "COMMUNICATE"]
Modality = Literal["API", "COMMAND"]


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseAccess:
    """Somebody wants to see a case. ``actor``: an institution, or whoever runs the command; ``what``: what of the case.

    ``authenticated``: how; ``assurance``: how surely, as the register's own levels are not known here.
    """

    case: str
    actor: str
    quality: str
    mandate_of: str | None
    modality: Modality
    action: Action
    what: str
    origin: str
    authenticated: str
    assurance: str


class AccessEntry(NamedTuple):
    """One link of the chain. ``role_number``, ``court``: as the register told them; '' when it did not."""

    seq: int
    at: datetime
    case_id: str
    role_number: str
    court: str
    actor: str
    quality: str
    mandate_of: str
    modality: str
    action: str
    what: str
    origin: str
    authenticated: str
    assurance: str
    before: bytes
    hash: bytes


def hash_of(entry: AccessEntry) -> bytes:
    """The hash that an entry should have."""
    at = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    return link(entry.before, str(entry.seq), at, *entry[2:-2])


class AccessLog(Protocol):
    """The chain."""

    async def note(self, access: CaseAccess) -> None:
        """Append, committed before anything is shown; raises when it cannot."""

    def entries(self, *, after: int = 0) -> AsyncIterator[AccessEntry]:
        """Every entry after a number, in order."""

    async def listed(self, case: str, *, before: int | None, limit: int) -> Sequence[Mapping[str, Any]]:
        """Of one case, the newest first."""


class Walked(NamedTuple):
    """What a walk along the chain found: entries that hold, and the first that is broken."""

    entries: int
    broken: int | None = None


async def walked(log: AccessLog) -> Walked:
    """Walk the chain from its beginning."""
    before, seq = GENESIS, 0
    async for entry in log.entries():
        seq += 1
        if entry.seq != seq or entry.before != before or entry.hash != hash_of(entry):
            return Walked(seq - 1, entry.seq)
        before = entry.hash
    return Walked(seq)
