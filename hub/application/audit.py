"""What administrators did, and what was denied them: an append-only chain of hashes.

An entry names things by kind and id (``letter 0123…``), never a person; its reason is what the administrator wrote.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal, NamedTuple, Protocol

from pydantic_core import to_json

from hub.domain.messaging.hash_chain import GENESIS, link

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


@dataclass(frozen=True, kw_only=True, slots=True)
class Verified:
    """What a walk along the chain found: how many entries hold, its head, and the first that is broken."""

    entries: int
    head: str
    broken: int | None = None
    why: str | None = None


async def verify(audit: Audit, *, known: tuple[int, str] | None = None) -> Verified:
    """Walk the chain from its beginning and name the first broken entry.

    Args:
        audit: the chain.
        known: number and hash (hex) of an entry noted down elsewhere: a chain that was cut and written anew, or
            whose end is missing, does not lead to it.
    """
    before, count = GENESIS, 0
    met = known is None
    async for entry in audit.entries():
        why = _fault(entry, before, count + 1)
        if why is None and known and entry.seq == known[0]:
            met = entry.hash.hex() == known[1].lower()
            why = None if met else "it is another entry than the one that was noted down"
        if why:
            return Verified(entries=count, head=before.hex(), broken=entry.seq, why=why)
        before, count = entry.hash, entry.seq
    if not met and known:
        return Verified(entries=count, head=before.hex(), broken=known[0], why="it is missing")
    return Verified(entries=count, head=before.hex())


def _fault(entry: Entry, before: bytes, number: int) -> str | None:
    if entry.seq != number:
        return f"entry {number} is missing"
    if entry.before != before:
        return "it does not follow the entry before it"
    return None if entry.hash == hash_of(entry) else "its text is not what was hashed"
