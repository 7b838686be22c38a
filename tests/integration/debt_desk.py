"""A CPAS that keeps debt files over HTTP; what it asks is folded by the groups concerned as if through the log."""

from typing import Any
from uuid import uuid4

import httpx
from pydantic_core import from_json

from hub.application.envelope import kafka_headers
from hub.application.ports import Record
from hub.bootstrap.hub import Hub
from hub.domain.debts.fold import GROUP as DEBTS
from hub.domain.persons.fold import GROUP as PERSONS
from schemas import EVENT_TYPES, debt_commands
from tests.integration.counter import CPAS, NISS
from tests.integration.intake_parts import key_of

TYPES = [kind.type for kind in EVENT_TYPES.values() if kind.__module__ == debt_commands.__name__]
PERSON = {"niss": NISS, "name": "Zebulon", "first_name": "Anne", "born": "1975-11-10"}


async def key(hub: Hub, institution: str = CPAS) -> dict[str, str]:
    return await key_of(hub, institution, "cpas", (), TYPES)


class DebtDesk:
    def __init__(self, hub: Hub, client: httpx.AsyncClient) -> None:
        self.hub, self.client = hub, client
        self.told: list[dict[str, Any]] = []
        self.handled: list[tuple[str, Record]] = []

    async def ask(self, command: str, id_: str | None = None, **data: Any) -> httpx.Response:
        """Post a command; the debtor unless it says of whom."""
        return await self.client.post(
            f"/v1/debt-commands/{command}",
            json={"niss": NISS, **data},
            headers={"idempotency-key": str(uuid4()) if id_ is None else id_},
        )

    async def done(self, command: str, **data: Any) -> str:
        """Ask and fold; the id of the command's event."""
        answer = await self.ask(command, **data)
        assert answer.status_code == 201, answer.text
        row = await self.hub.database.pool.fetchrow("SELECT headers FROM outbox ORDER BY seq DESC LIMIT 1")
        assert row is not None
        await self.pump()
        return str(from_json(row["headers"])["id"])

    async def pump(self) -> None:
        """What the outbox holds reaches its groups, until nothing more follows."""
        pool = self.hub.database.pool
        while rows := await pool.fetch("SELECT * FROM outbox ORDER BY seq"):
            await pool.execute("DELETE FROM outbox WHERE seq <= $1", rows[-1]["seq"])
            for row in rows:
                await self._reaches(row)

    async def _reaches(self, row: Any) -> None:
        attributes, value = from_json(row["headers"]), from_json(row["value"])
        self.told.append({**attributes, **value})
        record = Record(
            topic=row["topic"],
            partition=0,
            offset=0,
            timestamp=0,
            key=row["key"].encode(),
            value=row["value"],
            headers=tuple(kafka_headers(row["headers"])),
        )
        for group in (DEBTS, PERSONS):
            if attributes["type"] in self.hub.managers[group].handles:
                self.handled.append((group, record))
                await self.fold(group, record)

    async def fold(self, group: str, record: Record) -> None:
        report = await self.hub.consume(group).handle([record])
        assert report.failed == 0, await self.hub.database.pool.fetch("SELECT reason FROM dead_letter")

    def facts(self, name: str) -> list[dict[str, Any]]:
        """Told events by the middle of their type."""
        return [one for one in self.told if f".{name}." in one["type"]]

    async def get(self, path: str) -> Any:
        answer = await self.client.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()
