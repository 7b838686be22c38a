"""The topics of a real Kafka, changed by the hub."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import uuid4

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from hub.adapters.kafka.provisioning import ClusterAwayError, KafkaTopicCluster, ProvisioningError, topic_cluster
from hub.adapters.localstack.running import RunningStack
from hub.domain.messaging.topic_plan import TopicSize
from tests.contract.topic_clusters import TopicClusterContract

pytestmark = pytest.mark.integration


class TestKafkaTopicCluster(TopicClusterContract):
    @pytest.fixture
    async def cluster(self, stack: RunningStack) -> AsyncIterator[KafkaTopicCluster]:
        async with topic_cluster(str(stack.addresses.kafka)) as cluster:
            yield cluster

    async def test_other_settings_of_a_topic_survive_a_change_of_retention(
        self, cluster: KafkaTopicCluster, stack: RunningStack, name: str
    ) -> None:
        await cluster.create(name, TopicSize(partitions=1, retention=timedelta(days=1)))
        admin = AIOKafkaAdminClient(bootstrap_servers=str(stack.addresses.kafka))
        await admin.start()
        settings = {"max.message.bytes": "2000000", "retention.ms": "86400000"}
        await admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, name, settings)])

        await cluster.retain(name, timedelta(days=2))

        (answer,) = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, name)])
        found = {key: value for key, value, *_ in answer.resources[0][4]}
        await admin.close()
        assert (found["max.message.bytes"], found["retention.ms"]) == ("2000000", "172800000")

    async def test_what_the_broker_refuses_is_told_in_its_words(self, cluster: KafkaTopicCluster) -> None:
        with pytest.raises(ProvisioningError, match=r"creating topic a b: .*Topic name is invalid"):
            await cluster.create("a b", TopicSize(partitions=1, retention=None))

    async def test_topic_that_is_not_there_cannot_be_changed(self, cluster: KafkaTopicCluster) -> None:
        with pytest.raises(ProvisioningError, match="adding partitions"):
            await cluster.widen(f"t-{uuid4().hex}", 3)


async def test_cluster_that_does_not_answer_is_named() -> None:
    with pytest.raises(ClusterAwayError, match=r"Kafka at 127\.0\.0\.1:1 does not answer") as away:
        async with topic_cluster("127.0.0.1:1"):
            pass

    assert away.value.retriable
