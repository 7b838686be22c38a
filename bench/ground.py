"""Where the bench runs: a local stack of its own, databases copied from a template, topics emptied."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from hub.adapters.crypto.secrets import ensure_secrets
from hub.adapters.kafka.provisioning import topic_cluster
from hub.adapters.localstack.stack import LocalStack
from hub.application.describe.provision import apply, plan
from hub.bootstrap.parts import topics
from hub.domain.messaging.topic_plan import Allowances
from hub.settings import KafkaSettings, PostgresSettings, Settings, SmtpSettings

Say = Callable[[str], None]
PARTITIONS = 4
FLOOR_TOPIC = "bench-floor"
RELAYED_TOPIC = "bench-relayed"
TEMPLATE = "bench_template"
_OWN_TOPICS = (FLOOR_TOPIC, RELAYED_TOPIC)
_MARK = "bench.home"


class NotABenchHomeError(Exception):
    """The bench empties every topic of its home: give it a new folder, or none at all."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ground:
    """A running stack. ``server`` is the DSN of its first database."""

    home: Path
    kafka: str
    server: str
    smtp: str

    def dsn(self, name: str) -> str:
        """The DSN of one of the bench's databases."""
        return f"{self.server.rsplit('/', 1)[0]}/{name}"

    def settings(self, name: str) -> Settings:
        """Settings of a hub on a database of the bench."""
        return Settings(
            home=self.home,
            kafka=KafkaSettings(bootstrap=self.kafka),
            postgres=PostgresSettings.model_validate({"dsn": self.dsn(name)}),
            smtp=SmtpSettings.model_validate({"url": self.smtp}),
        )

    def environment(self, name: str) -> Mapping[str, str]:
        """The same for processes of the hub."""
        return {
            "HUB_HOME": str(self.home),
            "HUB_KAFKA__BOOTSTRAP": self.kafka,
            "HUB_POSTGRES__DSN": self.dsn(name),
            "HUB_SMTP__URL": self.smtp,
            "HUB_TELEMETRY__LEVEL": "warning",
        }

    @asynccontextmanager
    async def database(self, name: str, template: str | None = None, *, keep: bool = False) -> AsyncIterator[str]:
        """A fresh database, its DSN; dropped at the end unless it is kept as a template."""
        await self._execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        await self._execute(f"CREATE DATABASE {name}" + (f" TEMPLATE {template}" if template else ""), "CHECKPOINT")
        yield self.dsn(name)
        if not keep:
            await self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    async def _execute(self, *statements: str) -> None:
        connection = await asyncpg.connect(self.server)
        try:
            for one in statements:
                await connection.execute(one)
        finally:
            await connection.close()

    async def fresh_topics(self) -> None:
        """Every topic empty; with a topic go the offsets that groups committed on it."""
        admin = AIOKafkaAdminClient(bootstrap_servers=self.kafka)
        await admin.start()
        try:
            old = [name for name in await admin.list_topics() if not name.startswith("__")]
            if old:
                await admin.delete_topics(old)
            await _gone(admin, old)
            await admin.create_topics([NewTopic(name, PARTITIONS, 1) for name in _OWN_TOPICS])
        finally:
            await admin.close()
        async with topic_cluster(self.kafka) as cluster:
            await apply(await plan(topics(), cluster, Allowances()), cluster)

    async def rewind(self, group: str, topic: str) -> None:
        """Let a group, which nobody is in now, begin a topic anew."""
        consumer = AIOKafkaConsumer(bootstrap_servers=self.kafka, group_id=group, enable_auto_commit=False)
        await consumer.start()
        try:
            places = [TopicPartition(topic, partition) for partition in range(PARTITIONS)]
            consumer.assign(places)
            await consumer.commit(dict.fromkeys(places, 0))
        finally:
            await consumer.stop()


async def _gone(admin: AIOKafkaAdminClient, names: list[str], within: float = 30.0) -> None:
    async with asyncio.timeout(within):
        while set(names) & set(await admin.list_topics()):  # noqa: ASYNC110 - the broker tells it only when asked
            await asyncio.sleep(0.1)


@asynccontextmanager
async def ground(home: Path, say: Say) -> AsyncIterator[Ground]:
    """The stack of a home that is the bench's own.

    Raises:
        NotABenchHomeError: the folder holds something else.
    """
    own = await asyncio.to_thread(_own_home, home)
    async with LocalStack(home=own, progress=say).running() as at:
        yield Ground(home=own, kafka=str(at.kafka), server=str(at.postgres), smtp=str(at.smtp))


def _own_home(home: Path) -> Path:
    mark = home / _MARK
    if home.exists() and any(home.iterdir()) and not mark.exists():
        raise NotABenchHomeError(
            f"{home} holds something that is not the bench's, and the bench would empty its topics. "
            f"Name a new folder, or leave --home out."
        )
    home.mkdir(parents=True, exist_ok=True)
    mark.touch()
    ensure_secrets(home)
    return home.resolve()
