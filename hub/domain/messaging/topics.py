"""Topics as data: who owns them, what they carry, who may publish and subscribe."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from zlib import crc32

DLQ_SUFFIX = "-dlq"

INSTITUTION_KINDS = ("fca", "office", "cpas", "register", "bcss")
"""Kinds of institutions: the Chamber with its FCA and CIA, a bailiff office, a CPAS, the register of the RCD, the
Crossroads Bank."""

HUB = "hub"
"""The hub's own processes, where a topic is granted."""

GRANTEES = (*INSTITUTION_KINDS, HUB)
"""Who a topic may be granted to: a kind of institution, or the hub's own processes."""
SHARDS = 16
"""Parts of the outbox; one relay at a time sends a part, so order per key holds with any number of relays."""


def shard_of(key: str) -> int:
    """The part of the outbox a key belongs to."""
    return crc32(key.encode()) % SHARDS


@dataclass(frozen=True, kw_only=True, slots=True)
class Topic:
    """One topic. ``publish`` and ``subscribe`` name institution kinds (``cpas``) or parts of the hub (``hub``)."""

    name: str
    owner: str
    summary: str
    partitions: int
    retention: timedelta
    types: tuple[str, ...]
    publish: tuple[str, ...]
    subscribe: tuple[str, ...]

    @property
    def dlq(self) -> str:
        """Where its dead letters are published too, for anyone's Kafka tools."""
        return self.name + DLQ_SUFFIX


@dataclass(frozen=True, slots=True)
class Topics:
    """All topics of the hub."""

    by_name: Mapping[str, Topic]
    by_type: Mapping[str, Topic] = field(init=False)

    def __post_init__(self) -> None:
        """Index the topics by the event types they carry; each type has one topic."""
        by_type = {kind: topic for topic in self.by_name.values() for kind in topic.types}
        object.__setattr__(self, "by_type", by_type)

    def of_types(self, types: frozenset[str]) -> tuple[str, ...]:
        """Names of the topics that carry any of these types, sorted."""
        return tuple(sorted({self.by_type[kind].name for kind in types}))
