"""Whether what comes in was signed: envelopes by WS-Security, files by a detached PKCS#7 signature beside them.

asn1crypto reads the CMS structure (RFC 5652) and cryptography computes; there is no verification of PKCS#7 in the
latter. Whom to believe is the same question for both: ``Verifier.trusted``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import new as hash_of
from hmac import compare_digest

from asn1crypto import cms
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from lxml.etree import _Element as Element

from hub.adapters.soap.signature import WSSE, SignatureRefusedError, Verifier
from hub.application.intake.refusals import NotPermittedError

_STRONG = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}
_RULE = "signature-refused"


@dataclass(frozen=True, kw_only=True, slots=True)
class EnvelopeSignature:
    """The port ``Believe``. ``demanded``: an envelope without signature is refused too."""

    verifier: Verifier
    now: Callable[[], datetime]
    demanded: bool

    def __call__(self, envelope: Element) -> bool:
        """Whether it is signed.

        Raises:
            NotPermittedError: ``signature-refused``.
        """
        if not self.demanded and envelope.find(f"{{*}}Header/{{{WSSE}}}Security") is None:
            return False
        try:
            self.verifier.verify(envelope, self.now())
        except SignatureRefusedError as refusal:
            raise NotPermittedError(_RULE, limit=refusal.rule) from refusal
        return True


@dataclass(frozen=True, kw_only=True, slots=True)
class DetachedSignature:
    """The port ``BelieveFile``."""

    verifier: Verifier
    now: Callable[[], datetime]

    def __call__(self, content: bytes, signature: bytes) -> None:
        """Look at a file and the signature that came with it.

        Raises:
            NotPermittedError: ``signature-refused``.
        """
        try:
            _verify(content, signature, self.verifier, self.now())
        except SignatureRefusedError as refusal:
            raise NotPermittedError(_RULE, limit=refusal.rule) from refusal
        except (ValueError, TypeError, KeyError, IndexError) as error:  # what asn1crypto says of bytes that are no CMS
            raise NotPermittedError(_RULE, limit="signature-unreadable") from error


def _verify(content: bytes, signature: bytes, verifier: Verifier, now: datetime) -> None:
    info = cms.ContentInfo.load(signature, strict=True)
    if info["content_type"].native != "signed_data":
        raise SignatureRefusedError("not-signed-data")
    data = info["content"]
    if data["encap_content_info"]["content"].native is not None:
        raise SignatureRefusedError("signature-not-detached")
    signers = list(data["signer_infos"])
    if len(signers) != 1:
        raise SignatureRefusedError("signer-not-one")
    (signer,) = signers
    certificate = _certificate_of(data, signer)
    verifier.trusted(certificate, now)
    name = signer["digest_algorithm"]["algorithm"].native
    if name not in _STRONG:
        raise SignatureRefusedError("algorithm-weak")
    _compute(certificate, signer, _signed_bytes(signer, hash_of(name, content).digest()), name)


def _certificate_of(data: cms.SignedData, signer: cms.SignerInfo) -> x509.Certificate:
    """The certificate that the signer names by issuer and serial number."""
    sid = signer["sid"]
    if sid.name != "issuer_and_serial_number":
        raise SignatureRefusedError("signer-not-named")
    found = [
        one.chosen
        for one in data["certificates"]
        if one.name == "certificate"
        and one.chosen.issuer == sid.chosen["issuer"]
        and one.chosen.serial_number == sid.chosen["serial_number"].native
    ]
    if len(found) != 1:
        raise SignatureRefusedError("token-unreadable")
    return x509.load_der_x509_certificate(found[0].dump())


def _signed_bytes(signer: cms.SignerInfo, digest: bytes) -> bytes:
    """What was signed: the attributes, which must name the digest of the content (RFC 5652 §5.4)."""
    attributes = {one["type"].native: one["values"] for one in signer["signed_attrs"]}
    if len(attributes) != len(signer["signed_attrs"]) or "message_digest" not in attributes:
        raise SignatureRefusedError("part-not-signed")
    (told,) = attributes["message_digest"].native
    (kind,) = attributes["content_type"].native
    if kind != "data" or not compare_digest(told, digest):
        raise SignatureRefusedError("signature-wrong")
    signed: bytes = signer["signed_attrs"].untag().dump()
    return signed


def _compute(certificate: x509.Certificate, signer: cms.SignerInfo, signed: bytes, name: str) -> None:
    key = certificate.public_key()
    if not isinstance(key, RSAPublicKey) or signer["signature_algorithm"].signature_algo != "rsassa_pkcs1v15":
        raise SignatureRefusedError("algorithm-weak")
    try:
        key.verify(signer["signature"].native, signed, PKCS1v15(), _STRONG[name])
    except InvalidSignature as error:
        raise SignatureRefusedError("signature-wrong") from error
