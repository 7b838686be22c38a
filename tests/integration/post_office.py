"""Offices, deliveries, workers and caught mails of one test: everything real, nothing shared with other tests."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import monotonic, time_ns
from typing import Any
from uuid import UUID, uuid4

from asyncpg import Pool, Record
from pydantic_core import from_json

from hub.adapters.localstack.mail_archive import Mail, MailArchive
from hub.adapters.localstack.mail_faults import MailFaults
from hub.adapters.localstack.running import RunningStack
from hub.adapters.postgres.bell import PostgresBell
from hub.adapters.postgres.bulk import write_outcome
from hub.adapters.postgres.database import Database
from hub.adapters.postgres.deliveries import PostgresDeliveries
from hub.adapters.postgres.directory import PostgresDirectory
from hub.adapters.smtp.connections import MailConnections, MailServer
from hub.adapters.smtp.gateway import MailGateway
from hub.adapters.smtp.letters import Letters
from hub.application.deliver.attempt import DeliverPolicy
from hub.application.deliver.carry import Deliver
from hub.application.deliver.ports import Gateway
from hub.application.envelope import kafka_headers
from hub.application.ports import Follow, Outcome
from hub.bootstrap.hub import Hub
from hub.domain.messaging.breaker import Breaker
from hub.domain.messaging.cloudevent import CloudEvent, Sealed
from hub.domain.messaging.decision import Delivery
from hub.domain.messaging.retry import Backoff
from schemas.mediation import DossierOpened

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
FAR = timedelta(hours=1)


@dataclass
class FakeClock:
    """A clock that a test sets."""

    now: datetime = NOW

    refreshed: int = 0

    def __call__(self) -> datetime:
        return self.now

    async def refresh(self, most_age: timedelta = timedelta(0)) -> None:
        del most_age
        self.refreshed += 1


@dataclass
class FakeMeter:
    """Remembers what was counted."""

    counted: list[str] = field(default_factory=list)

    def sent(self, effect: str, *, possibly_doubled: bool) -> None:
        self.counted.append(f"{effect.partition('/')[0]} {'doubled' if possibly_doubled else 'sent'}")

    def failed(self, effect: str, rule: str) -> None:
        self.counted.append(f"{effect.partition('/')[0]} failed {rule}")

    def retried(self, effect: str, rule: str) -> None:
        self.counted.append(f"{effect.partition('/')[0]} retried {rule}")


def policy(**given: Any) -> DeliverPolicy:
    """Nothing is tried again by itself within a test, unless asked."""
    usual = {
        "attempts": 3,
        "backoff": Backoff(first=FAR, most=FAR),
        "breaker": Breaker(failures=100, pause=FAR),
        "lease": timedelta(seconds=30),
        "poll": timedelta(milliseconds=50),
    }
    return DeliverPolicy(**{**usual, **given})


async def until(condition: Callable[[], Any], within: float = 20.0) -> None:
    """Wait on a condition (sync or async) with a deadline."""
    deadline = monotonic() + within
    while True:
        found = condition()
        if await found if asyncio.iscoroutine(found) else found:
            return
        assert monotonic() < deadline, "the condition did not come true in time"
        await asyncio.sleep(0.02)


def opened(dossier: str) -> CloudEvent:
    """An event that causes something."""
    data = DossierOpened(dossier=dossier, cpas="cpas-1", stage="new", opened_at=NOW)
    return CloudEvent(
        id=uuid4(),
        source="/test",
        type=data.type,
        time=NOW,
        recordedtime=NOW,
        partitionkey=dossier,
        subject="p" + "1" * 32,
        correlationid=dossier,
        traceparent="00-" + "a" * 32 + "-" + "b" * 16 + "-01",
        data=data,
    )


class PostOffice:
    """One test's view of what goes out."""

    def __init__(self, hub: Hub, stack: RunningStack) -> None:
        self.hub, self.stack = hub, stack
        self.pool = hub.database.pool
        self.clock, self.meter = FakeClock(), FakeMeter()
        self.faults = MailFaults(stack.home / "mails")
        self._archive = MailArchive(stack.home / "mails")
        self._run, self._since = uuid4().hex[:8], f"{time_ns():020d}"
        self._gateways: list[MailGateway] = []

    async def office(self, name: str, *, email: str | None = "", language: str = "fr") -> str:
        """List an office in the directory; its address is of this test alone."""
        office = f"{name}-{self._run}"
        address = self.address(office) if email == "" else email
        await self.pool.execute(
            "INSERT INTO projection_office (office, name, email, language, registered) VALUES ($1, $2, $3, $4, true)",
            office, f"Étude {name}", address, language,
        )  # fmt: skip
        return office

    def address(self, office: str) -> str:
        """Where an office gets its mails."""
        return f"{office}@office.invalid"

    async def put(
        self,
        office: str,
        *,
        dossier: str | None = None,
        template: str = "invitation",
        cause: CloudEvent | None = None,
        personal: Sealed | None = None,
    ) -> CloudEvent:
        """A decision asks for a mail, as the consumer writes it; the event that caused it."""
        dossier = dossier or f"d{uuid4().hex}"
        cause = cause or opened(dossier)
        content = {
            "template": template,
            "office": office,
            "dossier": dossier,
            "invitation": f"{dossier}.{office}",
            "answer_by": "2026-03-17T23:00:00+00:00",
            "cpas": "cpas-1",
        }
        delivery = Delivery(
            effect=f"{template}/{office}",
            kind="mail",
            partner="mail",
            key=dossier,
            content=content,
            personal=personal,
        )
        follow = Follow(cause=cause, key=dossier, what=delivery)
        nothing: dict[str, Any] = dict.fromkeys(("handled", "rows", "outbox", "feed", "letters", "queued"), ())
        async with self.hub.database.transaction() as connection:
            await write_outcome(connection, "hub.mediation", Outcome(states={}, follows=[follow], **nothing))
        return cause

    def gateway(self, url: str | None = None, database: Database | None = None) -> MailGateway:
        """A mail gateway to the catcher, or to another server."""
        server = MailServer.parse(url or str(self.stack.addresses.smtp))
        gateway = MailGateway(
            connections=MailConnections(server, timeout=5),
            letters=Letters(hub="Mediation Hub"),
            directory=PostgresDirectory(database or self.hub.database),
            clock=self.clock,
            sender="Mediation Hub <no-reply@mediation-hub.invalid>",
            domain="mediation-hub.invalid",
        )
        self._gateways.append(gateway)
        return gateway

    async def close(self) -> None:
        """Say goodbye to mail servers."""
        for gateway in self._gateways:
            await gateway.close()

    def worker(self, gateway: Gateway | None = None, *, database: Database | None = None, **given: Any) -> Deliver:
        """A delivering worker; ``given`` changes its policy."""
        database = database or self.hub.database
        return Deliver(
            deliveries=PostgresDeliveries(database),
            gateways={"mail": gateway or self.gateway(database=database)},
            vault=self.hub.vault,
            topics=self.hub.topics,
            clock=self.clock,
            bell=PostgresBell(database.dsn, "hub_delivery"),
            meter=self.meter,
            policy=policy(**given),
        )

    async def rows(self) -> list[Record]:
        """Deliveries in order."""
        return list(await self.pool.fetch("SELECT * FROM delivery ORDER BY seq"))

    async def states(self) -> list[str]:
        """Their states, in order."""
        return [row["state"] for row in await self.rows()]

    async def all_due(self) -> None:
        """Leases end and back-offs are over."""
        await self.pool.execute("UPDATE delivery SET due_at = now() - interval '1 second'")

    async def outcomes(self) -> list[dict[str, Any]]:
        """Attributes and data of the events of mails that went to the outbox."""
        return [one for one in await outbox(self.pool) if one["topic"] == "mail-outcomes"]

    def mails(self, *offices: str) -> list[Mail]:
        """What the catcher holds for offices of this test, oldest first."""
        wanted = {self.address(office) for office in offices}
        new = sorted(path.stem for path in self._archive.folder.glob("[!.]*.eml") if path.stem >= self._since)
        found = [mail for name in new if (mail := self._archive.read(name))]
        return [mail for mail in found if wanted & set(mail.recipients)]


async def outbox(pool: Pool) -> list[dict[str, Any]]:
    """Headers (as text), data, topic and key of the events that wait for Kafka."""
    return [
        {
            **{name: value.decode() for name, value in kafka_headers(row["headers"])},
            **from_json(row["value"]),
            "topic": row["topic"],
            "key": row["key"],
        }
        for row in await pool.fetch("SELECT * FROM outbox ORDER BY seq")
    ]


def event_ids(events: list[dict[str, Any]]) -> list[UUID]:
    """Ids of events."""
    return [UUID(event["ce_id"]) for event in events]
