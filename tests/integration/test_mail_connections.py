"""Connections to mail servers: reused, encrypted where it matters, sound after a bad answer."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from hub.adapters.smtp.connections import MailConnections, MailServer
from hub.domain.messaging.errors import PartnerAwayError, PartnerRefusedError

pytestmark = pytest.mark.integration

MAIL = b"Subject: a test\r\n\r\nhello\r\n"
SENDER, OFFICE = "hub@hub.invalid", "o991@office.invalid"


class Counting:
    """A mail server that counts its connections and mails, and answers what a test wants at DATA."""

    def __init__(self) -> None:
        self.connections: list[asyncio.BaseTransport] = []
        self.mails: list[tuple[bool, bool]] = []  # encrypted, authenticated
        self.answer = "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        del envelope
        transport = server.transport
        encrypted = transport is not None and transport.get_extra_info("sslcontext") is not None
        self.mails.append((encrypted, bool(session.authenticated)))
        return self.answer

    @asynccontextmanager
    async def listening(self, *, direct_tls: ssl.SSLContext | None = None, **given: Any) -> AsyncIterator[int]:
        loop, counting = asyncio.get_running_loop(), self

        class Counted(SMTP):
            def connection_made(self, transport: asyncio.BaseTransport) -> None:
                counting.connections.append(transport)
                super().connection_made(transport)

        server = await loop.create_server(
            lambda: Counted(self, hostname="mail.localhost", loop=loop, **given), "127.0.0.1", 0, ssl=direct_tls
        )
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()
            for transport in self.connections:
                transport.close()


def connections(url: str, **given: Any) -> MailConnections:
    return MailConnections(MailServer.parse(url), timeout=5, **given)


def accepted(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    del server, session, envelope, mechanism
    return AuthResult(success=isinstance(data, LoginPassword) and data == LoginPassword(b"user", b"p/w"))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


def server_tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


async def test_several_mails_share_a_connection_until_it_has_carried_enough() -> None:
    server = Counting()
    async with server.listening() as port:
        several = connections(f"smtp://127.0.0.1:{port}", mails=3)
        for _ in range(7):
            await several.send(SENDER, OFFICE, MAIL)
        await several.close()
    assert (len(server.mails), len(server.connections)) == (7, 3)


async def test_connection_the_server_closed_meanwhile_is_replaced() -> None:
    server = Counting()
    async with server.listening() as port:
        several = connections(f"smtp://127.0.0.1:{port}")
        await several.send(SENDER, OFFICE, MAIL)
        server.connections[0].close()
        await several.send(SENDER, OFFICE, MAIL)
        await several.close()
    assert (len(server.mails), len(server.connections)) == (2, 2)


@pytest.mark.parametrize(
    ("answer", "error", "rule", "wholly"),
    [
        ("554 5.6.0 no", PartnerRefusedError, "content-refused", None),
        ("452 4.3.1 full", PartnerAwayError, "content-deferred", False),
        ("421 4.3.2 closing", PartnerAwayError, "content-deferred", True),
    ],
)
async def test_answers_to_a_mail_are_told_apart_and_keep_the_connection_sound(
    answer: str,
    error: type[Exception],
    rule: str,
    wholly: bool | None,  # noqa: FBT001 - a parameter of the test
) -> None:
    server = Counting()
    async with server.listening() as port:
        several = connections(f"smtp://127.0.0.1:{port}")
        server.answer = answer
        with pytest.raises(error) as caught:
            await several.send(SENDER, OFFICE, MAIL)
        server.answer = "250 OK"
        await several.send(SENDER, OFFICE, MAIL)
        await several.close()
    assert getattr(caught.value, "rule", None) == rule
    assert getattr(caught.value, "wholly", None) == wholly
    assert not getattr(caught.value, "uncertain", False)
    assert OFFICE not in str(caught.value)
    assert len(server.connections) == (2 if wholly else 1)


async def test_nobody_listening_is_a_partner_that_is_wholly_away() -> None:
    async with Counting().listening() as port:
        pass
    with pytest.raises(PartnerAwayError) as caught:
        await connections(f"smtp://127.0.0.1:{port}").send(SENDER, OFFICE, MAIL)
    assert (caught.value.rule, caught.value.wholly, caught.value.uncertain) == ("connection", True, False)


async def test_password_travels_only_encrypted(certificate: Path) -> None:
    server, plain = Counting(), Counting()
    trusting = ssl.create_default_context(cafile=str(certificate))
    async with server.listening(tls_context=server_tls(certificate), authenticator=accepted) as port:
        several = connections(f"smtp://user:p%2Fw@localhost:{port}", tls=trusting)
        await several.send(SENDER, OFFICE, MAIL)
        await several.close()
    assert server.mails == [(True, True)]

    async with plain.listening(authenticator=accepted, auth_require_tls=False) as port:
        with pytest.raises(PartnerAwayError):
            await connections(f"smtp://user:p%2Fw@localhost:{port}", tls=trusting).send(SENDER, OFFICE, MAIL)
    assert plain.mails == []


async def test_smtps_is_encrypted_from_the_first_byte_and_checks_the_certificate(certificate: Path) -> None:
    server = Counting()
    trusting = ssl.create_default_context(cafile=str(certificate))
    async with server.listening(direct_tls=server_tls(certificate)) as port:
        several = connections(f"smtps://localhost:{port}", tls=trusting)
        await several.send(SENDER, OFFICE, MAIL)
        await several.close()
        with pytest.raises(PartnerAwayError):
            await connections(f"smtps://localhost:{port}").send(SENDER, OFFICE, MAIL)
    assert server.mails == [(True, False)]
