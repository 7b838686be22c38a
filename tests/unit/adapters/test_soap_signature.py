"""Attacks on signed answers, each refused (bcss-primaweb §1.3)."""

from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime, timedelta

import pytest
from lxml import etree
from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm, SignatureConstructionMethod, SignatureMethod
from signxml.signer import XMLSigner

from hub.adapters.soap.signature import ID, WSSE, WSU, SignatureRefusedError, Signer, Verifier
from hub.adapters.soap.wire import SOAP
from sandbox.bcss.authority import Authority

pytestmark = pytest.mark.unit

AUTHORITY = Authority()
BANK = AUTHORITY.identity("bank")
NOW = datetime.now(UTC).replace(microsecond=0)
VERIFIER = Verifier(anchors=(AUTHORITY.certificate,))
PLAIN = f'<s:Envelope xmlns:s="{SOAP}"><s:Body><answer xmlns="urn:x">1</answer></s:Body></s:Envelope>'
BODY, HEADER = f"{{{SOAP}}}Body", f"{{{SOAP}}}Header"
SECURITY = f"{HEADER}/{{{WSSE}}}Security"
DS = "{http://www.w3.org/2000/09/xmldsig#}"


def signed(signer: Signer | None = None, at: datetime = NOW) -> etree._Element:
    made = (signer or Signer(key=BANK.key, certificate=BANK.certificate)).sign(etree.fromstring(PLAIN), at)
    return etree.fromstring(etree.tostring(made))


def found(root: etree._Element, path: str) -> etree._Element:
    one = root.find(path)
    assert one is not None
    return one


def refusal(root: etree._Element, now: datetime = NOW) -> str:
    with pytest.raises(SignatureRefusedError) as refused:
        VERIFIER.verify(etree.fromstring(etree.tostring(root)), now)
    return refused.value.rule


def test_what_is_signed_is_believed_and_body_timestamp_and_token_are_covered() -> None:
    root = signed()

    VERIFIER.verify(root, NOW)
    uris = {one.get("URI") for one in root.iter(f"{DS}Reference")}
    named = {f"#{one.get(ID)}" for one in root.iter() if one.get(ID)}
    assert uris == named
    assert len(uris) == 3


def moved_body(*, keep_name: bool) -> etree._Element:
    root = signed()
    body = found(root, BODY)
    name = body.get(ID)
    found(root, HEADER).append(body)
    other = etree.SubElement(root, BODY)
    etree.SubElement(other, "{urn:x}answer").text = "2"
    if keep_name:
        other.set(ID, str(name))
    return root


def test_body_moved_aside_for_another_is_refused() -> None:
    assert refusal(moved_body(keep_name=False)) == "part-not-signed"
    assert refusal(moved_body(keep_name=True)) == "id-not-unique"


def test_second_body_is_refused() -> None:
    root = signed()
    root.append(deepcopy(found(root, BODY)))

    assert refusal(root) == "body-not-one"


def _change_body(root: etree._Element) -> None:
    found(root, f"{BODY}/{{urn:x}}answer").text = "2"


def _change_timestamp(root: etree._Element) -> None:
    found(root, f"{SECURITY}/{{{WSU}}}Timestamp/{{{WSU}}}Expires").text = "2099-01-01T00:00:00Z"


def _change_value(root: etree._Element) -> None:
    value = found(root, f"{SECURITY}/{DS}Signature/{DS}SignatureValue")
    value.text = f"AAAA{(value.text or '')[4:]}"


@pytest.mark.parametrize("change", [_change_body, _change_timestamp, _change_value])
def test_changed_body_timestamp_or_value_is_refused(change: Callable[[etree._Element], None]) -> None:
    root = signed()
    change(root)

    assert refusal(root) == "signature-wrong"


@pytest.mark.parametrize("path", [f"{SECURITY}/{DS}Signature", f"{SECURITY}/{{{WSU}}}Timestamp"])
def test_message_without_signature_or_timestamp_is_refused(path: str) -> None:
    root = signed()
    one = found(root, path)
    found(root, SECURITY).remove(one)

    assert refusal(root) in {"signature-not-one", "timestamp-not-one"}


def test_unsigned_message_is_refused() -> None:
    assert refusal(etree.fromstring(PLAIN)) == "header-not-one"


@pytest.mark.parametrize("later", [timedelta(minutes=7), timedelta(days=1), timedelta(minutes=-3)])
def test_stale_or_future_timestamp_is_refused(later: timedelta) -> None:
    assert refusal(signed(at=NOW - later)) == "timestamp-stale"


def test_certificate_of_another_authority_is_refused() -> None:
    stranger = Authority("Sandbox BCSS authority").identity("bank")

    assert refusal(signed(Signer(key=stranger.key, certificate=stranger.certificate))) == "certificate-not-trusted"


def test_expired_certificate_is_refused() -> None:
    old = AUTHORITY.identity("old", begin=NOW - timedelta(days=1), end=NOW - timedelta(hours=1))

    assert refusal(signed(Signer(key=old.key, certificate=old.certificate))) == "certificate-not-trusted"


def test_token_of_somebody_else_beside_an_own_signature_is_refused() -> None:
    thief = Authority("thief").identity("thief")

    assert refusal(signed(Signer(key=thief.key, certificate=BANK.certificate))) == "signature-wrong"


class OldSigner(XMLSigner):
    def check_deprecated_methods(self) -> None:
        """An attacker does not mind."""


def signed_again(signature: SignatureMethod, digest: DigestAlgorithm) -> etree._Element:
    """The bank's own key over the same parts, with other algorithms."""
    root = signed()
    security, old = found(root, SECURITY), found(root, f"{SECURITY}/{DS}Signature")
    names = [str(one.get(ID)) for one in root.iter() if one.get(ID)]
    info = found(old, f"{DS}KeyInfo")
    security.remove(old)
    signer = OldSigner(
        method=SignatureConstructionMethod.detached,
        signature_algorithm=signature,
        digest_algorithm=digest,
        c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
    )
    security.append(signer.sign(root, key=BANK.key, key_info=info, reference_uri=names, id_attribute="Id"))
    return root


def test_weak_algorithms_are_refused_where_the_same_with_strong_ones_is_believed() -> None:
    VERIFIER.verify(signed_again(SignatureMethod.RSA_SHA512, DigestAlgorithm.SHA384), NOW)

    assert refusal(signed_again(SignatureMethod.RSA_SHA1, DigestAlgorithm.SHA256)) == "signature-wrong"
    assert refusal(signed_again(SignatureMethod.RSA_SHA256, DigestAlgorithm.SHA1)) == "signature-wrong"
