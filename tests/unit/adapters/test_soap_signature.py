"""Attacks on signed answers, each refused (bcss-primaweb §1.3); some of them stock zeep accepts."""

from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from lxml import etree
from signxml.algorithms import DigestAlgorithm, SignatureMethod
from zeep.exceptions import SignatureVerificationFailed
from zeep.wsse import signature as zeep_signature

from hub.adapters.soap.signature import ID, WSSE, SignatureRefusedError, Verifier
from sandbox.bcss.authority import Authority, Identity
from tests.support.signed_messages import (
    AUTHORITY,
    BANK,
    BODY,
    DS,
    NOW,
    PLAIN,
    SECURITY,
    STAMP,
    changed_body,
    changed_timestamp,
    changed_value,
    moved_body,
    second_body,
    signed,
    signed_again,
    without,
)

pytestmark = pytest.mark.unit

VERIFIER = Verifier(anchors=(AUTHORITY.certificate,))
STRANGER, THIEF = Authority("Sandbox BCSS authority").identity("bank"), Authority("thief").identity("thief")
OLD = AUTHORITY.identity("old", begin=NOW - timedelta(days=1), end=NOW - timedelta(hours=1))
TOKEN = f"{SECURITY}/{{{WSSE}}}BinarySecurityToken"


def refusal(root: etree._Element) -> str:
    with pytest.raises(SignatureRefusedError) as refused:
        VERIFIER.verify(etree.fromstring(etree.tostring(root)), NOW)
    return refused.value.rule


def stock_zeep_accepts(root: etree._Element, peer: Identity = BANK) -> bool:
    """What zeep's own check says, told the certificate of its peer as its documentation wants."""
    pem = peer.certificate.public_bytes(Encoding.PEM)
    key = peer.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    check: Any = zeep_signature.MemorySignature
    try:
        check(key, pem).verify(etree.fromstring(etree.tostring(root)))
    except (SignatureVerificationFailed, IndexError, AttributeError):  # where a part is missing it breaks
        return False
    return True


def test_what_is_signed_is_believed_by_both_and_body_timestamp_and_token_are_covered() -> None:
    root = signed()

    VERIFIER.verify(root, NOW)
    assert stock_zeep_accepts(root)
    uris = {one.get("URI") for one in root.iter(f"{DS}Reference")}
    named = {f"#{one.get(ID)}" for one in root.iter() if one.get(ID)}
    assert uris == named
    assert len(uris) == 3


ATTACKS = {
    # attack: message, our rule, stock zeep accepts it
    "body moved aside for another": (moved_body(), "part-not-signed", True),
    "body moved aside, its name given twice": (moved_body(keep_name=True), "id-not-unique", True),
    "second body of the same name": (second_body(), "body-not-one", True),
    "changed body": (changed_body(), "signature-wrong", False),
    "changed timestamp": (changed_timestamp(), "signature-wrong", False),
    "changed value": (changed_value(), "signature-wrong", False),
    "timestamp not signed": (signed_again(but=STAMP), "part-not-signed", True),
    "body not signed": (signed_again(but=BODY), "part-not-signed", True),
    "no timestamp": (without(STAMP), "timestamp-not-one", False),
    "no signature": (without(f"{SECURITY}/{DS}Signature"), "signature-not-one", False),
    "stale timestamp, 7 minutes": (signed(at=NOW - timedelta(minutes=7)), "timestamp-stale", True),
    "stale timestamp, a day": (signed(at=NOW - timedelta(days=1)), "timestamp-stale", True),
    "timestamp of the future": (signed(at=NOW + timedelta(minutes=3)), "timestamp-stale", True),
    "unknown certificate": (signed(STRANGER), "certificate-not-trusted", False),
    "a token of the bank beside a thief's signature": (signed(THIEF, token=BANK), "signature-wrong", False),
    "weak signature, SHA-1": (signed_again(SignatureMethod.RSA_SHA1), "signature-wrong", True),
    "weak digest, SHA-1": (signed_again(digest=DigestAlgorithm.SHA1), "signature-wrong", True),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_attack_is_refused_and_stock_zeep_does_this(attack: str) -> None:
    root, rule, accepted = ATTACKS[attack]

    assert refusal(root) == rule
    assert stock_zeep_accepts(root) is accepted


@pytest.mark.parametrize("one", [OLD, STRANGER], ids=["expired", "of another authority"])
def test_certificate_is_refused_that_stock_zeep_accepts_since_it_looks_at_the_key_alone(one: Identity) -> None:
    root = signed(one)

    assert refusal(root) == "certificate-not-trusted"
    assert stock_zeep_accepts(root, peer=one)


def test_unsigned_message_is_refused_by_both() -> None:
    assert refusal(etree.fromstring(PLAIN)) == "header-not-one"
    assert not stock_zeep_accepts(etree.fromstring(PLAIN))


def test_strong_algorithms_are_believed_where_weak_ones_are_not() -> None:
    VERIFIER.verify(signed_again(SignatureMethod.RSA_SHA512, DigestAlgorithm.SHA384), NOW)
