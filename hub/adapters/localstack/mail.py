"""The catching mail server: takes every mail over real SMTP, keeps it, delivers it to nobody."""

import asyncio
from pathlib import Path
from weakref import WeakSet

from aiosmtpd.smtp import SMTP, Envelope, Session

from hub.adapters.localstack.mail_archive import MailArchive
from hub.adapters.localstack.mail_faults import MailFault, MailFaults

_SIZE_LIMIT = 32 * 1024 * 1024
_ANSWERS = {
    MailFault.DEFER: "451 4.3.0 Try again later (a fault set by a test)",
    MailFault.REFUSE: "550 5.1.1 No such mailbox (a fault set by a test)",
}


def _hang_up(session: SMTP) -> None:
    transport = session.transport
    if isinstance(transport, asyncio.Transport):
        transport.abort()


class _Handler:
    """What aiosmtpd calls at RCPT TO and after DATA; the method names are its own."""

    def __init__(self, folder: Path) -> None:
        self._archive, self._faults = MailArchive(folder), MailFaults(folder)

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del server, session
        fault = self._faults.take(address, MailFault.DEFER, MailFault.REFUSE)
        if fault:
            return _ANSWERS[fault]
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        del session
        content = envelope.original_content or b""
        mail_id = self._archive.keep(sender=envelope.mail_from or "", recipients=envelope.rcpt_tos, content=content)
        if any(self._faults.take(recipient, MailFault.HANG_UP) for recipient in envelope.rcpt_tos):
            _hang_up(server)
        return f"250 OK kept as {mail_id}"


class MailCatcher:
    """The server; mails land in ``folder``."""

    def __init__(self, *, folder: Path, port: int) -> None:
        self.port = port
        self._folder = folder
        self._server: asyncio.Server | None = None
        self._sessions: WeakSet[SMTP] = WeakSet()

    @property
    def address(self) -> str:
        """Its URL."""
        return f"smtp://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Listen."""
        loop, handler = asyncio.get_running_loop(), _Handler(self._folder)

        def session() -> SMTP:
            one = SMTP(
                handler,
                hostname="mail.localhost",
                enable_SMTPUTF8=True,
                data_size_limit=_SIZE_LIMIT,
                loop=loop,
            )
            self._sessions.add(one)
            return one

        self._server = await loop.create_server(session, "127.0.0.1", self.port)

    async def stop(self) -> None:
        """Listen no more, and end the sessions that are open."""
        if self._server:
            self._server.close()
            self._server = None
        for session in self._sessions:
            _hang_up(session)
