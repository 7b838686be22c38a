"""What goes out, and when."""

from functools import cached_property
from typing import TYPE_CHECKING

from hub.adapters.postgres.bank_calls import PostgresCalls, PostgresGates
from hub.adapters.postgres.bell import PostgresBell
from hub.adapters.postgres.deliveries import PostgresDeliveries
from hub.adapters.postgres.directory import PostgresDirectory
from hub.adapters.postgres.timers import PostgresTimers
from hub.adapters.smtp.connections import MailConnections, MailServer
from hub.adapters.smtp.gateway import MailGateway
from hub.adapters.smtp.letters import Letters
from hub.adapters.telemetry.metrics import PrometheusClockMeter, PrometheusDeliveryMeter
from hub.application.clock import FireTimers
from hub.application.consult.assigning import BisRegister
from hub.application.consult.no_bank import NoBank
from hub.application.consult.ports import CrossroadsBank
from hub.application.consult.searching import PersonIndex
from hub.application.consult.send_access import BankParts, SendAccess
from hub.application.consult.send_bis import SendBis
from hub.application.consult.send_flow import SendFlow
from hub.application.consult.send_search import SendSearch
from hub.application.deliver.attempt import DeliverPolicy
from hub.application.deliver.carry import Deliver
from hub.application.deliver.ports import Gateway
from hub.bootstrap.parts import Parts
from hub.domain.messaging.breaker import Breaker
from hub.domain.messaging.retry import Backoff
from hub.domain.persons.told import ACCESS, BIS, FLOW, SEARCH

if TYPE_CHECKING:
    from hub.adapters.soap.bank import SoapBank


class OutwardParts(Parts):
    """Deliveries and deadlines."""

    def fire_timers(self, bell: PostgresBell) -> FireTimers:
        """The clock."""
        return FireTimers(
            timers=PostgresTimers(self.database),
            topics=self.topics,
            clock=self.clock,
            bell=bell,
            meter=PrometheusClockMeter(),
            backoff=self.backoff,
            spans=self.spans,
        )

    def deliver(self, bell: PostgresBell) -> Deliver:
        """Carries outward effects: mails."""
        policy = self.settings.deliver
        return Deliver(
            deliveries=PostgresDeliveries(self.database),
            gateways={"mail": self._mail, **self.bank_gateways(self.bank, self.index, self.bis_register)},
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
            spans=self.spans,
        )

    @cached_property
    def bank(self) -> CrossroadsBank:
        """The Crossroads Bank, as this hub reaches it."""
        return self._soap_bank or NoBank()

    @cached_property
    def index(self) -> PersonIndex:
        """The bank's index of persons."""
        return self._soap_bank or NoBank()

    @cached_property
    def bis_register(self) -> BisRegister:
        """What gives BIS numbers."""
        return self._soap_bank or NoBank()

    @cached_property
    def _soap_bank(self) -> "SoapBank | None":
        if self.settings.bcss.endpoints is None:
            return None
        # zeep costs 0.3 s of every start: only who asks the bank loads it
        from hub.bootstrap.bank import soap_bank  # noqa: PLC0415

        return soap_bank(self.settings.bcss, self.clock)

    def bank_gateways(self, bank: CrossroadsBank, index: PersonIndex, register: BisRegister) -> dict[str, Gateway]:
        """What carries deliveries to the bank."""
        parts = BankParts(
            bank=bank,
            calls=PostgresCalls(self.database),
            sealing=self.vault,
            topics=self.topics,
            clock=self.clock,
            retention=self.settings.persons.answer_retention,
        )
        flow = SendFlow(parts, gates=PostgresGates(self.database), rules=self.gate_rules)
        search = SendSearch(parts, index, retention=self.settings.persons.search_retention)
        bis = SendBis(parts, register, retention=self.settings.persons.search_retention)
        return {ACCESS: SendAccess(parts), FLOW: flow, SEARCH: search, BIS: bis}

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

    async def close(self) -> None:
        """Let go of everything that was opened."""
        if "_mail" in self.__dict__:
            await self._mail.close()
        if bank := self.__dict__.get("_soap_bank"):
            await bank.close()
        await super().close()
