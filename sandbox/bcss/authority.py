"""A certificate authority made at run time: for the simulated bank, its clients, and signatures."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_LIFE = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class Identity:
    """A key and its certificate."""

    key: rsa.RSAPrivateKey
    certificate: x509.Certificate

    def write(self, folder: Path, name: str) -> tuple[Path, Path]:
        """Certificate and key as PEM files; the key is readable by its owner alone."""
        folder.mkdir(parents=True, exist_ok=True)
        certificate, key = folder / f"{name}.pem", folder / f"{name}.key"
        certificate.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))
        key.touch(mode=0o600)
        key.write_bytes(self.pem_key)
        return certificate, key

    @property
    def pem_key(self) -> bytes:
        """The key, PEM, not encrypted."""
        form = serialization.PrivateFormat.PKCS8
        return self.key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())


class Authority:
    """Signs what it is asked to."""

    def __init__(self, name: str = "Sandbox BCSS authority") -> None:
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self._name = _named(name)
        now = datetime.now(UTC)
        builder = _builder(self._name, self._name, self._key.public_key(), now - timedelta(days=1), now + _LIFE)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        builder = builder.add_extension(_usage(signs=True), critical=True)
        builder = builder.add_extension(_own(self._key.public_key()), critical=False)
        self.certificate = builder.sign(self._key, hashes.SHA256())

    def identity(
        self, name: str, *, host: str | None = None, begin: datetime | None = None, end: datetime | None = None
    ) -> Identity:
        """A key with a certificate; ``host`` (an address) for servers."""
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        now = datetime.now(UTC)
        begin, end = begin or now - timedelta(hours=1), end or now + _LIFE
        names: list[x509.GeneralName] = [x509.DNSName(f"{name}.invalid")]
        if host:
            names += [x509.IPAddress(ip_address(host)), x509.DNSName("localhost")]
        purpose = ExtendedKeyUsageOID.SERVER_AUTH if host else ExtendedKeyUsageOID.CLIENT_AUTH
        builder = _builder(_named(name), self._name, key.public_key(), begin, end)
        for extension, critical in (
            (x509.BasicConstraints(ca=False, path_length=None), True),
            (_usage(signs=False), True),
            (x509.SubjectAlternativeName(names), False),
            (x509.ExtendedKeyUsage([purpose]), False),
            (_own(key.public_key()), False),
            (x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), False),
        ):
            builder = builder.add_extension(extension, critical=critical)
        return Identity(key=key, certificate=builder.sign(self._key, hashes.SHA256()))

    def write(self, folder: Path) -> Path:
        """Its certificate as a PEM file."""
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / "authority.pem"
        file.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))
        return file


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _own(key: rsa.RSAPublicKey) -> x509.SubjectKeyIdentifier:
    return x509.SubjectKeyIdentifier.from_public_key(key)


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=not signs,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs,
        crl_sign=signs,
        encipher_only=False,
        decipher_only=False,
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, key: rsa.RSAPublicKey, begin: datetime, end: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(end)
    )
