"""What every ``TopicCluster`` does, fake or real; and the fake."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import uuid4

import pytest

from hub.application.describe.provision import TopicCluster, TopicsRefusedError, apply, plan
from hub.domain.messaging.topic_plan import Allowances, TopicPlan, TopicSize
from hub.domain.messaging.topics import Topic, Topics

DAY = timedelta(days=1)


class FakeTopicCluster:
    """Topics in memory."""

    def __init__(self) -> None:
        self._topics: dict[str, TopicSize] = {}

    async def sizes(self) -> Mapping[str, TopicSize]:
        return dict(self._topics)

    async def create(self, topic: str, size: TopicSize) -> None:
        self._topics.setdefault(topic, size)

    async def widen(self, topic: str, partitions: int) -> None:
        self._topics[topic] = TopicSize(partitions=partitions, retention=self._topics[topic].retention)

    async def retain(self, topic: str, retention: timedelta | None) -> None:
        self._topics[topic] = TopicSize(partitions=self._topics[topic].partitions, retention=retention)


def topics_of(name: str, *, partitions: int = 2, retention: timedelta = 7 * DAY) -> Topics:
    topic = Topic(
        name=name,
        owner="claims",
        summary="A test.",
        partitions=partitions,
        retention=retention,
        types=(),
        publish=("hub",),
        subscribe=("hub",),
    )
    return Topics({name: topic})


def own(planned: TopicPlan, name: str) -> list[tuple[str, str]]:
    return [(change.kind, change.topic.replace(name, "T")) for change in planned.changes]


class TopicClusterContract:
    """The suite: subclasses give the fixture ``cluster``."""

    @pytest.fixture
    def name(self) -> str:
        """A topic nobody else uses; other topics may be there."""
        return f"t-{uuid4().hex}"

    async def test_plan_that_was_applied_leaves_nothing_to_do(self, cluster: TopicCluster, name: str) -> None:
        planned = await plan(topics_of(name), cluster, Allowances())
        assert own(planned, name) == [("create-topic", "T"), ("create-topic", "T-dlq")]

        await apply(planned, cluster)

        assert (await plan(topics_of(name), cluster, Allowances())).changes == ()
        assert (await cluster.sizes())[name] == TopicSize(partitions=2, retention=7 * DAY)

    async def test_same_plan_may_be_applied_twice(self, cluster: TopicCluster, name: str) -> None:
        planned = await plan(topics_of(name), cluster, Allowances())
        await apply(planned, cluster)
        await apply(planned, cluster)

        assert (await cluster.sizes())[name] == TopicSize(partitions=2, retention=7 * DAY)

    async def test_retention_is_changed(self, cluster: TopicCluster, name: str) -> None:
        await apply(await plan(topics_of(name), cluster, Allowances()), cluster)
        longer = topics_of(name, retention=30 * DAY)
        await apply(await plan(longer, cluster, Allowances()), cluster)
        assert (await cluster.sizes())[name].retention == 30 * DAY

        shorter = topics_of(name, retention=DAY)
        await apply(await plan(shorter, cluster, Allowances(shorter_retention=True)), cluster)
        assert (await cluster.sizes())[name + "-dlq"].retention == DAY

    async def test_partitions_are_added(self, cluster: TopicCluster, name: str) -> None:
        await apply(await plan(topics_of(name), cluster, Allowances()), cluster)
        wider = topics_of(name, partitions=3)
        planned = await plan(wider, cluster, Allowances(reordering=True))
        await apply(planned, cluster)
        await apply(planned, cluster)

        assert (await cluster.sizes())[name].partitions == 3
        assert (await plan(wider, cluster, Allowances())).changes == ()

    async def test_refused_change_stops_all_others(self, cluster: TopicCluster, name: str) -> None:
        await cluster.create(name, TopicSize(partitions=3, retention=7 * DAY))

        planned = await plan(topics_of(name), cluster, Allowances(shorter_retention=True, reordering=True))
        with pytest.raises(TopicsRefusedError, match=f"{name}: Kafka cannot take partitions away"):
            await apply(planned, cluster)

        assert name + "-dlq" not in await cluster.sizes()

    async def test_topic_kept_for_ever_is_seen_as_such(self, cluster: TopicCluster, name: str) -> None:
        await cluster.create(name, TopicSize(partitions=2, retention=None))

        assert (await cluster.sizes())[name] == TopicSize(partitions=2, retention=None)
        assert own(await plan(topics_of(name), cluster, Allowances()), name)[0] == ("shorten-retention", "T")

    async def test_topic_that_the_file_does_not_know_stays(self, cluster: TopicCluster, name: str) -> None:
        await cluster.create(f"{name}-other", TopicSize(partitions=1, retention=DAY))

        planned = await plan(topics_of(name), cluster, Allowances())
        await apply(planned, cluster)

        assert f"{name}-other" in planned.strangers
        assert f"{name}-other" in await cluster.sizes()
