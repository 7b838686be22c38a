"""What administrators did, and what was denied them: an append-only chain of hashes.

An entry names things by kind and id (``letter 0123…``), never a person; its reason is what the administrator wrote.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal, NamedTuple, Protocol

from pydantic_core import to_json

from hub.application.chain import Verified, walked
from hub.domain.messaging.hash_chain import link

Outcome = Literal["done", "denied", "refused"]
"""done: it happened · denied: this administrator may not · refused: a rule forbids it now."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Deed:
    """One operation, for the audit."""

    who: str
    verb: str
    what: str
    outcome: Outcome = "done"
    reason: str = ""
    detail: Mapping[str, object] = field(default_factory=dict)

    def detail_json(self) -> str:
        """The detail as it is kept and hashed."""
        return to_json(dict(sorted(self.detail.items()))).decode()


class Entry(NamedTuple):
    """One link of the chain. ``detail`` is JSON; ``before`` and ``hash`` are SHA-256."""

    seq: int
    at: datetime
    who: str
    verb: str
    what: str
    outcome: str
    reason: str
    detail: str
    before: bytes
    hash: bytes


def hash_of(entry: Entry) -> bytes:
    """The hash that an entry should have."""
    at = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    fields = (entry.who, entry.verb, entry.what, entry.outcome, entry.reason, entry.detail)
    return link(entry.before, str(entry.seq), at, *fields)


class Audit(Protocol):
    """The chain."""

    async def note(self, deeds: Sequence[Deed]) -> None:
        """Append, in a transaction of its own: for what was denied or refused, and what changes no table."""

    def entries(self, *, after: int = 0) -> AsyncIterator[Entry]:
        """Every entry from the first one after ``after``, in order."""


async def verify(audit: Audit, *, known: tuple[int, str] | None = None) -> Verified:
    """Walk the audit's chain from its beginning and name the first broken entry."""
    return await walked(audit.entries(), hash_of, known=known)
