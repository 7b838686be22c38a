"""A CPAS over HTTP, the processes of its hub, and the simulated bank behind them."""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

from hub.application.intake.callers import Institution
from hub.bootstrap.hub import Hub
from sandbox.people import Person
from schemas.bis_numbers import RequestBisNumber
from schemas.consultations import ConsultFlow
from schemas.event import Event
from schemas.persons import FlowName, RequestIntegration
from schemas.searches import SearchPerson
from tests.support.partner import Partner
from tests.support.processes import HubProcess, Processes
from tests.support.waiting import until
from tests.support.watched_bank import WatchedBank

FAILURES, CONNECTIONS = 3, 4
_OWN = ("relay", "consume", "intake")
_COMMANDS = (RequestIntegration.type, ConsultFlow.type, SearchPerson.type, RequestBisNumber.type)


class Counterside:
    """A CPAS over HTTP, the deliverer it never sees, and the clock of both."""

    def __init__(self, hub: Hub, processes: Processes, bank: WatchedBank, partner: Partner) -> None:
        self.hub, self.processes, self.bank, self.partner = hub, processes, bank, partner

    async def deliverer(self, **variables: str) -> HubProcess:
        """One more `hub deliver`."""
        settings = {
            **self.bank.variables,
            "HUB_BCSS__ANSWER_WAIT": "PT5S",
            "HUB_BCSS__CONNECTIONS": str(CONNECTIONS),
            "HUB_DELIVER__BREAKER_FAILURES": str(FAILURES),
            **variables,
        }
        return await self.processes.start("deliver", **settings).up()

    async def integrate(self, *people: Person) -> None:
        """Command it for each."""
        await self._say(people, lambda _: RequestIntegration(cpas=self.bank.cpas))

    async def consult(self, flow: FlowName, *people: Person, **asked: Any) -> None:
        """Command it for each."""
        await self._say(people, lambda _: ConsultFlow(cpas=self.bank.cpas, flow=flow, **asked))

    async def search(self, **typed: str | int) -> None:
        """Command a search."""
        await self._ask(SearchPerson.type, typed)

    async def number(self, **typed: str | int) -> None:
        """Command a BIS number."""
        await self._ask(RequestBisNumber.type, typed)

    async def _ask(self, kind: str, typed: dict[str, str | int]) -> None:
        data = {"cpas": self.bank.cpas, **typed}
        await self.partner.events(
            [{"specversion": "1.0", "id": str(uuid4()), "source": "/cpas", "type": kind, "data": data}]
        )

    async def _say(self, people: Sequence[Person], made: Any) -> None:
        await self.partner.events([_command(made(one), one) for one in people])

    async def told(self, name: str) -> list[dict[str, Any]]:
        """Events of the feed by the middle of their type."""
        events: list[dict[str, Any]] = (await self.partner.get("/v1/feed", limit=500)).json()
        return [one for one in events if f".{name}." in one["type"]]

    async def until_told(self, name: str, count: int, within: float = 60.0) -> None:
        """Wait for so many."""

        async def so_many() -> bool:
            return len(await self.told(name)) >= count

        await until(so_many, f"{count} x {name}", within=within)
        assert len(await self.told(name)) == count

    async def later(self, by: timedelta, state: str = "waiting") -> None:
        """The hub's time moves, and back-offs with it (``sending``: leases of the dead); the database counts them."""
        await self.hub.time_machine.advance(by)
        moved = "UPDATE delivery SET due_at = due_at - $1::interval WHERE state = $2"
        await self.hub.database.pool.execute(moved, by, state)

    async def calls(self) -> Counter[str]:
        """Calls to the bank as this hub wrote them down, by outcome."""
        rows = await self.hub.database.pool.fetch("SELECT outcome FROM bank_call")
        return Counter(row["outcome"] for row in rows)


def _command(data: Event, person: Person) -> dict[str, Any]:
    known = {"niss": person.niss, "name": person.name, "first_name": person.first_name, "born": person.born.isoformat()}
    mine = {name: value for name, value in known.items() if name in type(data).model_fields}
    return {
        "specversion": "1.0",
        "id": str(uuid4()),
        "source": "/cpas",
        "type": data.type,
        "data": {**data.clear_json(), **mine},
    }


@asynccontextmanager
async def counterside(
    hub: Hub, processes: Processes, bank: WatchedBank, *types: str, **variables: str
) -> AsyncIterator[Counterside]:
    """A CPAS that may also send ``types``, beside running processes with these settings."""
    for name in _OWN:
        processes.start(name, **bank.variables, **variables)
    for one in list(processes.started):
        await one.up()
    await hub.institutions.add(Institution(id=bank.cpas, kind="cpas", name=bank.cpas, email=None, language="fr"))
    _, key = await hub.institutions.key(bank.cpas, (), (*_COMMANDS, *types))
    found = Counterside(hub, processes, bank, Partner(processes.http, bank.cpas, key))
    yield found
    await found.partner.close()
