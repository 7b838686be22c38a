"""The walk along a chain of hashes, whatever its entries are about: the first that is broken, or missing, is named."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from hub.domain.messaging.hash_chain import GENESIS


class Link(Protocol):
    """An entry, as far as the chain knows it. ``before`` and ``hash`` are SHA-256."""

    @property
    def seq(self) -> int: ...
    @property
    def before(self) -> bytes: ...
    @property
    def hash(self) -> bytes: ...


_L = TypeVar("_L", bound=Link)


@dataclass(frozen=True, kw_only=True, slots=True)
class Verified:
    """What a walk along a chain found: how many entries hold, its head, and the first that is broken."""

    entries: int
    head: str
    broken: int | None = None
    why: str | None = None


async def walked(
    entries: AsyncIterator[_L], hash_of: Callable[[_L], bytes], *, known: tuple[int, str] | None = None
) -> Verified:
    """Walk a chain from its beginning and name the first broken entry.

    Args:
        entries: all of them, in order.
        hash_of: the hash that an entry should have.
        known: number and hash (hex) of an entry noted down elsewhere: a chain that was cut and written anew, or
            whose end is missing, does not lead to it.
    """
    before, count = GENESIS, 0
    met = known is None
    async for entry in entries:
        why = _fault(entry, hash_of(entry), before, count + 1)
        if why is None and known and entry.seq == known[0]:
            met = entry.hash.hex() == known[1].lower()
            why = None if met else "it is another entry than the one that was noted down"
        if why:
            return Verified(entries=count, head=before.hex(), broken=entry.seq, why=why)
        before, count = entry.hash, entry.seq
    if not met and known:
        return Verified(entries=count, head=before.hex(), broken=known[0], why="it is missing")
    return Verified(entries=count, head=before.hex())


def _fault(entry: Link, own: bytes, before: bytes, number: int) -> str | None:
    if entry.seq != number:
        return f"entry {number} is missing"
    if entry.before != before:
        return "it does not follow the entry before it"
    return None if entry.hash == own else "its text is not what was hashed"
