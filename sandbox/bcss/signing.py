"""The simulated bank signs: WS-Security after the X.509 token profile, and detached PKCS#7.

Written apart from the hub's own signatures, so that one proves the other.
"""

from base64 import b64encode
from datetime import UTC, datetime, timedelta

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
_DS = "http://www.w3.org/2000/09/xmldsig#"
_LIFE = timedelta(minutes=5)
_SECURITY = (
    '<s:Header xmlns:s="{soap}" xmlns:o="{wsse}" xmlns:u="{wsu}"><o:Security s:mustUnderstand="1">'
    '<o:BinarySecurityToken u:Id="token" ValueType="{token}" EncodingType="{base64}">{certificate}'
    "</o:BinarySecurityToken>"
    '<u:Timestamp u:Id="time"><u:Created>{created}</u:Created><u:Expires>{expires}</u:Expires></u:Timestamp>'
    "</o:Security></s:Header>"
)


def signed(envelope: bytes, identity: Identity, at: datetime | None = None) -> bytes:
    """An envelope of SOAP 1.1 without header, its token, Timestamp and Body signed."""
    root, at = etree.fromstring(envelope), at or datetime.now(UTC)
    moments = [one.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") for one in (at, at + _LIFE)]
    certificate = identity.certificate.public_bytes(serialization.Encoding.DER)
    header = etree.fromstring(
        _SECURITY.format(
            soap=SOAP,
            wsse=_WSSE,
            wsu=_WSU,
            token=_TOKEN,
            base64=_BASE64,
            certificate=b64encode(certificate).decode(),
            created=moments[0],
            expires=moments[1],
        )
    )
    root.insert(0, header)
    root[1].set(f"{{{_WSU}}}Id", "body")
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
    root[0][0].append(signer.sign(root, key=identity.key, key_info=info, reference_uri=names, id_attribute="Id"))
    return etree.tostring(root)


def detached(content: bytes, identity: Identity) -> bytes:
    """The detached PKCS#7 signature of a file, DER."""
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content)
    builder = builder.add_signer(identity.certificate, identity.key, hashes.SHA256())
    options = [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary, pkcs7.PKCS7Options.NoCapabilities]
    return builder.sign(serialization.Encoding.DER, options)
