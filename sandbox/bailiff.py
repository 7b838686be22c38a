"""Software of a bailiff office: gets invitations by feed and mail, answers, tells claims, corrects and withdraws."""

import gzip
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from sandbox.amounts import Totals
from sandbox.claims import Claim, claim_element, x
from sandbox.drop import FolderDrop
from sandbox.feed import FeedFollower
from sandbox.ledger import DocumentLedger
from sandbox.mailroom import Mail, Mailroom
from sandbox.people import Office, Person
from sandbox.wire import Answer, HubClient, UnexpectedAnswerError
from sandbox.xml import Element, document, envelope
from schemas.accounts import ChangeAccount, TellUser
from schemas.event import Event
from schemas.rcd_access import AskAccess

_REFUSED = 400
Option = Literal["O1", "O2", "O3", "O4", "O5"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Bulk:
    """A synchronisation as it was sent: what it told, which rules its bad items broke."""

    sequence: int
    told: tuple[Claim, ...]
    bad: tuple[str, ...]
    answer: Answer

    @property
    def missing(self) -> Sequence[Sequence[int]]:
        """Ranges of numbers that the hub misses, as it answered."""
        found: Sequence[Sequence[int]] = (self.answer.body.get("gap") or {}).get("missing", ())
        return found


class BailiffSoftware:
    """One office with its ledger: ``claims`` by reference, ``answers`` by invitation, ``bulks`` by number."""

    def __init__(self, office: Office, client: HubClient, drop: FolderDrop, mailroom: Mailroom, *, run: str) -> None:
        self.office = office
        self.documents = DocumentLedger(office.id, run)
        self.feed = FeedFollower(client)
        self.claims: dict[str, Claim] = {}
        self.answers: dict[str, Option] = {}
        self.bulks: dict[int, Bulk] = {}
        self._client = client
        self._drop = drop
        self._mailroom = mailroom
        self._sequence = 0
        self._numbered = 0

    @property
    def contact(self) -> str:
        """The address on its claims."""
        return self.office.email or f"{self.office.id}@nowhere.sandbox.invalid"

    def next_claim(self) -> int:
        """Number of its next claim."""
        self._numbered += 1
        return self._numbered

    def next_sequence(self) -> int:
        """Number of its next synchronisation."""
        self._sequence += 1
        return self._sequence

    async def synchronise(
        self,
        changes: Iterable[Claim],
        *,
        sequence: int | None = None,
        bad: dict[str, Element] | None = None,
        folder: bool = False,
    ) -> Bulk:
        """Tell changes in bulk, through the folder or compressed over HTTP; ``bad`` items must be refused alone."""
        told = tuple(changes)
        number = sequence or self.next_sequence()
        message_id = self.documents.next_id()
        content = self._synchronisation(message_id, number, told, tuple((bad or {}).values()))
        if folder:
            answer = await self._drop.send(message_id, content)
        else:
            content = gzip.compress(content)
            answer = await self._client.send_document("cia", content, compressed=True)
        self.documents.keep("cia", message_id, content, answer, state="partial" if bad else "accepted")
        self.claims |= {claim.reference: claim for claim in told}
        self.bulks[number] = Bulk(sequence=number, told=told, bad=tuple(bad or ()), answer=answer)
        return self.bulks[number]

    async def answer(self, invitation: str, option: Option) -> None:
        """Answer an invitation with one of the five options (manual §3.3)."""
        message_id = self.documents.next_id()
        attributes = {"invitation": invitation, "option": option, "termsVersion": "2021-09"}
        root = x("Answer", {**envelope(message_id, self.office.id), **attributes, "answeredAt": datetime.now(UTC)})
        content = document(root)
        answer = await self._client.send_document("cia", content)
        self.documents.keep("cia", message_id, content, answer)
        self.answers[invitation] = option

    async def cede(self, case: str, party: str, target: str) -> None:
        """Ask the hub to give the office's place in a settlement to another office."""
        await self._ask(
            AskAccess(institution=self.office.id, case=case, wish="cede", party=party, target=target),
            f"{case}.{party}.{target}",
        )

    async def open_account(self) -> None:
        """Tell the hub of a user at the register, and of the group that gets the office's cases."""
        ours, user = self.office.id, "desk"
        address = f"desk.{ours}@huissiers.sandbox.invalid"
        told = TellUser(institution=ours, by=user, user=user, language=self.office.language, email=address)
        await self._ask(told, "account.user")
        group = ChangeAccount(institution=ours, by=user, change="create-group", user=user, group="rcd")
        await self._ask(group, "account.group")

    async def _ask(self, wish: Event, name: str) -> None:
        event = {
            "specversion": "1.0",
            "id": name,
            "source": f"/{self.office.id}/software",
            "type": wish.type,
            "time": datetime.now(UTC).isoformat(),
            "data": wish.model_dump(mode="json", exclude_none=True),
        }
        answer = await self._client.send_events([event])
        if not answer.ok or any(one["status"] >= _REFUSED for one in answer.body["results"]):
            raise UnexpectedAnswerError(f"{self.office.id}: {answer.status} {dict(answer.body)}")

    def invited_by_feed(self) -> dict[str, str]:
        """NISS by invitation reference, as the feed tells them."""
        return {event["invitation"]: event.get("niss", "") for event in self.feed.of("office.invited")}

    def mails(self, kind: str) -> Sequence[Mail]:
        """Mails of a kind that reached the office."""
        return self._mailroom.to(self.office.email, kind) if self.office.email else []

    def told(self, person: Person) -> bool:
        """Whether it ever told a claim on this person."""
        return any(claim.person.niss == person.niss for claim in self.claims.values())

    def totals(self, person: Person) -> Totals:
        """What its living claims on a person come to."""
        mine = (one for one in self.claims.values() if one.person.niss == person.niss and not one.withdrawn)
        return Totals.of(claim.heads for claim in mine)

    async def dossier(self, dossier: str) -> Mapping[str, Any]:
        """A dossier it was invited to, as far as it may see it."""
        found: Mapping[str, Any] = await self._client.get(f"/v1/dossiers/{dossier}")
        return found

    async def may_see(self, dossier: str) -> bool:
        """Whether the hub lets it read a dossier."""
        return await self._client.status_of(f"/v1/dossiers/{dossier}") == 200  # noqa: PLR2004 - HTTP: found

    def _synchronisation(self, message_id: str, number: int, told: Sequence[Claim], bad: Sequence[Element]) -> bytes:
        items = [*(claim_element(claim, self.contact) for claim in told), *bad]
        root = envelope(message_id, self.office.id, sequence=number)
        return document(x("Synchronisation", root, *(x("Entry", None, item) for item in items)))
