"""Every part of one process, made when first asked for."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from connectors import CONNECTORS
from hub.adapters.crypto.cipher import MasterKey, Pseudonyms
from hub.adapters.crypto.secrets import Secrets, read_secrets
from hub.adapters.kafka.lag import lag_of
from hub.adapters.kafka.provisioning import KafkaTopicCluster, topic_cluster
from hub.adapters.kafka.publisher import KafkaPublisher
from hub.adapters.kafka.subscriber import GroupSubscriber, HandleBatch
from hub.adapters.kafka.tail import tail
from hub.adapters.postgres.batches import PostgresBatches
from hub.adapters.postgres.bell import PostgresBell
from hub.adapters.postgres.database import Database, listen, translated
from hub.adapters.postgres.deliveries import PostgresDeliveries
from hub.adapters.postgres.directory import PostgresDirectory
from hub.adapters.postgres.erasures import PostgresErasures
from hub.adapters.postgres.letters import PostgresLetters
from hub.adapters.postgres.moved_clock import MovedClock, TimeMachine
from hub.adapters.postgres.outbox import PostgresOutbox
from hub.adapters.postgres.person_keys import PERSON_ERASED, PostgresPersonKeys
from hub.adapters.postgres.reveals import PostgresRevealLog
from hub.adapters.postgres.status import PostgresStatus
from hub.adapters.postgres.timers import PostgresTimers
from hub.adapters.smtp.connections import MailConnections, MailServer
from hub.adapters.smtp.gateway import MailGateway
from hub.adapters.smtp.letters import Letters
from hub.adapters.telemetry.metrics import PrometheusClockMeter, PrometheusDeliveryMeter, WorkMeter
from hub.adapters.topics_file import read_topics
from hub.application.attempt import DeliverPolicy
from hub.application.clock import FireTimers
from hub.application.consume import Consume
from hub.application.deliver import Deliver
from hub.application.erase import Erase
from hub.application.ports import Record
from hub.application.relay import Relay
from hub.application.replay import Replay
from hub.application.reveal import Reveal
from hub.application.vault import Vault
from hub.bootstrap.places import Where, where
from hub.domain.access.directory import DIRECTORY
from hub.domain.claims.fold import CLAIMS
from hub.domain.mediation.fold import process_manager as mediation
from hub.domain.messaging.breaker import Breaker
from hub.domain.messaging.decision import ProcessManager
from hub.domain.messaging.errors import TransientError
from hub.domain.messaging.retry import Backoff
from hub.domain.messaging.topics import Topics
from hub.domain.notices.fold import NOTICES
from hub.sdk import Connector
from hub.settings import Settings, read_settings


def topics() -> Topics:
    """What ``topics.yaml`` says; needs no running part."""
    return read_topics()


class Hub:
    """Every part of one process, made when first asked for."""

    def __init__(self, settings: Settings, place: Where, secrets: Secrets, database: Database) -> None:
        self.settings = settings
        self.where = place
        self.secrets = secrets
        self.database = database

    @cached_property
    def topics(self) -> Topics:
        """What ``topics.yaml`` says."""
        return topics()

    @cached_property
    def meter(self) -> WorkMeter:
        """Counts what workers do."""
        return WorkMeter()

    @cached_property
    def master(self) -> MasterKey:
        """Wraps persons' and documents' keys."""
        return MasterKey(self.secrets.master)

    @cached_property
    def vault(self) -> Vault:
        """Persons' keys in use."""
        return Vault(PostgresPersonKeys(self.database, self.master), Pseudonyms(self.secrets.pseudonym))

    @cached_property
    def clock(self) -> MovedClock:
        """The time of this hub."""
        return MovedClock(self.database)

    @cached_property
    def time_machine(self) -> TimeMachine:
        """Moves the time of a sandbox hub."""
        return TimeMachine(self.database)

    @cached_property
    def backoff(self) -> Backoff:
        """How long workers wait for infrastructure."""
        return Backoff(first=self.settings.consume.retry_first, most=self.settings.consume.retry_most)

    @cached_property
    def managers(self) -> Mapping[str, ProcessManager[Any]]:
        """Every consumer group by its name."""
        every = (NOTICES, CLAIMS, mediation(self.settings.mediation.answer), DIRECTORY)
        return {manager.group: manager for manager in every}

    def consume(self, group: str) -> Consume:
        """The idempotent consumer of a group."""
        return Consume(
            self.managers[group],
            batches=PostgresBatches(self.database),
            vault=self.vault,
            topics=self.topics,
            clock=self.clock,
        )

    def subscriber(self, group: str, handle: HandleBatch) -> GroupSubscriber:
        """A group's lanes on its topics."""
        consume = self.settings.consume
        return GroupSubscriber(
            self.where.kafka,
            group=group,
            topics=self.topics.of_types(self.managers[group].handles),
            handle=handle,
            lanes=consume.lanes,
            batch=consume.batch,
        )

    @cached_property
    def publisher(self) -> KafkaPublisher:
        """The idempotent producer."""
        return KafkaPublisher(self.where.kafka)

    @cached_property
    def relay(self) -> Relay:
        """Moves the outbox."""
        return Relay(PostgresOutbox(self.database), self.publisher)

    def bell(self, channel: str) -> PostgresBell:
        """Rings on NOTIFY of a channel."""
        return PostgresBell(self.database.dsn, channel)

    @cached_property
    def replay(self) -> Replay:
        """Replays dead letters."""
        return Replay(
            self.managers,
            letters=PostgresLetters(self.database),
            vault=self.vault,
            topics=self.topics,
            clock=self.clock,
        )

    def fire_timers(self, bell: PostgresBell) -> FireTimers:
        """The clock."""
        return FireTimers(
            timers=PostgresTimers(self.database),
            topics=self.topics,
            clock=self.clock,
            bell=bell,
            meter=PrometheusClockMeter(),
            backoff=self.backoff,
        )

    def deliver(self, bell: PostgresBell) -> Deliver:
        """Carries outward effects: mails."""
        policy = self.settings.deliver
        return Deliver(
            deliveries=PostgresDeliveries(self.database),
            gateways={"mail": self._mail},
            vault=self.vault,
            topics=self.topics,
            clock=self.clock,
            bell=bell,
            meter=PrometheusDeliveryMeter(),
            policy=DeliverPolicy(
                attempts=policy.attempts,
                backoff=Backoff(first=policy.first_wait, most=policy.most_wait),
                breaker=Breaker(failures=policy.breaker_failures, pause=policy.breaker_pause),
                lease=policy.lease,
            ),
        )

    @cached_property
    def _mail(self) -> MailGateway:
        smtp = self.settings.smtp
        return MailGateway(
            connections=MailConnections(MailServer.parse(self.where.smtp)),
            letters=Letters(hub="Mediation Hub"),
            directory=PostgresDirectory(self.database),
            clock=self.clock,
            sender=smtp.sender,
            domain=smtp.domain,
        )

    async def forget_erased(self) -> None:
        """Forget erased persons' keys as soon as an erasure is told, until cancelled."""
        await listen(self.database.dsn, PERSON_ERASED, self.vault.invalidate, ready=self.vault.invalidate)

    async def ready(self) -> bool:
        """Whether the database answers now."""
        try:
            async with translated():
                await self.database.pool.fetchval("SELECT 1", timeout=2)
        except TransientError:
            return False
        return True

    def topic_cluster(self) -> AbstractAsyncContextManager[KafkaTopicCluster]:
        """The topics of the cluster, to be compared with the file and changed."""
        return topic_cluster(self.where.kafka)

    @cached_property
    def erase(self) -> Erase:
        """Destroys what makes a person readable."""
        erasures = PostgresErasures(self.database)
        return Erase(erasures, topics=self.topics, clock=self.clock, forget=self.vault.invalidate)

    @cached_property
    def reveal(self) -> Reveal:
        """Opens personal data for an administrator, logged."""
        return Reveal(self.vault, PostgresRevealLog(self.database), allowed=self.settings.reveal.allowed)

    def tail(self, topics: Sequence[str], *, beginning: bool, follow: bool) -> AsyncIterator[Record]:
        """Records of topics, read beside every group."""
        return tail(self.where.kafka, topics, beginning=beginning, follow=follow)

    @cached_property
    def status(self) -> PostgresStatus:
        """What administrators look at."""
        return PostgresStatus(self.database.engine)

    async def lag(self) -> Sequence[Mapping[str, object]]:
        """How far every group is behind."""
        handled = {name: self.topics.of_types(one.handles) for name, one in self.managers.items()}
        return await lag_of(self.where.kafka, handled)

    @property
    def folders(self) -> Path:
        """Root of the watched folders."""
        return self.settings.folders or self.settings.home / "folders"

    async def close(self) -> None:
        """Let go of everything that was opened."""
        if "publisher" in self.__dict__:
            await self.publisher.close()
        await self.database.close()


def connectors() -> Mapping[str, Connector]:
    """The partner systems by name; needs no address."""
    return CONNECTORS


@asynccontextmanager
async def opened(settings: Settings | None = None) -> AsyncIterator[Hub]:
    """A hub over the addresses of this environment; closed at the end."""
    settings = settings or read_settings()
    place = where(settings)
    given = settings.secrets.model_dump()
    secrets = read_secrets(
        settings.home, {name: value.get_secret_value() if value else None for name, value in given.items()}
    )
    hub = Hub(settings, place, secrets, await Database.open(place.postgres, size=settings.postgres.pool))
    try:
        yield hub
    finally:
        await hub.close()
