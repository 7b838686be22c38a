"""What administrators use."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from functools import cached_property

from hub.adapters.kafka.lag import lag_of, places_of
from hub.adapters.kafka.provisioning import KafkaTopicCluster, topic_cluster
from hub.adapters.kafka.tail import tail
from hub.adapters.postgres.administrators import PostgresSessions
from hub.adapters.postgres.answers import PostgresAnswerExpiries
from hub.adapters.postgres.bank_calls import PostgresCalls
from hub.adapters.postgres.dossier_status import PostgresDossierStatus
from hub.adapters.postgres.erasures import PostgresErasures
from hub.adapters.postgres.expiries import PostgresExpiries
from hub.adapters.postgres.health import PostgresHealth
from hub.adapters.postgres.moved_clock import TimeMachine
from hub.adapters.postgres.reveals import PostgresRevealLog
from hub.adapters.postgres.status import PostgresStatus
from hub.application.consult.suspend import Suspend
from hub.application.dead_letters.reveal_letter import RevealLetter
from hub.application.erase import Erase
from hub.application.expire import Expire
from hub.application.ports import Record
from hub.application.reveal import Reveal
from hub.bootstrap.dead_letters import DeadLetterParts


class AdministrationParts(DeadLetterParts):
    """Looking, erasing, revealing, moving a sandbox hub's time."""

    @cached_property
    def time_machine(self) -> TimeMachine:
        """Moves the time of a sandbox hub."""
        return TimeMachine(self.database)

    def topic_cluster(self) -> AbstractAsyncContextManager[KafkaTopicCluster]:
        """The topics of the cluster, to be compared with the file and changed."""
        return topic_cluster(self.where.kafka)

    @cached_property
    def erase(self) -> Erase:
        """Destroys what makes a person readable."""
        erasures = PostgresErasures(self.database)
        return Erase(erasures, topics=self.topics, clock=self.clock, forget=self.vault.invalidate)

    @cached_property
    def suspend(self) -> Suspend:
        """Suspends and resumes services of the bank."""
        return Suspend(PostgresCalls(self.database), topics=self.topics, clock=self.clock)

    @cached_property
    def expire(self) -> Expire:
        """Destroys documents whose retention is over."""
        return Expire(PostgresExpiries(self.database), clock=self.clock)

    @cached_property
    def expire_answers(self) -> Expire:
        """Deletes answers of the Crossroads Bank whose time is over."""
        return Expire(PostgresAnswerExpiries(self.database), clock=self.clock, what="answers")

    @cached_property
    def reveal(self) -> Reveal:
        """Opens personal data for an administrator, logged."""
        return Reveal(self.vault, PostgresRevealLog(self.database), allowed=self.settings.reveal.allowed)

    def tail(self, topics: Sequence[str], *, beginning: bool, follow: bool) -> AsyncIterator[Record]:
        """Records of topics, read beside every group."""
        return tail(self.where.kafka, topics, beginning=beginning, follow=follow)

    @cached_property
    def dossier_status(self) -> PostgresDossierStatus:
        """Dossiers as administrators see them."""
        return PostgresDossierStatus(self.database.engine)

    @cached_property
    def status(self) -> PostgresStatus:
        """What administrators look at."""
        return PostgresStatus(self.database.engine)

    async def lag(self) -> Sequence[Mapping[str, object]]:
        """How far every group is behind."""
        return await lag_of(self.where.kafka, self._handled())

    async def places(self) -> Sequence[Mapping[str, object]]:
        """The same, with how many records each topic ever had."""
        return await places_of(self.where.kafka, self._handled())

    def _handled(self) -> Mapping[str, Sequence[str]]:
        return {name: self.topics.of_types(one.handles) for name, one in self.managers.items()}

    @cached_property
    def health(self) -> PostgresHealth:
        """How institutions and connectors are doing."""
        return PostgresHealth(self.database.engine)

    @cached_property
    def reveal_letter(self) -> RevealLetter:
        """Fields of letters, for the console: the right is the administrator's role."""
        log = PostgresRevealLog(self.database)
        return RevealLetter(
            PostgresSessions(self.database),
            Reveal(self.vault, log, allowed=True),
            log,
            audit=self.audit,
            lasts=self.settings.console.reveal,
            now=lambda: datetime.now(UTC),
        )
