"""Bring the cluster to what topics.yaml says: plan, then apply what the plan allows, all of it or nothing."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Protocol

from hub.domain.messaging.errors import RefusalError
from hub.domain.messaging.topic_plan import Allowances, Change, TopicPlan, TopicSize, plan_topics
from hub.domain.messaging.topics import Topics


class TopicCluster(Protocol):
    """The topics of a cluster. Each change returns once the cluster shows it; a change already made is no error."""

    async def sizes(self) -> Mapping[str, TopicSize]:
        """Every topic that is not Kafka's own."""

    async def create(self, topic: str, size: TopicSize) -> None: ...
    async def widen(self, topic: str, partitions: int) -> None: ...
    async def retain(self, topic: str, retention: timedelta | None) -> None: ...


class TopicsRefusedError(RefusalError):
    """The plan holds changes that would lose data or order; nothing was changed."""

    def __init__(self, plan: TopicPlan) -> None:
        reasons = "; ".join(f"{change.topic}: {change.refusal}" for change in plan.refused)
        super().__init__("topics-refused", f"nothing was changed. {reasons}")
        self.plan = plan


async def plan(topics: Topics, cluster: TopicCluster, allowed: Allowances) -> TopicPlan:
    """The difference between the file and the cluster, as of now."""
    return plan_topics(topics, await cluster.sizes(), allowed)


async def apply(planned: TopicPlan, cluster: TopicCluster) -> None:
    """Make every change of a plan; a second time there is nothing to do.

    Raises:
        TopicsRefusedError: one of the changes is refused; none was made.
        TransientError: the cluster is away; what was done stays, and applying a new plan does the rest.
    """
    if planned.refused:
        raise TopicsRefusedError(planned)
    for change in planned.changes:
        await _make(change, cluster)


async def _make(change: Change, cluster: TopicCluster) -> None:
    match change.kind:
        case "create-topic":
            await cluster.create(change.topic, change.wanted)
        case "add-partitions":
            await cluster.widen(change.topic, change.wanted.partitions)
        case "lengthen-retention" | "shorten-retention":
            await cluster.retain(change.topic, change.wanted.retention)
        case "remove-partitions":
            raise AssertionError("always refused")
