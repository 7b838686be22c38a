"""Kafka's records as the application knows them."""

from aiokafka import ConsumerRecord

from hub.application.ports import Record


def record_of(one: ConsumerRecord[bytes, bytes]) -> Record:
    """A record as the application knows it."""
    return Record(
        topic=one.topic,
        partition=one.partition,
        offset=one.offset,
        timestamp=one.timestamp,
        key=one.key,
        value=one.value,
        headers=tuple(one.headers),
    )
