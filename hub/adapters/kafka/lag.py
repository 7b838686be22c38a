"""How far consumer groups are behind their topics."""

import asyncio
from collections.abc import Mapping, Sequence

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import GroupCoordinatorNotAvailableError, KafkaError
from aiokafka.structs import OffsetAndMetadata

from hub.domain.messaging.errors import TransientError

_COORDINATOR = (0.1, 0.2, 0.4, 0.8, 1.6)
"""Seconds between looks for a group's coordinator."""


async def lag_of(bootstrap: str, groups: Mapping[str, Sequence[str]]) -> Sequence[Mapping[str, object]]:
    """Records each group has not committed yet, by topic; groups are given with their topics.

    Raises:
        TransientError: the broker does not answer.
    """
    rows = await places_of(bootstrap, groups)
    return [{name: row[name] for name in ("group", "topic", "lag")} for row in rows]


async def places_of(bootstrap: str, groups: Mapping[str, Sequence[str]]) -> Sequence[Mapping[str, object]]:
    """Where each group stands: its lag, and how many records the topic ever had (``end``).

    Raises:
        TransientError: the broker does not answer.
    """
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap)
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        await consumer.start()
        await admin.start()
        return [
            {"group": group, "topic": topic, **await _place(consumer, admin, group, topic)}
            for group, topics in groups.items()
            for topic in topics
        ]
    except (KafkaError, OSError) as error:
        raise TransientError(f"Kafka at {bootstrap} does not answer") from error
    finally:
        await consumer.stop()
        await admin.close()


async def _place(consumer: AIOKafkaConsumer, admin: AIOKafkaAdminClient, group: str, topic: str) -> Mapping[str, int]:
    places = [TopicPartition(topic, one) for one in await _partitions(admin, topic)]
    ends = await consumer.end_offsets(places)
    starts = await consumer.beginning_offsets(places)
    committed = await _committed(admin, group, places)
    done = {place: one.offset for place, one in committed.items() if one.offset >= 0}
    lag = sum(ends[place] - max(done.get(place, 0), starts[place]) for place in places)
    return {"lag": lag, "end": sum(ends.values())}


async def _committed(
    admin: AIOKafkaAdminClient, group: str, places: Sequence[TopicPartition]
) -> Mapping[TopicPartition, OffsetAndMetadata]:
    """What a group acknowledged. A new cluster has no coordinator for a moment: it makes its offsets topic first."""
    for wait in _COORDINATOR:
        try:
            return dict(await admin.list_consumer_group_offsets(group, partitions=places))
        except GroupCoordinatorNotAvailableError:
            await asyncio.sleep(wait)
    return dict(await admin.list_consumer_group_offsets(group, partitions=places))


async def _partitions(admin: AIOKafkaAdminClient, topic: str) -> list[int]:
    """Its partitions, as the broker says now; a consumer knows only those of topics it subscribed to."""
    (found,) = await admin.describe_topics([topic])
    return [one["partition"] for one in found["partitions"]]
