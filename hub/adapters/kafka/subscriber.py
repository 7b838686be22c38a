"""FastStream batch subscribers: a group's records in batches, acknowledged only after the handler returned.

Policy ``NACK_ON_ERROR``: the others lose a batch whose handler raises. The handler must wait before it raises, or
the redelivery is a hot loop. Our own parser replaces FastStream's, which decodes the first record's headers and
raises on bytes that are no text; unreadable bytes are the application's to judge.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from aiokafka import ConsumerRecord
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.kafka.message import KafkaAckableMessage

from hub.adapters.kafka.records import record_of
from hub.application.ports import Record

HandleBatch = Callable[[Sequence[Record]], Awaitable[None]]

_IDLE_MS = 500
"""How long a lane without records waits, at the broker and here. What comes is fetched at once: while a batch is
handled the next one gathers, so a busy lane makes large batches by itself, and an idle one asks twice a second."""
_LONGEST_BATCH_MS = 15 * 60 * 1000
_LEAVE_WITHIN = 10.0
"""Seconds."""


class GroupSubscriber:
    """One consumer group of this process, read in ``lanes``: each its own consumer, hiding the database's time.

    A lane never starts a batch before its previous one is committed.
    """

    def __init__(
        self, bootstrap: str, *, group: str, topics: Sequence[str], handle: HandleBatch, lanes: int, batch: int
    ) -> None:
        self._broker = KafkaBroker(bootstrap, apply_types=False, logger=None, client_id=group)
        for _ in range(lanes):
            self._lane(group, topics, handle, batch)

    def _lane(self, group: str, topics: Sequence[str], handle: HandleBatch, batch: int) -> None:
        async def parse(records: tuple[ConsumerRecord[bytes, bytes], ...]) -> KafkaAckableMessage:
            return KafkaAckableMessage(body=b"", headers={}, raw_message=records, consumer=subscriber.consumer)

        async def decode(message: KafkaAckableMessage) -> list[Record]:
            return [record_of(one) for one in message.raw_message]

        subscriber: Any = self._broker.subscriber(
            *topics,
            group_id=group,
            batch=True,
            max_records=batch,
            batch_timeout_ms=_IDLE_MS,
            fetch_max_wait_ms=_IDLE_MS,
            max_partition_fetch_bytes=4 * 1024 * 1024,
            max_poll_interval_ms=_LONGEST_BATCH_MS,
            auto_offset_reset="earliest",
            session_timeout_ms=10_000,
            ack_policy=AckPolicy.NACK_ON_ERROR,
            parser=parse,
            decoder=decode,
            no_reply=True,
        )
        subscriber(handle)

    async def start(self) -> None:
        """Join the group and begin."""
        await self._broker.start()

    async def stop(self) -> None:
        """Finish the batches under way and leave the group, within bounds.

        After an outage a lane may wait for a rebalance that nobody ends. Its batches are committed or will be
        delivered again, so the process ends all the same, and the broker forgets the lane by its session's end.
        """
        leaving = asyncio.ensure_future(self._broker.stop())
        await asyncio.wait({leaving}, timeout=_LEAVE_WITHIN)
        if leaving.done():
            leaving.result()
