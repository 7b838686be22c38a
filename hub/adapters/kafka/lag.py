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
    places = [TopicPartition(topic, one) for one in await _partitions(admin, topic)]
    ends = await consumer.end_offsets(places)
    starts = await consumer.beginning_offsets(places)
    committed = await admin.list_consumer_group_offsets(group, partitions=places)
    done = {place: one.offset for place, one in committed.items() if one.offset >= 0}
    return sum(ends[place] - max(done.get(place, 0), starts[place]) for place in places)


async def _partitions(admin: AIOKafkaAdminClient, topic: str) -> list[int]:
    """Its partitions, as the broker says now; a consumer knows only those of topics it subscribed to."""
    (found,) = await admin.describe_topics([topic])
    return [one["partition"] for one in found["partitions"]]
