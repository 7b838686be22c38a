"""The simulated bank pushes mutations: signed envelopes by SOAP, or signed batches of three files in a folder.

Written apart from the hub's own signatures, after the X.509 token profile, so that one proves the other.
"""

from base64 import b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import httpx
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.serialization import pkcs7
from lxml import etree
from signxml.algorithms import DigestAlgorithm, SignatureConstructionMethod, SignatureMethod
from signxml.signer import XMLSigner

from sandbox.bcss.authority import Identity

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
_OASIS = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss"
_WSSE, _WSU = f"{_OASIS}-wssecurity-secext-1.0.xsd", f"{_OASIS}-wssecurity-utility-1.0.xsd"
_TOKEN = f"{_OASIS}-x509-token-profile-1.0#X509v3"
_BASE64 = f"{_OASIS}-soap-message-security-1.0#Base64Binary"
_NS = "urn:be:mediationhub:mutations:1"
_DS = "http://www.w3.org/2000/09/xmldsig#"
_ENVELOPE = (
    '<s:Envelope xmlns:s="{soap}" xmlns:o="{wsse}" xmlns:u="{wsu}"><s:Header><o:Security s:mustUnderstand="1">'
    '<o:BinarySecurityToken u:Id="token" ValueType="{token}" EncodingType="{base64}">{certificate}'
    "</o:BinarySecurityToken>"
    '<u:Timestamp u:Id="time"><u:Created>{created}</u:Created><u:Expires>{expires}</u:Expires></u:Timestamp>'
    '</o:Security></s:Header><s:Body u:Id="body">{document}</s:Body></s:Envelope>'
)
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
        """A signed SOAP 1.1 envelope: token, Timestamp and Body are signed."""
        at = at or datetime.now(UTC)
        moments = [one.strftime("%Y-%m-%dT%H:%M:%SZ") for one in (at, at + timedelta(minutes=5))]
        certificate = self._identity.certificate.public_bytes(serialization.Encoding.DER)
        text = _ENVELOPE.format(
            soap=SOAP,
            wsse=_WSSE,
            wsu=_WSU,
            token=_TOKEN,
            base64=_BASE64,
            certificate=b64encode(certificate).decode(),
            created=moments[0],
            expires=moments[1],
            document=mutation.xml(self._sender),
        )
        root = etree.fromstring(text)
        info = etree.fromstring(
            f'<KeyInfo xmlns="{_DS}"><o:SecurityTokenReference xmlns:o="{_WSSE}">'
            f'<o:Reference URI="#token" ValueType="{_TOKEN}"/></o:SecurityTokenReference></KeyInfo>'
        )
        signer = XMLSigner(
            method=SignatureConstructionMethod.detached,
            signature_algorithm=SignatureMethod.RSA_SHA256,
            digest_algorithm=DigestAlgorithm.SHA256,
            c14n_algorithm="http://www.w3.org/2001/10/xml-exc-c14n#",
        )
        names = ["token", "time", "body"]
        signature = signer.sign(root, key=self._identity.key, key_info=info, reference_uri=names, id_attribute="Id")
        security = root.find(f".//{{{_WSSE}}}Security")
        if security is None:
            raise AssertionError("the envelope has a Security header")
        security.append(signature)
        return etree.tostring(root)

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
        """The detached PKCS#7 signature of a file, DER."""
        builder = pkcs7.PKCS7SignatureBuilder().set_data(content)
        builder = builder.add_signer(self._identity.certificate, self._identity.key, hashes.SHA256())
        options = [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary, pkcs7.PKCS7Options.NoCapabilities]
        return builder.sign(serialization.Encoding.DER, options)
