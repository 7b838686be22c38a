"""The log of accesses to collective settlements (AR 11 Oct 2023, art. 4 §1): no log, no access.

Every field the article wants, in a chain of hashes, committed before anything is shown.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple, Protocol

from hub.application.chain import Verified, walked
from hub.domain.messaging.hash_chain import link
from schemas.event import CaseData
from schemas.rcd_notices import AccessAction, AccessQuality

Modality = Literal["API", "FILE", "COMMAND"]


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseAccess:
    """Somebody looks at a case or edits it. ``actor``: an institution, or whoever runs the command.

    ``authenticated``: how; ``assurance``: how surely, as the register's own levels are not known here.
    """

    case: str
    actor: str
    quality: AccessQuality
    mandate_of: str | None
    modality: Modality
    action: AccessAction
    what: CaseData
    origin: str
    authenticated: str
    assurance: str


def by_institution(
    institution: str,
    case: str,
    *,
    quality: AccessQuality,
    what: CaseData,
    origin: str,
    action: AccessAction = "CONSULT",
) -> CaseAccess:
    """Over HTTP with an institution's key; ``origin`` '': a file in the institution's folder or mailbox."""
    return CaseAccess(
        case=case,
        actor=institution,
        quality=quality,
        mandate_of=None,
        modality="API" if origin else "FILE",
        action=action,
        what=what,
        origin=origin or "this machine",
        authenticated="institution-key" if origin else "folder",
        assurance="institution",
    )


def by_command(who: str, case: str, *, what: CaseData, action: AccessAction = "CONSULT") -> CaseAccess:
    """By whoever may run commands on this machine."""
    return CaseAccess(
        case=case,
        actor=who,
        quality="administrator",
        mandate_of=None,
        modality="COMMAND",
        action=action,
        what=what,
        origin="this machine",
        authenticated="operating-system",
        assurance="account",
    )


def by_administrator(who: str, case: str, *, what: CaseData) -> CaseAccess:
    """An edition by an administrator, who corrected what an institution sent."""
    return replace(
        by_command(who, case, what=what, action="EDIT"), origin="administration", authenticated="administrator"
    )


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

    async def note(self, accesses: Sequence[CaseAccess]) -> Sequence[int]:
        """Append, committed together before anything is shown; their numbers (``seq``). Raises when it cannot."""

    def entries(self, *, after: int = 0) -> AsyncIterator[AccessEntry]:
        """Every entry after a number, in order."""

    async def listed(self, case: str, *, before: int | None, limit: int) -> Sequence[Mapping[str, Any]]:
        """Of one case, the newest first."""


async def verify(log: AccessLog, *, known: tuple[int, str] | None = None) -> Verified:
    """Walk the log's chain from its beginning and name the first broken entry."""
    return await walked(log.entries(), hash_of, known=known)
