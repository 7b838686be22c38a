"""X.509 token profile of WS-Security: Body, Timestamp and token are signed; what comes back must be too (§1.3).

signxml computes; what was signed, where it stands, by whom and when is looked at here, since a signature over a Body
that was moved elsewhere is a valid signature.
"""

from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.x509 import verification
from lxml import etree
from lxml.builder import ElementMaker
from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm, SignatureConstructionMethod, SignatureMethod
from signxml.exceptions import InvalidInput, InvalidSignature
from signxml.signer import XMLSigner
from signxml.verifier import SignatureConfiguration, XMLVerifier

from hub.adapters.soap.wire import SOAP

_OASIS = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss"
WSSE, WSU = f"{_OASIS}-wssecurity-secext-1.0.xsd", f"{_OASIS}-wssecurity-utility-1.0.xsd"
TOKEN_TYPE = f"{_OASIS}-x509-token-profile-1.0#X509v3"
BASE64 = f"{_OASIS}-soap-message-security-1.0#Base64Binary"
ID = f"{{{WSU}}}Id"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
LIFE, SKEW = timedelta(minutes=5), timedelta(minutes=1)
_DS = "{http://www.w3.org/2000/09/xmldsig#}"
_SOAP_12 = "http://www.w3.org/2003/05/soap-envelope"
_W, _U = f"{{{WSSE}}}", f"{{{WSU}}}"
_MAKE = ElementMaker(namespace=WSSE, nsmap={"wsse": WSSE, "wsu": WSU})
_UTILITY = ElementMaker(namespace=WSU, nsmap={"wsu": WSU})
_STRONG = SignatureConfiguration(
    require_x509=True,
    expect_references=True,
    signature_methods=frozenset({SignatureMethod.RSA_SHA256, SignatureMethod.RSA_SHA384, SignatureMethod.RSA_SHA512}),
    digest_algorithms=frozenset({DigestAlgorithm.SHA256, DigestAlgorithm.SHA384, DigestAlgorithm.SHA512}),
)


