"""The topics of a real cluster, read and changed through aiokafka's admin client."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient, NewPartitions, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import (
    InvalidPartitionsError,
    KafkaError,
    TopicAlreadyExistsError,
    UnknownTopicOrPartitionError,
    for_code,
)

from hub.domain.messaging.errors import HubError, TransientError
from hub.domain.messaging.topic_plan import TopicSize

_RETENTION = "retention.ms"
_FOR_EVER = -1
_BROKERS_DEFAULT = -1
_SET_ON_TOPIC = 1  # config_source DYNAMIC_TOPIC_CONFIG (KIP-226): what somebody set for this topic
_MILLISECOND = timedelta(milliseconds=1)
_SHOWN_WITHIN = 15.0  # seconds until a change must be visible in the cluster's metadata
_LOOK_EVERY = 0.05


class ProvisioningError(HubError):
    """The cluster refused a change of a topic."""


class ClusterAwayError(TransientError):
    """The cluster does not answer; check its address, then try again."""


@asynccontextmanager
async def topic_cluster(bootstrap: str) -> AsyncIterator["KafkaTopicCluster"]:
    """Connect to the cluster at ``host:port[,host:port]``.

    Raises:
        ClusterAwayError: nobody answers there.
    """
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap, request_timeout_ms=10_000)
    try:
        await admin.start()
    except KafkaError as error:
        await admin.close()
        raise ClusterAwayError(f"Kafka at {bootstrap} does not answer ({error})") from error
    try:
        yield KafkaTopicCluster(admin)
    finally:
        await admin.close()


class KafkaTopicCluster:
    """A ``TopicCluster``. Replicas are left to the broker's ``default.replication.factor``."""

    def __init__(self, admin: AIOKafkaAdminClient) -> None:
        self._admin = admin

    async def sizes(self) -> Mapping[str, TopicSize]:
        """Every topic that is not Kafka's own, with its partitions and retention."""
        async with _translated("reading the topics"):
            counts = await self._partition_counts()
            retentions = {name: settings.get(_RETENTION) for name, settings in (await self._settings(counts)).items()}
        return {
            name: TopicSize(partitions=count, retention=_duration(retentions.get(name)))
            for name, count in counts.items()
        }

    async def create(self, topic: str, size: TopicSize) -> None:
        """Create a topic; one that was created in the meantime is left as it is."""
        new = NewTopic(
            topic,
            size.partitions,
            _BROKERS_DEFAULT,
            replica_assignments={},
            topic_configs={_RETENTION: _milliseconds(size.retention), "cleanup.policy": "delete"},
        )
        async with _translated(f"creating topic {topic}"):
            answer = await self._admin.create_topics([new])
            for _, code, text in answer.topic_errors:
                _check(code, text, unless=TopicAlreadyExistsError)
            await self._shown(topic, size.partitions)

    async def widen(self, topic: str, partitions: int) -> None:
        """Raise the number of partitions."""
        async with _translated(f"adding partitions to topic {topic}"):
            try:
                await self._admin.create_partitions({topic: NewPartitions(partitions)})
            except InvalidPartitionsError:
                if (await self._partition_counts()).get(topic) != partitions:
                    raise
            await self._shown(topic, partitions)

    async def retain(self, topic: str, retention: timedelta | None) -> None:
        """Change the retention. Kafka replaces a topic's settings as a whole, so the others are sent along."""
        async with _translated(f"changing the retention of topic {topic}"):
            settings = (await self._settings([topic], only_set=True))[topic]
            settings[_RETENTION] = _milliseconds(retention)
            resource = ConfigResource(ConfigResourceType.TOPIC, topic, settings)
            for answer in await self._admin.alter_configs([resource]):
                for code, text, *_ in answer.resources:
                    _check(code, text)

    async def _partition_counts(self) -> dict[str, int]:
        described = await self._admin.describe_topics()
        return {
            found["topic"]: len(found["partitions"])
            for found in described
            if not found["is_internal"] and not found["topic"].startswith("__")
        }

    async def _settings(self, topics: Any, *, only_set: bool = False) -> dict[str, dict[str, str]]:
        """Settings by topic; ``only_set`` leaves out what follows the broker's defaults."""
        resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in topics]
        found: dict[str, dict[str, str]] = {}
        for answer in await self._admin.describe_configs(resources) if resources else []:
            for code, text, _, name, entries in answer.resources:
                _check(code, text)
                found[name] = {
                    key: value for key, value, _, source, *_ in entries if not only_set or source == _SET_ON_TOPIC
                }
        return found

    async def _shown(self, topic: str, partitions: int) -> None:
        """Wait until the metadata that clients read shows the topic in its size."""
        async with asyncio.timeout(_SHOWN_WITHIN):
            while (await self._partition_counts()).get(topic, 0) < partitions:  # noqa: ASYNC110 - Kafka tells nobody
                await asyncio.sleep(_LOOK_EVERY)


@asynccontextmanager
async def _translated(doing: str) -> AsyncIterator[None]:
    try:
        yield
    except TimeoutError as error:
        raise ClusterAwayError(f"{doing}: the cluster did not answer in time") from error
    except KafkaError as error:
        if error.retriable and not isinstance(error, UnknownTopicOrPartitionError):
            raise ClusterAwayError(f"{doing}: {error}") from error
        raise ProvisioningError(f"{doing}: {error}") from error


def _check(code: int, text: str | None, unless: type[KafkaError] | None = None) -> None:
    if code and not (unless and for_code(code) is unless):
        raise for_code(code)(text or "")


def _duration(milliseconds: str | None) -> timedelta | None:
    count = int(milliseconds) if milliseconds is not None else _FOR_EVER
    return None if count < 0 else timedelta(milliseconds=count)


def _milliseconds(retention: timedelta | None) -> str:
    return str(_FOR_EVER if retention is None else retention // _MILLISECOND)
