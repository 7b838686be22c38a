"""The FCA and the Chamber's office directory: sends notices singly and in bulk, and keeps every notice's state."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sandbox import notices
from sandbox.drop import FolderDrop
from sandbox.ledger import DocumentLedger, Sent
from sandbox.notices import RUNNING, Notice
from sandbox.numbers import damaged
from sandbox.people import Office, Person
from sandbox.wire import Answer, HubClient
from sandbox.xml import CIA, Element, Vocabulary, document, envelope

_cia = Vocabulary(CIA)

Operation = Callable[[Notice, date], Element]


class Fca:
    """One simulated FCA with its ledger: ``notices`` by number, as the hub must know them too."""

    def __init__(self, client: HubClient, drop: FolderDrop, *, run: str, today: date) -> None:
        self.id = client.institution
        self.documents = DocumentLedger(self.id, run)
        self.notices: dict[str, Notice] = {}
        self.listed: dict[str, Office] = {}
        self._client = client
        self._drop = drop
        self._today = today

    async def list_offices(self, offices: Sequence[Office]) -> None:
        """Send the directory of offices."""
        message_id = self.documents.next_id()
        root = _cia("OfficeDirectory", envelope(message_id, self.id), *(_listing(office) for office in offices))
        content = document(root)
        answer = await self._client.send_document("cia", content)
        self.documents.keep("cia", message_id, content, answer)
        self.listed |= {office.id: office for office in offices}

    async def register(self, notice: Notice) -> Sent:
        """Send one notice."""
        sent = await self._send(lambda **head: notices.registration(notice, **head))
        self.notices[notice.number] = notice
        return sent

    async def strike(self, notice: Notice) -> Sent:
        """Strike a notice, whether it was registered or not."""
        sent = await self._send(lambda **head: notices.strike(notice, self._today, **head))
        if notice.number in self.notices:
            self.notices[notice.number] = notices.changed(notice, state="struck")
        return sent

    async def returns(self) -> Sequence[Mapping[str, Any]]:
        """Documents that were returned and wait for a correction."""
        found: Sequence[Mapping[str, Any]] = (await self._client.get("/v1/returns"))["returns"]
        return found

    async def correct(self, reference: str, notice: Notice) -> None:
        """Strike a notice in the place of a returned document."""
        await self._send(lambda **head: notices.strike(notice, self._today, **head), corrects=reference)
        self.notices[notice.number] = notices.changed(notice, state="struck")

    async def drop(self, entries: Iterable[Element], *, bad: Sequence[Element] = ()) -> Answer:
        """Put a bulk of notices and operations into the watched folder; ``bad`` ones must be refused alone."""
        message_id = self.documents.next_id()
        items = [notices.x("Entry", None, entry) for entry in (*entries, *bad)]
        content = document(notices.x("Notices", envelope(message_id, self.id), *items))
        answer = await self._drop.send(message_id, content)
        self.documents.keep("fca", message_id, content, answer, state="partial" if bad else "accepted")
        return answer

    def know(self, changes: Iterable[Notice]) -> None:
        """Write down what a drop told."""
        self.notices |= {notice.number: notice for notice in changes}

    async def send_again(self, sent: Sent) -> Answer:
        """The very same document once more."""
        return await self._client.send_document(sent.connector, sent.content)

    async def send_other_bytes(self, sent: Sent) -> Answer:
        """Another document under a message id that was used."""
        return await self._client.send_document(sent.connector, sent.content + b"<!-- other bytes -->")

    async def send_broken(self, notice: Notice, language: str) -> Answer:
        """A notice of a kind that does not exist, the same bytes each time; the answer in a language."""
        root = notices.registration(notice, **envelope(f"broken.{notice.number}", self.id))
        root.set("kind", "N99")
        root.set("sentAt", "2026-01-05T09:00:00+01:00")
        return await self._client.send_document("fca", document(root), language=language)

    async def key_set(self) -> Any:
        """The keys that the hub's receipts are checked with."""
        return await self._client.get("/v1/keys")

    def offices_of(self, person: Person) -> set[str]:
        """Offices that appear in the FCA for a person through notices that still run (manual §3.3)."""
        mine = (notice for notice in self.notices.values() if notice.person.niss == person.niss)
        return {notice.office for notice in mine if notice.office and notice.state in RUNNING}

    def expire(self, today: date) -> int:
        """Let time pass: notices whose term is before ``today`` ran out; how many."""
        late = [one for one in self.notices.values() if one.state in RUNNING and one.expires_on < today]
        self.know(notices.changed(one, state="expired") for one in late)
        return len(late)

    async def _send(self, make: Callable[..., Element], *, corrects: str | None = None) -> Sent:
        message_id = self.documents.next_id()
        content = document(make(**envelope(message_id, self.id)))
        answer = await self._client.send_document("fca", content, corrects=corrects)
        return self.documents.keep("fca", message_id, content, answer)


def bad_registration(notice: Notice) -> Element:
    """A notice whose debtor's NISS has wrong check digits."""
    element = notices.registration(notice)
    debtor = element.find("{*}Debtor")
    assert debtor is not None  # noqa: S101 - every notice has one
    debtor.set("niss", damaged(notice.person.niss))
    return element


def _listing(office: Office) -> Element:
    where = office.address
    return _cia(
        "Office",
        {
            "office": office.id,
            "name": office.name,
            "street": where.street,
            "number": where.number,
            "postcode": where.postcode,
            "city": where.city,
            "email": office.email,
            "language": office.language,
            "registered": office.registered,
        },
    )
