"""What must change in a Kafka cluster so that it is as topics.yaml says, and what must not change by itself.

Nothing here loses data or order unless somebody said so: fewer partitions and deletions are never done, a shorter
retention and more partitions only when allowed by name.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from hub.domain.messaging.topics import Topics

ChangeKind = Literal["create-topic", "add-partitions", "remove-partitions", "lengthen-retention", "shorten-retention"]


@dataclass(frozen=True, kw_only=True, slots=True)
class TopicSize:
    """How a topic is, or should be. ``retention`` None: kept for ever."""

    partitions: int
    retention: timedelta | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Allowances:
    """What the administrator accepts to lose this time."""

    shorter_retention: bool = False
    reordering: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One change of one topic. ``refusal`` says why it is not made and what to do; None: it will be made."""

    kind: ChangeKind
    topic: str
    now: TopicSize | None
    wanted: TopicSize
    refusal: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class TopicPlan:
    """The difference between the file and the cluster.

    ``strangers`` are topics of the cluster that the file does not know: told, never touched.
    """

    changes: tuple[Change, ...]
    strangers: tuple[str, ...]

    @property
    def refused(self) -> tuple[Change, ...]:
        """The changes that will not be made."""
        return tuple(change for change in self.changes if change.refusal)


def wanted_sizes(topics: Topics) -> dict[str, TopicSize]:
    """Every topic and, beside it, its dead-letter topic with the same partitions and retention."""
    sizes = {}
    for topic in topics.by_name.values():
        size = TopicSize(partitions=topic.partitions, retention=topic.retention)
        sizes[topic.name] = size
        sizes[topic.dlq] = size
    return sizes


def plan_topics(topics: Topics, cluster: Mapping[str, TopicSize], allowed: Allowances) -> TopicPlan:
    """Compare. ``cluster`` holds every topic of the cluster that is not Kafka's own."""
    wanted = wanted_sizes(topics)
    changes = (change for name, size in wanted.items() for change in _changes(name, cluster.get(name), size, allowed))
    return TopicPlan(changes=tuple(changes), strangers=tuple(sorted(set(cluster) - set(wanted))))


def _changes(name: str, now: TopicSize | None, wanted: TopicSize, allowed: Allowances) -> Iterator[Change]:
    if now is None:
        yield Change(kind="create-topic", topic=name, now=None, wanted=wanted)
        return
    if wanted.partitions > now.partitions:
        refusal = None if allowed.reordering else _reordering(now, wanted)
        yield Change(kind="add-partitions", topic=name, now=now, wanted=wanted, refusal=refusal)
    if wanted.partitions < now.partitions:
        refusal = _fewer(name, now, wanted)
        yield Change(kind="remove-partitions", topic=name, now=now, wanted=wanted, refusal=refusal)
    if wanted.retention != now.retention:
        yield _retention_change(name, now, wanted, allowed)


def _retention_change(name: str, now: TopicSize, wanted: TopicSize, allowed: Allowances) -> Change:
    if _longer(wanted.retention, now.retention):
        return Change(kind="lengthen-retention", topic=name, now=now, wanted=wanted)
    refusal = None if allowed.shorter_retention else _shorter(now, wanted)
    return Change(kind="shorten-retention", topic=name, now=now, wanted=wanted, refusal=refusal)


def _longer(one: timedelta | None, other: timedelta | None) -> bool:
    return other is not None and (one is None or one > other)


def _reordering(now: TopicSize, wanted: TopicSize) -> str:
    return (
        f"from {now.partitions} to {wanted.partitions} partitions, keys move to other partitions, so new events of a "
        "dossier can overtake its old ones; stop the publishers, let every group reach the end, then say "
        "--accept-reordering"
    )


def _fewer(name: str, now: TopicSize, wanted: TopicSize) -> str:
    return (
        f"Kafka cannot take partitions away without losing their records ({now.partitions} there, {wanted.partitions} "
        f"wanted); write {now.partitions} into topics.yaml, or move {name} to a new topic"
    )


def _shorter(now: TopicSize, wanted: TopicSize) -> str:
    return (
        f"records older than {told(wanted.retention)} would be deleted ({told(now.retention)} now); "
        "if nobody needs them, say --allow-shorter-retention"
    )


def told(retention: timedelta | None) -> str:
    """A retention as a reader says it: ``365d``, ``1d 12:00:00``, ``for ever``."""
    if retention is None:
        return "for ever"
    rest = retention - timedelta(days=retention.days)
    days = f"{retention.days}d" if retention.days else ""
    return " ".join(part for part in (days, str(rest) if rest else "") if part)
