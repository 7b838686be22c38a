"""Outbox, log, consumer groups and their dead letters."""

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from hub.adapters.kafka.publisher import KafkaPublisher
from hub.adapters.postgres.batches import PostgresBatches
from hub.adapters.postgres.letters import PostgresLetters
from hub.adapters.postgres.outbox import PostgresOutbox
from hub.adapters.postgres.stops import PostgresStops
from hub.application.consume.handle_batch import Consume
from hub.application.consume.replay import Replay
from hub.application.relay import Relay
from hub.bootstrap.parts import Parts
from hub.domain.access.directory import DIRECTORY
from hub.domain.accounts.fold import process_manager as accounts
from hub.domain.claims.fold import CLAIMS
from hub.domain.debts.fold import process_manager as debts
from hub.domain.debts.rules import DebtRules
from hub.domain.mediation.fold import process_manager as mediation
from hub.domain.messaging.calendar import Term
from hub.domain.messaging.decision import ProcessManager
from hub.domain.notices.fold import NOTICES
from hub.domain.persons.fold import process_manager as persons
from hub.domain.rcd.fold import process_manager as rcd

if TYPE_CHECKING:
    from hub.adapters.kafka.subscriber import GroupSubscriber, HandleBatch


class MessagingParts(Parts):
    """What moves and folds events."""

    @cached_property
    def managers(self) -> Mapping[str, ProcessManager[Any]]:
        """Every consumer group by its name."""
        ours = (mediation(self.settings.mediation.answer), debts(self._debt_rules), persons(self.gate_rules))
        settlements = (rcd(Term.parse(self.settings.rcd.retention)), accounts(self.settings.rcd.hour))
        every = (NOTICES, CLAIMS, *ours, DIRECTORY, *settlements)
        return {manager.group: manager for manager in every}

    @property
    def _debt_rules(self) -> DebtRules:
        """What the manual leaves open about debt files."""
        return DebtRules(**self.settings.debts.model_dump())

    def consume(self, group: str) -> Consume:
        """The idempotent consumer of a group."""
        return Consume(
            self.managers[group],
            batches=PostgresBatches(self.database),
            vault=self.vault,
            topics=self.topics,
            clock=self.clock,
            spans=self.spans,
        )

    def subscriber(self, group: str, handle: "HandleBatch") -> "GroupSubscriber":
        """A group's lanes on its topics."""
        # FastStream is a quarter of the start of every command: only who consumes loads it
        from hub.adapters.kafka.subscriber import GroupSubscriber  # noqa: PLC0415

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
        return Relay(PostgresOutbox(self.database), self.publisher, spans=self.spans)

    @cached_property
    def stops(self) -> PostgresStops:
        """Groups that reached their ceiling."""
        return PostgresStops(self.database)

    @cached_property
    def replay(self) -> Replay:
        """Replays dead letters."""
        return Replay(
            self.managers,
            letters=PostgresLetters(self.database),
            vault=self.vault,
            topics=self.topics,
            clock=self.clock,
            spans=self.spans,
        )

    async def close(self) -> None:
        """Let go of everything that was opened."""
        if "publisher" in self.__dict__:
            await self.publisher.close()
        await super().close()
