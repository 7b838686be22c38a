"""What every room of the hub stands on, made when first asked for."""

from functools import cached_property
from pathlib import Path

from hub.adapters.crypto.cipher import MasterKey, Pseudonyms
from hub.adapters.crypto.secrets import Secrets
from hub.adapters.postgres.aliases import PostgresAliases
from hub.adapters.postgres.bell import PostgresBell
from hub.adapters.postgres.case_accesses import PostgresCaseAccesses
from hub.adapters.postgres.database import Database, listen, translated
from hub.adapters.postgres.moved_clock import MovedClock
from hub.adapters.postgres.person_keys import PERSON_ERASED, PostgresPersonKeys
from hub.adapters.telemetry.metrics import WorkMeter
from hub.adapters.topics_file import read_topics
from hub.application.spans import OFF, Spans
from hub.application.vault import Vault
from hub.bootstrap.gate import gate_rules
from hub.bootstrap.places import Where
from hub.domain.messaging.errors import TransientError
from hub.domain.messaging.retry import Backoff
from hub.domain.messaging.topics import Topics
from hub.domain.persons.gate import GateRules
from hub.settings import Settings


def topics() -> Topics:
    """What ``topics.yaml`` says; needs no running part."""
    return read_topics()


class Parts:
    """Every part of one process, made when first asked for."""

    def __init__(
        self, settings: Settings, place: Where, secrets: Secrets, database: Database, *, process: str = "command"
    ) -> None:
        self.settings = settings
        self.process = process
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
    def spans(self) -> Spans:
        """Traces, when somebody collects them."""
        telemetry = self.settings.telemetry
        if telemetry.otlp is None:
            return OFF
        # its libraries cost 0.15 s of every start: only who sends traces loads them
        from hub.adapters.telemetry.collector import Collector  # noqa: PLC0415
        from hub.adapters.telemetry.traces import OpenTelemetrySpans  # noqa: PLC0415

        collector = Collector(telemetry.otlp, process=self.process)
        return OpenTelemetrySpans(collector, process=self.process, sample=telemetry.sample)

    @cached_property
    def master(self) -> MasterKey:
        """Wraps persons' and documents' keys."""
        return MasterKey(self.secrets.master)

    @cached_property
    def vault(self) -> Vault:
        """Persons' keys in use."""
        keys, names = PostgresPersonKeys(self.database, self.master), Pseudonyms(self.secrets.pseudonym)
        return Vault(keys, names, aliases=self.aliases)

    @cached_property
    def aliases(self) -> PostgresAliases:
        """Numbers that replaced others of the same person."""
        return PostgresAliases(self.database)

    @cached_property
    def case_accesses(self) -> PostgresCaseAccesses:
        """Who looked at which collective settlement."""
        return PostgresCaseAccesses(self.database, self.topics)

    @cached_property
    def clock(self) -> MovedClock:
        """The time of this hub."""
        return MovedClock(self.database)

    @cached_property
    def backoff(self) -> Backoff:
        """How long workers wait for infrastructure."""
        return Backoff(first=self.settings.consume.retry_first, most=self.settings.consume.retry_most)

    @cached_property
    def gate_rules(self) -> GateRules:
        """Decisions on the legal gate of the BCSS."""
        return gate_rules(self.settings.persons)

    def bell(self, channel: str) -> PostgresBell:
        """Rings on NOTIFY of a channel."""
        return PostgresBell(self.database.dsn, channel)

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

    @property
    def folders(self) -> Path:
        """Root of the watched folders."""
        return self.settings.folders or self.settings.home / "folders"

    @property
    def mailboxes(self) -> Path:
        """Root of the mailboxes that are read."""
        return self.settings.mails.folder or self.settings.home / "mails"

    async def close(self) -> None:
        """Let go of everything that was opened."""
        if "spans" in self.__dict__:
            await self.spans.close()
        await self.database.close()
