"""How far consumer groups are behind their topics."""

from collections.abc import Mapping, Sequence

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from hub.domain.messaging.errors import TransientError


async def lag_of(bootstrap: str, groups: Mapping[str, Sequence[str]]) -> Sequence[Mapping[str, object]]:
    """Records each group has not committed yet, by topic; groups are given with their topics.

    Raises:
        TransientError: the broker does not answer.
    """
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap)
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        await consumer.start()
        await admin.start()
        return [
            {"group": group, "topic": topic, "lag": await _lag(consumer, admin, group, topic)}
            for group, topics in groups.items()
            for topic in topics
        ]
    except (KafkaError, OSError) as error:
        raise TransientError(f"Kafka at {bootstrap} does not answer") from error
    finally:
        await consumer.stop()
        await admin.close()


async def _lag(consumer: AIOKafkaConsumer, admin: AIOKafkaAdminClient, group: str, topic: str) -> int:
    partitions = consumer.partitions_for_topic(topic) or await _partitions(consumer, topic)
    places = [TopicPartition(topic, partition) for partition in partitions]
    ends = await consumer.end_offsets(places)
    starts = await consumer.beginning_offsets(places)
    committed = await admin.list_consumer_group_offsets(group, partitions=places)
    done = {place: one.offset for place, one in committed.items() if one.offset >= 0}
    return sum(ends[place] - max(done.get(place, 0), starts[place]) for place in places)


async def _partitions(consumer: AIOKafkaConsumer, topic: str) -> set[int]:
    await consumer.topics()  # refreshes the metadata
    return set(consumer.partitions_for_topic(topic) or ())
