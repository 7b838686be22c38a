"""Records of topics as they come, read beside every group: no group, no offsets, nothing moved."""

from collections.abc import AsyncIterator, Sequence

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError

from hub.adapters.kafka.records import record_of
from hub.application.ports import Record
from hub.domain.messaging.errors import TransientError


async def tail(bootstrap: str, topics: Sequence[str], *, beginning: bool, follow: bool) -> AsyncIterator[Record]:
    """Records from the beginning or from now on; ends at the present end unless it follows.

    Raises:
        TransientError: the broker does not answer.
    """
    consumer = AIOKafkaConsumer(
        *topics, bootstrap_servers=bootstrap, auto_offset_reset="earliest" if beginning else "latest"
    )
    try:
        await consumer.start()
        ends = await consumer.end_offsets(consumer.assignment())
        while follow or any([await consumer.position(place) < end for place, end in ends.items()]):
            found = await consumer.getmany(timeout_ms=200, max_records=500)
            for records in found.values():
                for one in records:
                    yield record_of(one)
    except (KafkaError, OSError) as error:
        raise TransientError(f"Kafka at {bootstrap} does not answer") from error
    finally:
        await consumer.stop()
