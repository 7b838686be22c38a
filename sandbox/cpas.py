"""A CPAS system: registers clients, follows its feed, reads its dossiers, closes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from sandbox.debts import Debt
from sandbox.feed import FeedFollower
from sandbox.ledger import DocumentLedger
from sandbox.people import Cpas, Person
from sandbox.receipts import claims_of
from sandbox.wire import Answer, HubClient, UnexpectedAnswerError
from schemas.event import Event
from schemas.mediation import CaseWorker, CloseDossier, ClosingReason, Consent, DossierOpened, RegisterClient
from schemas.notices import Address

_REFUSED, _FORBIDDEN = 400, 403


@dataclass(kw_only=True, slots=True)
class Case:
    """A client of the CPAS and her dossier, as the CPAS knows them.

    ``invited``: offices that must be invited. ``dossier`` is learned from the feed.
    """

    person: Person
    cpas: str
    invited: set[str] = field(default_factory=set)
    dossier: str = ""
    open: bool = True


class CpasSystem:
    """One CPAS with its ledger: ``cases`` by NISS, ``debts``, ``refusals`` that its commands must have met."""

    def __init__(self, cpas: Cpas, client: HubClient, *, run: str) -> None:
        self.cpas = cpas
        self.cases: dict[str, Case] = {}
        self.refusals: list[str] = []
        self.debts: list[Debt] = []
        self.consultations: dict[str, str] = {}
        """How each must end, by its id."""
        self.commands = 0
        self.documents = DocumentLedger(cpas.id, run)
        self.feed = FeedFollower(client)
        self.feed.on_event(self._learn)
        self._client = client
        self._run = run
        self._asked: dict[str, str] = {}
        self._opened: dict[str, str] = {}

    async def register(self, clients: Sequence[Case]) -> None:
        """Register clients who consented; their dossiers open."""
        self.cases |= {case.person.niss: case for case in clients}
        await self._send([self._registration(case.person, sharing=True) for case in clients])

    async def register_without_consent(self, person: Person) -> None:
        """Register a client who did not agree to sharing: refused (manual §2.1)."""
        await self._send([self._registration(person, sharing=False)])
        self.refusals.append("consent-missing")

    async def register_twice(self, case: Case) -> None:
        """Register a client whose dossier is open: refused."""
        await self._send([self._registration(case.person, sharing=True)])
        self.refusals.append("dossier-already-open")

    async def close(self, case: Case, reason: ClosingReason) -> None:
        """Close a dossier."""
        await self._send([CloseDossier(cpas=self.cpas.id, dossier=case.dossier, reason=reason)])
        case.open = False

    async def workbook(self, content: bytes) -> Answer:
        """Send an export of claims of a settlement that it mediates; known again by its bytes."""
        answer = await self._client.send_workbook("justrestart", content)
        self.documents.keep("justrestart", f"xlsx-{sha256(content).hexdigest()}", content, answer)
        return answer

    async def refused_workbook(self, content: bytes) -> bool:
        """Try to send an export of a settlement that it does not mediate; whether it is refused."""
        return (await self._client.send_workbook("justrestart", content)).status == _FORBIDDEN

    async def ask(self, commands: Sequence[Event]) -> list[str]:
        """Send commands about different people; the ids of their events, from the receipts."""
        return await self._send(commands)

    async def debt_files(self) -> list[Mapping[str, Any]]:
        """All its debt files, as the hub lists them."""
        found: list[Mapping[str, Any]] = (await self._client.get("/v1/debt-files", limit=500))["debt_files"]
        return found

    async def statement(self, file: str) -> Mapping[str, Any]:
        """Every step of one of its debt files."""
        found: Mapping[str, Any] = await self._client.get(f"/v1/debt-files/{file}/statement")
        return found

    async def dossiers(self) -> list[Mapping[str, Any]]:
        """All its dossiers, as the hub lists them."""
        found: list[Mapping[str, Any]] = []
        after = ""
        while True:
            page = await self._client.get("/v1/dossiers", limit=100, **({"after": after} if after else {}))
            found += page["dossiers"]
            after = page.get("next") or ""
            if not after:
                return found

    async def dossier(self, dossier: str) -> Mapping[str, Any]:
        """One dossier, whole: client, participations, totals per office and head."""
        found: Mapping[str, Any] = await self._client.get(f"/v1/dossiers/{dossier}")
        return found

    async def claims(self, dossier: str) -> Any:
        """Its claims."""
        return await self._client.get(f"/v1/dossiers/{dossier}/claims")

    async def may_see(self, dossier: str) -> bool:
        """Whether the hub lets it read a dossier."""
        return await self._client.status_of(f"/v1/dossiers/{dossier}") == 200  # noqa: PLR2004 - HTTP: found

    async def reads(self, answer: str) -> bool:
        """Whether the hub shows it an answer of the BCSS, for a purpose."""
        status = await self._client.status_of(f"/v1/answers/{answer}", purpose="repayment plan")
        return status == 200  # noqa: PLR2004 - HTTP: found

    async def _send(self, commands: Sequence[Event]) -> list[str]:
        events = [self._event(command) for command in commands]
        answer = await self._client.send_events(events)
        results = answer.body.get("results", [])
        if not answer.ok or any(one["status"] >= _REFUSED for one in results) or len(results) != len(events):
            raise UnexpectedAnswerError(f"{self.cpas.id}: {answer.status} {dict(answer.body)}")
        names = [str(claims_of(one["receipt"])["events"][0]) for one in results]
        self._asked |= {name: event["data"].get("niss", "") for name, event in zip(names, events, strict=True)}
        self._match()
        return names

    def _event(self, command: Event) -> Mapping[str, Any]:
        """A command as a CloudEvent; its id is this system's own."""
        self.commands += 1
        event_id = str(uuid5(NAMESPACE_URL, f"{self._run}/{self.cpas.id}/{self.commands}"))
        return {
            "specversion": "1.0",
            "id": event_id,
            "source": f"/{self.cpas.id}/software",
            "type": command.type,
            "time": datetime.now(UTC).isoformat(),
            "datacontenttype": "application/json",
            "data": command.model_dump(mode="json", exclude_none=True),
        }

    def _registration(self, person: Person, *, sharing: bool) -> RegisterClient:
        now = datetime.now(UTC)
        where = person.address
        return RegisterClient(
            cpas=self.cpas.id,
            stage="Dans la recherche",
            consent=Consent(registration=True, sharing=sharing, text_version="2021-09", given_at=now),
            language=person.language,
            niss=person.niss,
            name=person.name,
            first_name=person.first_name,
            sex=person.sex,
            born=person.born,
            address=Address(street=where.street, number=where.number, postcode=where.postcode, city=where.city),
            worker=CaseWorker(
                desk="Médiation", reference=f"M-{person.niss[-4:]}", manager="A. Lune", email=self.cpas.email
            ),
        )

    def _learn(self, event: Mapping[str, Any]) -> None:
        """Which command opened which dossier."""
        if event["type"] == DossierOpened.type:
            self._opened[event["causationid"]] = event["data"]["dossier"]
            self._match()

    def _match(self) -> None:
        """Which dossier is whose: the receipt of a registration names the event that opened it."""
        for cause in self._asked.keys() & self._opened.keys():
            self.cases[self._asked[cause]].dossier = self._opened[cause]
