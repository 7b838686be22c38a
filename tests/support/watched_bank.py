"""The simulated bank on its TLS socket, as a hub of real processes reaches it: watched, shut and opened again."""

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, get_args

from sandbox.bcss.authority import Authority
from sandbox.bcss.bank import SERVICES, SandboxBank
from sandbox.bcss.server import Listening, Question, Said, listening
from sandbox.numbers import enterprise_number
from sandbox.people import Person
from schemas.persons import FlowName
from tests.support.processes import HubProcess

_TICKET = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_ACTION = re.compile(rb"Action&gt;([A-Z]+)")


class Asked(NamedTuple):
    """A question that reached the bank: ``register``, ``list`` or the endpoint of a flow, and our ticket."""

    what: str
    ticket: str


@dataclass
class WatchedBank:
    """``asked``: every question in order. ``victim``: killed once the bank did what the next question wants."""

    folder: Path
    sandbox: SandboxBank
    cpas: str
    asked: list[Asked] = field(default_factory=list)
    victim: HubProcess | None = None
    most: int = 0
    """Connections that were open at once."""
    _authority: Authority = field(default_factory=Authority)
    _open: AsyncExitStack = field(default_factory=AsyncExitStack)
    _place: Listening | None = None

    async def open(self) -> None:
        """Listen; where it did before, if it did."""
        port = int(self._place.url.rpartition(":")[2]) if self._place else 0
        self._place = await self._open.enter_async_context(
            listening(self._answer, self.folder, authority=self._authority, port=port, opened=self._opened)
        )

    def _opened(self, count: int) -> None:
        self.most = max(self.most, count)

    async def shut(self) -> None:
        """Nobody listens any more; open connections are cut."""
        await self._open.aclose()

    @property
    def variables(self) -> dict[str, str]:
        """Settings of a hub that asks this bank."""
        assert self._place, "the bank listens"
        contexts = get_args(FlowName)
        return {
            "HUB_BCSS__ENDPOINTS": ";".join(f"{name}={self._place.url}/{name}" for name in SERVICES),
            "HUB_BCSS__ORGANISATIONS": f"{self.cpas}={enterprise_number(1)}/63023",
            "HUB_BCSS__AUTHORITY": str(self._place.authority),
            "HUB_BCSS__CERTIFICATE": str(self._place.certificate),
            "HUB_BCSS__KEY": str(self._place.key),
            "HUB_PERSONS__FILE_NEEDED": "false",
            "HUB_PERSONS__LEGAL_CONTEXTS": ";".join(f"{flow}/31=PCSA:DEBT_RECOVERY" for flow in contexts),
        }

    def tickets(self, what: str) -> list[str]:
        """Our tickets of one kind of question, in order."""
        return [one.ticket for one in self.asked if one.what == what]

    async def _answer(self, question: Question) -> Said:
        action, ticket = _ACTION.search(question.body), _TICKET.search(question.body)
        assert ticket, "every question has a ticket"
        what = action[1].decode().lower() if action else question.path.strip("/")
        self.asked.append(Asked(what, ticket[0].decode()))
        said = await self.sandbox.answer(question)
        if self.victim:
            self.victim.kill()
            self.victim = None
        return said


@asynccontextmanager
async def watched_bank(folder: Path, people: Sequence[Person], cpas: str) -> AsyncIterator[WatchedBank]:
    """A bank that listens, until the end of the test."""
    bank = WatchedBank(folder, SandboxBank(people, codes={enterprise_number(1): "63023"}), cpas)
    await bank.open()
    try:
        yield bank
    finally:
        await bank.shut()
