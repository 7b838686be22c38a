"""A window of a topic, read without a group: nobody's offsets move."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from hub.adapters.kafka.records import record_of
from hub.application.dead_letters.window import Window
from hub.application.ports import Record
from hub.domain.messaging.errors import TransientError


class KafkaWindows:
    """The port ``WindowReader``: partition after partition, each in its order."""

    def __init__(self, bootstrap: str, *, batch: int = 1000) -> None:
        self._bootstrap, self._batch = bootstrap, batch

    async def records(self, window: Window) -> AsyncIterator[Sequence[Record]]:
        """Records from ``since`` until before ``until``.

        Raises:
            TransientError: the broker does not answer.
        """
        consumer = AIOKafkaConsumer(window.topic, bootstrap_servers=self._bootstrap, group_id=None)
        try:
            await consumer.start()
            places = sorted(consumer.assignment())
            begins, ends = await self._bounds(consumer, places, window)
            for place in places:
                consumer.pause(*[other for other in places if other != place])
                consumer.resume(place)
                async for records in self._of(consumer, place, begins[place], ends[place]):
                    yield records
        except (KafkaError, OSError) as error:
            raise TransientError(f"Kafka at {self._bootstrap} does not answer") from error
        finally:
            await consumer.stop()

    @staticmethod
    async def _bounds(
        consumer: AIOKafkaConsumer, places: Sequence[TopicPartition], window: Window
    ) -> tuple[dict[TopicPartition, int], dict[TopicPartition, int]]:
        ends = await consumer.end_offsets(places)
        found = []
        for moment in (window.since, window.until):
            offsets = await consumer.offsets_for_times(dict.fromkeys(places, _ms(moment)))
            found.append({place: one.offset if (one := offsets.get(place)) else ends[place] for place in places})
        return found[0], found[1]

    async def _of(
        self, consumer: AIOKafkaConsumer, place: TopicPartition, begin: int, end: int
    ) -> AsyncIterator[Sequence[Record]]:
        """One partition's part."""
        if begin >= end:
            return
        consumer.seek(place, begin)
        while await consumer.position(place) < end:
            found = await consumer.getmany(place, timeout_ms=500, max_records=self._batch)
            records = [record_of(one) for one in found.get(place, []) if one.offset < end]
            if records:
                yield records


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
