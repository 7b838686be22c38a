"""Signed messages of the simulated bank, and how an attacker changes them."""

from copy import deepcopy
from datetime import UTC, datetime

from lxml import etree
from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm, SignatureConstructionMethod, SignatureMethod
from signxml.signer import XMLSigner

from hub.adapters.soap.signature import ID, WSSE, WSU, Signer
from hub.adapters.soap.wire import SOAP
from sandbox.bcss.authority import Authority, Identity

AUTHORITY = Authority()
BANK = AUTHORITY.identity("bank")
NOW = datetime.now(UTC).replace(microsecond=0)
PLAIN = f'<s:Envelope xmlns:s="{SOAP}"><s:Body><answer xmlns="urn:x">1</answer></s:Body></s:Envelope>'
BODY, HEADER = f"{{{SOAP}}}Body", f"{{{SOAP}}}Header"
SECURITY = f"{HEADER}/{{{WSSE}}}Security"
STAMP = f"{SECURITY}/{{{WSU}}}Timestamp"
DS = "{http://www.w3.org/2000/09/xmldsig#}"


def signed(by: Identity = BANK, at: datetime = NOW, *, token: Identity | None = None) -> etree._Element:
    """A message signed with one's key; ``token``: somebody else's certificate beside it."""
    signer = Signer(key=by.key, certificate=(token or by).certificate)
    return etree.fromstring(etree.tostring(signer.sign(etree.fromstring(PLAIN), at)))


def found(root: etree._Element, path: str) -> etree._Element:
    """What must be there."""
    one = root.find(path)
    assert one is not None
    return one


def moved_body(*, keep_name: bool = False) -> etree._Element:
    """The signed Body stands in the header; another one, unsigned, in its place."""
    root = signed()
    body = found(root, BODY)
    name = body.get(ID)
    found(root, HEADER).append(body)
    other = etree.SubElement(root, BODY)
    etree.SubElement(other, "{urn:x}answer").text = "2"
    if keep_name:
        other.set(ID, str(name))
    return root


def second_body() -> etree._Element:
    """Two Bodies of one name."""
    root = signed()
    root.append(deepcopy(found(root, BODY)))
    return root


def changed_body() -> etree._Element:
    """Other content."""
    root = signed()
    found(root, f"{BODY}/{{urn:x}}answer").text = "2"
    return root


def changed_timestamp() -> etree._Element:
    """A longer life."""
    root = signed()
    found(root, f"{STAMP}/{{{WSU}}}Expires").text = "2099-01-01T00:00:00Z"
    return root


def changed_value() -> etree._Element:
    """A signature value that nobody made."""
    root = signed()
    value = found(root, f"{SECURITY}/{DS}Signature/{DS}SignatureValue")
    value.text = f"AAAA{(value.text or '')[4:]}"
    return root


def without(path: str) -> etree._Element:
    """A part taken out."""
    root = signed()
    one = found(root, path)
    parent = one.getparent()
    assert parent is not None
    parent.remove(one)
    return root


class OldSigner(XMLSigner):
    """Signs with whatever it is told."""

    def check_deprecated_methods(self) -> None:
        """An attacker does not mind."""


def signed_again(
    signature: SignatureMethod = SignatureMethod.RSA_SHA256,
    digest: DigestAlgorithm = DigestAlgorithm.SHA256,
    *,
    but: str = "",
) -> etree._Element:
    """The bank's own key over the same parts, with other algorithms; ``but``: one part is left out."""
    root = signed()
    security, old = found(root, SECURITY), found(root, f"{SECURITY}/{DS}Signature")
    left_out = found(root, but) if but else None
    names = [str(one.get(ID)) for one in root.iter() if one.get(ID) and one is not left_out]
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