class SignatureRefusedError(Exception):
    """A message must not be believed; ``rule`` says why."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


@dataclass(frozen=True, kw_only=True, slots=True)
class Signer:
    """Signs with an application's key."""

    key: RSAPrivateKey = field(repr=False)
    certificate: x509.Certificate

    def sign(self, envelope: etree._Element, at: datetime) -> etree._Element:
        """The envelope with a signed Body, Timestamp and token."""
        names = {part: f"{part}-{uuid4()}" for part in ("body", "time", "token")}
        soap = _soap_of(envelope)
        body = envelope.find(f"{soap}Body")
        if body is None:
            raise SignatureRefusedError("body-missing")
        body.set(ID, names["body"])
        moments = [one.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") for one in (at, at + LIFE)]
        stamp = _UTILITY.Timestamp(_UTILITY.Created(moments[0]), _UTILITY.Expires(moments[1]), {ID: names["time"]})
        token = _MAKE.BinarySecurityToken(
            b64encode(self.certificate.public_bytes(Encoding.DER)).decode(),
            {ID: names["token"], "ValueType": TOKEN_TYPE, "EncodingType": BASE64},
        )
        security = _MAKE.Security(token, stamp, {f"{soap}mustUnderstand": "1"})
        header = envelope.find(f"{soap}Header")
        if header is None:
            header = etree.Element(f"{soap}Header")
            envelope.insert(0, header)
        header.append(security)
        info = etree.Element(f"{_DS}KeyInfo")
        info.append(_MAKE.SecurityTokenReference(_MAKE.Reference(URI=f"#{names['token']}", ValueType=TOKEN_TYPE)))
        signer = XMLSigner(
            method=SignatureConstructionMethod.detached,
            signature_algorithm=SignatureMethod.RSA_SHA256,
            digest_algorithm=DigestAlgorithm.SHA256,
            c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
        )
        security.append(
            signer.sign(envelope, key=self.key, key_info=info, reference_uri=list(names.values()), id_attribute="Id")
        )
        return envelope


def signer_of(certificate: bytes, key: bytes) -> Signer:
    """A signer from PEM texts.

    Raises:
        ValueError: they are not PEM.
        TypeError: the key is no RSA key.
    """
    found = load_pem_private_key(key, None)
    if not isinstance(found, RSAPrivateKey):
        raise TypeError("signatures are made with an RSA key")
    return Signer(key=found, certificate=x509.load_pem_x509_certificate(certificate))


def verifier_of(anchors: bytes, pinned: bytes = b"") -> "Verifier":
    """A verifier from PEM texts with every anchor, and every certificate that alone may sign."""
    return Verifier(
        anchors=x509.load_pem_x509_certificates(anchors),
        pinned=x509.load_pem_x509_certificates(pinned) if pinned else (),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Verifier:
    """Believes messages that lead to one of the anchors; with ``pinned``, of these certificates alone."""

    anchors: Sequence[x509.Certificate]
    pinned: Sequence[x509.Certificate] = ()

    def verify(self, envelope: etree._Element, now: datetime) -> None:
        """Look at a message as it came.

        Raises:
            SignatureRefusedError: it must not be believed.
        """
        soap = _soap_of(envelope)
        body = _one(envelope, f"{soap}Body", "body")
        security = _one(_one(envelope, f"{soap}Header", "header"), f"{_W}Security", "security")
        stamp = _one(security, f"{_U}Timestamp", "timestamp")
        signature = _one(security, f"{_DS}Signature", "signature")
        token = _one(security, f"{_W}BinarySecurityToken", "token")
        _unique(envelope)
        _covers(signature, (body, stamp))
        pointer = signature.find(f"{_DS}KeyInfo/{_W}SecurityTokenReference/{_W}Reference")
        if pointer is None or pointer.get("URI") != f"#{token.get(ID)}":
            raise SignatureRefusedError("key-not-in-token")
        certificate = _certificate(token)
        self.trusted(certificate, now)
        _computed(envelope, certificate)
        _fresh(stamp, now)

    def trusted(self, certificate: x509.Certificate, now: datetime) -> None:
        """Whether a certificate may sign now.

        Raises:
            SignatureRefusedError: ``certificate-not-pinned``, ``certificate-not-trusted``.
        """
        if self.pinned and certificate not in self.pinned:
            raise SignatureRefusedError("certificate-not-pinned")
        builder = (
            verification.PolicyBuilder()
            .store(verification.Store(list(self.anchors)))
            .time(now.astimezone(UTC))
            .extension_policies(
                ca_policy=verification.ExtensionPolicy.webpki_defaults_ca(),
                ee_policy=verification.ExtensionPolicy.permit_all(),
            )
        )
        try:
            builder.build_client_verifier().verify(certificate, [])
        except verification.VerificationError as error:
            raise SignatureRefusedError("certificate-not-trusted") from error


def _soap_of(envelope: etree._Element) -> str:
    """The namespace of SOAP 1.1, or of 1.2 where the envelope is of that, as a prefix of names."""
    return f"{{{_SOAP_12 if etree.QName(envelope).namespace == _SOAP_12 else SOAP}}}"


def _one(parent: etree._Element, name: str, word: str) -> etree._Element:
    found = parent.findall(name)
    if len(found) != 1:
        raise SignatureRefusedError(f"{word}-not-one")
    return found[0]


def _unique(envelope: etree._Element) -> None:
    """Names that a signature may point to are given once in the whole message."""
    names = [value for one in envelope.iter() for key in (ID, "Id", "ID", "id") if (value := one.get(key)) is not None]
    if len(names) != len(set(names)):
        raise SignatureRefusedError("id-not-unique")


def _covers(signature: etree._Element, wanted: Sequence[etree._Element]) -> None:
    """These elements, where they stand now, are signed, without transforms that choose."""
    references = signature.findall(f"{_DS}SignedInfo/{_DS}Reference")
    signed = {one.get("URI") for one in references}
    if any(one.get(ID) is None or f"#{one.get(ID)}" not in signed for one in wanted):
        raise SignatureRefusedError("part-not-signed")
    if any(one.get("Algorithm") != EXCLUSIVE for one in signature.iter(f"{_DS}Transform")):
        raise SignatureRefusedError("transform-not-allowed")


def _certificate(token: etree._Element) -> x509.Certificate:
    try:
        return x509.load_der_x509_certificate(b64decode(token.text or "", validate=False))
    except (ValueError, NotBase64) as error:
        raise SignatureRefusedError("token-unreadable") from error


def _computed(envelope: etree._Element, certificate: x509.Certificate) -> None:
    wanted = replace(_STRONG, location=f"./{_soap_of(envelope)}Header/{_W}Security/")
    try:
        XMLVerifier().verify(envelope, x509_cert=certificate, id_attribute="Id", expect_config=wanted)
    except (InvalidSignature, InvalidInput) as error:
        raise SignatureRefusedError("signature-wrong") from error


def _fresh(stamp: etree._Element, now: datetime) -> None:
    try:
        created = datetime.fromisoformat(_one(stamp, f"{_U}Created", "created").text or "")
        expires = datetime.fromisoformat(_one(stamp, f"{_U}Expires", "expires").text or "")
        stale = expires <= now - SKEW or created > now + SKEW or created < now - LIFE - SKEW
    except (ValueError, TypeError) as error:
        raise SignatureRefusedError("timestamp-unreadable") from error
    if stale:
        raise SignatureRefusedError("timestamp-stale")
