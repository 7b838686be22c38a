"""The idempotent producer: whole batches a partition, in order, acknowledged by all replicas."""

import asyncio
from collections.abc import Sequence
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from aiokafka.partitioner import DefaultPartitioner

from hub.application.envelope import kafka_headers
from hub.application.ports import OutboxRow
from hub.domain.messaging.errors import TransientError

_LARGEST_RECORD = 8 * 1024 * 1024
_BATCH_BYTES = 256 * 1024


class KafkaPublisher:
    """Sends outbox rows. Keys go where Kafka's own partitioner (murmur2) puts them."""

    def __init__(self, bootstrap: str) -> None:
        self._bootstrap = bootstrap
        self._producer: AIOKafkaProducer | None = None
        self._partitioner = DefaultPartitioner()
        self._partitions: dict[str, list[int]] = {}

    async def publish(self, rows: Sequence[OutboxRow]) -> None:
        """Send all rows, in order per partition; returns when every one is acknowledged.

        Raises:
            TransientError: the broker is away or refused; some rows may have arrived, send all again.
        """
        try:
            producer = await self._started()
            await asyncio.gather(*await self._sent(producer, rows))
        except (KafkaError, OSError, TimeoutError) as error:
            await self.close()  # a producer that failed may have a gap in its numbers: begin anew
            raise TransientError(f"the broker is away: {type(error).__name__}") from error

    async def _sent(self, producer: AIOKafkaProducer, rows: Sequence[OutboxRow]) -> list[asyncio.Future[Any]]:
        batches: dict[tuple[str, int], Any] = {}
        futures = []
        for row in rows:
            place = (row.topic, await self._partition(producer, row))
            arguments = {"key": row.key.encode(), "value": row.value, "timestamp": None}
            headers = kafka_headers(row.headers)
            batch = batches.get(place)
            if batch is None or batch.append(**arguments, headers=headers) is None:
                if batch is not None:
                    futures.append(await producer.send_batch(batch, place[0], partition=place[1]))
                batches[place] = batch = producer.create_batch()
                if batch.append(**arguments, headers=headers) is None:
                    raise TransientError(f"an event for {row.topic} is larger than a batch may be")
        for place, batch in batches.items():
            futures.append(await producer.send_batch(batch, place[0], partition=place[1]))
        return futures

    async def _partition(self, producer: AIOKafkaProducer, row: OutboxRow) -> int:
        known = self._partitions.get(row.topic)
        if known is None:
            known = self._partitions[row.topic] = sorted(await producer.partitions_for(row.topic))
        return int(self._partitioner(row.key.encode(), known, known))

    async def _started(self) -> AIOKafkaProducer:
        if self._producer is None:
            producer = AIOKafkaProducer(
                bootstrap_servers=self._bootstrap,
                enable_idempotence=True,
                acks="all",
                max_batch_size=_BATCH_BYTES,
                max_request_size=_LARGEST_RECORD,
                linger_ms=0,
                request_timeout_ms=20_000,
            )
            try:
                await producer.start()
            except BaseException:
                await producer.stop()
                raise
            self._producer = producer
        return self._producer

    async def close(self) -> None:
        """Let go of the broker; the next ``publish`` connects again."""
        producer, self._producer = self._producer, None
        self._partitions.clear()
        if producer is not None:
            try:
                await asyncio.wait_for(producer.stop(), 5)
            except (KafkaError, OSError, TimeoutError):
                return
