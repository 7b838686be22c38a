"""One CPAS at its counter: commands in, folded on the real database, deliveries to a bank with books of its own."""

import asyncio
import sys
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from pydantic_core import from_json

from hub.adapters.postgres.bank_calls import PostgresCalls, PostgresGates
from hub.adapters.postgres.bell import PostgresBell
from hub.adapters.postgres.deliveries import PostgresDeliveries
from hub.adapters.soap.bank import SoapBank
from hub.application.consult.assigning import BisRegister
from hub.application.consult.no_bank import NoBank
from hub.application.consult.ports import CrossroadsBank
from hub.application.consult.searching import PersonIndex
from hub.application.consult.send_access import BankParts, SendAccess
from hub.application.consult.send_bis import SendBis
from hub.application.consult.send_flow import SendFlow
from hub.application.consult.send_search import SendSearch
from hub.application.deliver.carry import Deliver
from hub.application.envelope import encode, kafka_headers
from hub.application.ports import Record
from hub.bootstrap.hub import Hub, opened
from hub.domain.messaging.cloudevent import CloudEvent, dossier_of
from hub.domain.persons.fold import GROUP
from sandbox.numbers import niss
from schemas.event import Event
from tests.integration.post_office import FakeClock, FakeMeter, outbox, policy
from tests.support.fake_bank import FakeBank

CPAS = "cpas-1"
NISS = niss(date(1975, 11, 10), 991)
SPOUSE = niss(date(1977, 2, 3), 992)


class Counter:
    """One person at one CPAS."""

    def __init__(self, hub: Hub, bank: FakeBank, number: str = NISS, index: PersonIndex | None = None) -> None:
        self.hub, self.bank, self.number, self.index = hub, bank, number, index or NoBank()
        self.register: BisRegister = index if isinstance(index, SoapBank) else NoBank()
        self.pool = hub.database.pool
        self.clock, self.meter = FakeClock(), FakeMeter()
        self.subject = hub.vault.subject_of(number)
        self.dossier = dossier_of(self.subject, CPAS)
        self.told: list[dict[str, Any]] = []

    def worker(self, bank: CrossroadsBank | None = None, **given: Any) -> Deliver:
        """A deliverer that reaches the bank."""
        parts = BankParts(
            bank=bank or self.bank,
            calls=PostgresCalls(self.hub.database),
            sealing=self.hub.vault,
            topics=self.hub.topics,
            clock=self.clock,
            retention=timedelta(days=30),
        )
        flow = SendFlow(parts, gates=PostgresGates(self.hub.database), rules=self.hub.gate_rules)
        return Deliver(
            deliveries=PostgresDeliveries(self.hub.database),
            gateways={
                "bcss-access": SendAccess(parts),
                "bcss-flow": flow,
                "bcss-search": SendSearch(parts, self.index, retention=timedelta(hours=24)),
                "bcss-bis": SendBis(parts, self.register, retention=timedelta(hours=24)),
            },
            vault=self.hub.vault,
            topics=self.hub.topics,
            clock=self.clock,
            bell=PostgresBell(self.hub.database.dsn, "hub_delivery"),
            meter=self.meter,
            policy=policy(**given),
        )

    async def say(self, data: Event, typed: Mapping[str, Any] | None = None) -> UUID:
        """A command, or any event about the person, folded at once."""
        id_ = uuid4()
        known = {"niss": self.number, "name": "Zebulon", "born": date(1975, 11, 10)}
        filled = data.opened(dict(typed or known))
        box = None
        if filled.personal_fields():
            (box,) = await self.hub.vault.seal_many([(self.subject, id_, filled.personal_json())])
        event = CloudEvent(
            id=id_,
            source="/test",
            type=data.type,
            time=self.clock(),
            recordedtime=self.clock(),
            partitionkey=self.dossier,
            subject=self.subject,
            correlationid=self.dossier,
            data=data,
            box=box,
        )
        headers, value = encode(event)
        await self._fold(headers, value)
        return id_

    async def _fold(self, headers: str, value: bytes) -> None:
        record = Record(
            topic="cpas-commands",
            partition=0,
            offset=0,
            timestamp=0,
            key=self.dossier.encode(),
            value=value,
            headers=tuple(kafka_headers(headers)),
        )
        report = await self.hub.consume(GROUP).handle([record])
        assert report.failed == 0, await self.pool.fetch("SELECT reason FROM dead_letter")

    async def pump(self) -> None:
        """What the outbox holds comes back to the group, as through the log; all of it is remembered."""
        while rows := await self.pool.fetch("SELECT * FROM outbox ORDER BY seq"):
            self.told += await outbox(self.pool)
            await self.pool.execute("DELETE FROM outbox WHERE seq <= $1", rows[-1]["seq"])
            for row in rows:
                await self._fold(row["headers"], row["value"])

    async def run(self) -> None:
        """Deliver and fold until nothing is due."""
        await self.pump()
        while await self.worker().once():
            await self.pump()

    async def all_due(self) -> None:
        """Back-offs and leases are over."""
        await self.pool.execute("UPDATE delivery SET due_at = now() - interval '1 second'")

    def facts(self, name: str) -> list[dict[str, Any]]:
        """Told events by the middle of their type."""
        return [one for one in self.told if f".{name}." in one["ce_type"]]

    async def state(self) -> dict[str, Any]:
        """The folded state."""
        data = await self.pool.fetchval("SELECT data FROM state WHERE key = $1", self.dossier)
        found: dict[str, Any] = from_json(data)
        return found


async def _deliver_once(file: Path) -> None:
    """A deliverer of its own process, to be killed."""
    async with opened() as hub:
        await Counter(hub, FakeBank(file)).worker().once()


if __name__ == "__main__":
    asyncio.run(_deliver_once(Path(sys.argv[1])))
