"""Signatures that come in: the simulated bank's own are believed; what was changed, unsigned or foreign is not."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.serialization import pkcs7
from lxml import etree

from hub.adapters.soap.door_signature import DetachedSignature, EnvelopeSignature
from hub.adapters.soap.signature import Verifier
from hub.application.intake.refusals import NotPermittedError
from sandbox.bcss.authority import Authority, Identity
from sandbox.bcss.pusher import Change, Mutation, Pusher
from tests.support.documents import niss_of

pytestmark = pytest.mark.unit

AUTHORITY, STRANGERS = Authority(), Authority("Somebody else")
BANK, COLLEAGUE, STRANGER = AUTHORITY.identity("bank"), AUTHORITY.identity("colleague"), STRANGERS.identity("bank")
EXPIRED = AUTHORITY.identity("old", end=datetime.now(UTC) - timedelta(minutes=1))
PUSHER = Pusher(BANK)
MUTATION = Mutation(
    recipient="cpas-1", niss=niss_of(7), order=1, changes=(Change(kind="IDENTITY", effective="2026-03-01"),)
)
FILE = b"<Form/>"


def verifier(*pinned: Identity) -> Verifier:
    return Verifier(anchors=(AUTHORITY.certificate,), pinned=tuple(one.certificate for one in pinned))


def envelope_refused(envelope: bytes, *, demanded: bool = True) -> str:
    believe = EnvelopeSignature(verifier=verifier(BANK, EXPIRED), now=lambda: datetime.now(UTC), demanded=demanded)
    with pytest.raises(NotPermittedError) as refused:
        believe(etree.fromstring(envelope))
    return refused.value.fill["limit"]


def file_refused(signature: bytes, content: bytes = FILE) -> str:
    believe = DetachedSignature(verifier=verifier(BANK, EXPIRED), now=lambda: datetime.now(UTC))
    with pytest.raises(NotPermittedError) as refused:
        believe(content, signature)
    return refused.value.fill["limit"]


def test_pushed_envelope_and_file_are_believed() -> None:
    def now() -> datetime:
        return datetime.now(UTC)

    envelope = etree.fromstring(PUSHER.envelope(MUTATION))
    assert EnvelopeSignature(verifier=verifier(BANK), now=now, demanded=True)(envelope)
    DetachedSignature(verifier=verifier(BANK), now=now)(FILE, PUSHER.detached(FILE))


@pytest.mark.parametrize(
    ("attack", "rule"),
    [
        (lambda: Pusher(COLLEAGUE).envelope(MUTATION), "certificate-not-pinned"),
        (lambda: Pusher(STRANGER).envelope(MUTATION), "certificate-not-pinned"),
        (lambda: Pusher(EXPIRED).envelope(MUTATION), "certificate-not-trusted"),
        (lambda: PUSHER.envelope(MUTATION).replace(b'order="1"', b'order="2"'), "signature-wrong"),
        (lambda: PUSHER.envelope(MUTATION, datetime.now(UTC) - timedelta(hours=1)), "timestamp-stale"),
        (lambda: unsigned(PUSHER.envelope(MUTATION)), "signature-not-one"),
    ],
)
def test_envelope_that_must_not_be_believed_is_refused(attack: Callable[[], bytes], rule: str) -> None:
    assert envelope_refused(attack()) == rule


def unsigned(envelope: bytes) -> bytes:
    root = etree.fromstring(envelope)
    for one in list(root.iter("{http://www.w3.org/2000/09/xmldsig#}Signature")):
        parent = one.getparent()
        assert parent is not None
        parent.remove(one)
    return etree.tostring(root)


def test_where_no_signature_is_demanded_one_that_is_there_is_verified_all_the_same() -> None:
    believe = EnvelopeSignature(verifier=verifier(), now=lambda: datetime.now(UTC), demanded=False)
    plain = b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body/></s:Envelope>'

    assert not believe(etree.fromstring(plain))
    assert believe(etree.fromstring(Pusher(COLLEAGUE).envelope(MUTATION)))
    changed = PUSHER.envelope(MUTATION).replace(b'order="1"', b'order="2"')
    assert envelope_refused(changed, demanded=False) == "signature-wrong"


def enveloped(content: bytes) -> bytes:
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content)
    builder = builder.add_signer(BANK.certificate, BANK.key, hashes.SHA256())
    return builder.sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])


def weak(content: bytes) -> bytes:
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content)
    builder = builder.add_signer(BANK.certificate, BANK.key, hashes.SHA224())
    options = [pkcs7.PKCS7Options.Binary, pkcs7.PKCS7Options.DetachedSignature]
    return builder.sign(serialization.Encoding.DER, options)


def unattributed(content: bytes) -> bytes:
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content)
    builder = builder.add_signer(BANK.certificate, BANK.key, hashes.SHA256())
    options = [pkcs7.PKCS7Options.Binary, pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.NoAttributes]
    return builder.sign(serialization.Encoding.DER, options)


@pytest.mark.parametrize(
    ("signature", "rule"),
    [
        (lambda: PUSHER.detached(b"<Form >"), "signature-wrong"),
        (lambda: Pusher(COLLEAGUE).detached(FILE), "certificate-not-pinned"),
        (lambda: Pusher(STRANGER).detached(FILE), "certificate-not-pinned"),
        (lambda: Pusher(EXPIRED).detached(FILE), "certificate-not-trusted"),
        (lambda: enveloped(FILE), "signature-not-detached"),
        (lambda: weak(FILE), "algorithm-weak"),
        (lambda: unattributed(FILE), "part-not-signed"),
        (lambda: flipped(PUSHER.detached(FILE)), "signature-wrong"),
        (lambda: b"", "signature-unreadable"),
        (lambda: b"no signature at all", "signature-unreadable"),
        (lambda: PUSHER.detached(FILE)[:200], "signature-unreadable"),
    ],
)
def test_file_that_must_not_be_believed_is_refused(signature: Callable[[], bytes], rule: str) -> None:
    assert file_refused(signature()) == rule


def flipped(signature: bytes) -> bytes:
    """The last byte belongs to the signature's value."""
    return signature[:-1] + bytes([signature[-1] ^ 1])


def test_batch_is_put_down_with_its_marker_last(tmp_path: Path) -> None:
    name = PUSHER.drop(tmp_path, MUTATION, number=1, go=False)
    assert sorted(one.name for one in tmp_path.iterdir()) == [f"FO.{name}", f"FS.{name}"]
