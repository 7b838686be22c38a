"""The simulated bank pushes mutations: signed envelopes by SOAP, or signed batches of three files in a folder."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import httpx
from lxml import etree

from sandbox.bcss.authority import Identity
from sandbox.bcss.signing import SOAP, detached, signed

_NS = "urn:be:mediationhub:mutations:1"
_FORM = (
    '<Form xmlns="{ns}"><Identification>{name}</Identification><FormCreationDate>{day}</FormCreationDate>'
    "<FormCreationHour>{hour}</FormCreationHour><AttestationStatus>0</AttestationStatus><TypeForm>MUTATION</TypeForm>"
    "<Reference>{name}</Reference><Data><DocumentXML>{document}</DocumentXML></Data></Form>"
)


@dataclass(frozen=True, kw_only=True)
class Change:
    """One change; ``replacing`` of SSIN_REPLACED. ``fields``: name, before, after."""

    kind: str
    effective: str
    form: str = ""
    replacing: str = ""
    fields: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Mutation:
    """What the bank tells a CPAS of a person."""

    recipient: str
    niss: str = field(repr=False)
    order: int
    changes: tuple[Change, ...]
    source: str = "RN"
    notification: UUID = field(default_factory=uuid4)
    sent_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def xml(self, sender: str) -> str:
        """As ``mutations.xsd`` wants it."""
        root = etree.Element(f"{{{_NS}}}Mutation", nsmap={None: _NS})
        told = {
            "messageId": str(self.notification),
            "sender": sender,
            "sentAt": self.sent_at.isoformat(timespec="seconds"),
            "recipient": self.recipient,
            "niss": self.niss,
            "order": str(self.order),
            "source": self.source,
        }
        for name, value in told.items():
            root.set(name, value)
        for change in self.changes:
            said = {"kind": change.kind, "form": change.form, "effective": change.effective}
            given = {**said, "replacing": change.replacing}
            one = etree.SubElement(root, f"{{{_NS}}}Change", {name: value for name, value in given.items() if value})
            for name, before, after in change.fields:
                both = {"name": name, "before": before, "after": after}
                etree.SubElement(one, f"{{{_NS}}}Field", {key: value for key, value in both.items() if value})
        return etree.tostring(root, encoding="unicode")


class Pusher:
    """Sends mutations as one institution with one certificate."""

    def __init__(self, identity: Identity, *, sender: str = "bcss") -> None:
        self._identity, self._sender = identity, sender

    def envelope(self, mutation: Mutation, at: datetime | None = None) -> bytes:
        """A signed SOAP 1.1 envelope."""
        plain = f'<s:Envelope xmlns:s="{SOAP}"><s:Body>{mutation.xml(self._sender)}</s:Body></s:Envelope>'
        return signed(plain.encode(), self._identity, at)

    async def push(self, http: httpx.AsyncClient, mutation: Mutation) -> httpx.Response:
        """Push by SOAP to a hub's door; ``http`` carries the institution's key."""
        headers = {"content-type": "text/xml; charset=utf-8", "soapaction": '""'}
        return await http.post("/v1/connectors/mutations/soap", content=self.envelope(mutation), headers=headers)

    def drop(self, folder: Path, mutation: Mutation, *, number: int, environment: str = "R", go: bool = True) -> str:
        """Put a batch of one mutation into a folder: FO, FS, and GO last. The name that the three share."""
        name = f"HUB.{self._sender}.{mutation.sent_at:%Y%m%d}.{number}.{environment}.1.1"
        form = _FORM.format(
            ns=_NS,
            name=name,
            day=f"{mutation.sent_at:%Y-%m-%d}",
            hour=f"{mutation.sent_at:%H:%M:%S}",
            document=mutation.xml(self._sender),
        ).encode()
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"FO.{name}").write_bytes(form)
        (folder / f"FS.{name}").write_bytes(self.detached(form))
        if go:
            (folder / f"GO.{name}").touch()
        return name

    def detached(self, content: bytes) -> bytes:
        """The detached signature of a file."""
        return detached(content, self._identity)
