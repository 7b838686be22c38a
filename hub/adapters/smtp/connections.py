"""Connections to the mail server: a few, each reused for several mails, replaced when they fail.

``smtp://`` uses STARTTLS when the server offers it, and insists on it when there is a password;
``smtps://`` is TLS from the first byte. Certificates are checked.
"""

import asyncio
import contextlib
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Self
from urllib.parse import unquote, urlsplit

from aiosmtplib import SMTP, SMTPException, SMTPResponseException

from hub.domain.messaging.errors import PartnerAwayError, PartnerRefusedError

_PORTS = {"smtp": 25, "smtps": 465}
_ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}\b")
_CLOSING = 421


@dataclass(frozen=True, kw_only=True, slots=True)
class MailServer:
    """Where mails go."""

    host: str
    port: int
    tls: bool
    user: str | None
    password: str | None

    @classmethod
    def parse(cls, url: str) -> Self:
        """Read ``smtp[s]://[user:password@]host[:port]``.

        Raises:
            ValueError: anything else; the text does not repeat the URL, which may hold a password.
        """
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not parts.hostname:
            raise ValueError("the mail server is no smtp:// or smtps:// URL with a host; set HUB_SMTP__URL")
        return cls(
            host=parts.hostname,
            port=parts.port or _PORTS[parts.scheme],
            tls=parts.scheme == "smtps",
            user=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
        )


class MailConnections:
    """At most ``size`` connections at once; one is closed after ``mails`` mails. ``timeout``: seconds per step."""

    def __init__(
        self,
        server: MailServer,
        *,
        size: int = 10,
        mails: int = 100,
        timeout: float = 15.0,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._server, self._mails, self._timeout, self._tls = server, mails, timeout, tls
        self._room = asyncio.Semaphore(size)
        self._idle: list[tuple[SMTP, int]] = []

    async def send(self, sender: str, recipient: str, content: bytes) -> None:
        """Hand one mail to the server.

        Raises:
            PartnerRefusedError: the server will not take it, for the recipient's or the content's sake.
            PartnerAwayError: not now; uncertain once the content was on its way.
        """
        async with self._connection() as connection:
            await self._envelope(connection, sender, recipient)
            try:
                await connection.data(content)
            except SMTPResponseException as error:
                raise _answered("content", error) from error
            except (SMTPException, OSError) as error:
                raise PartnerAwayError("cut-off", type(error).__name__, uncertain=True) from error

    async def close(self) -> None:
        """Say goodbye on every idle connection."""
        while self._idle:
            connection, _ = self._idle.pop()
            await _goodbye(connection)

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[SMTP]:
        """A live connection; kept for the next mail unless something went wrong."""
        async with self._room:
            connection, used = await self._living() or (await self._connected(), 0)
            sound = False
            try:
                yield connection
                sound = True
            except (PartnerRefusedError, PartnerAwayError) as error:
                sound = not getattr(error, "wholly", False)  # a negative answer leaves the connection as it was
                raise
            finally:
                await self._put_back(connection, used + 1, sound=sound)

    async def _put_back(self, connection: SMTP, used: int, *, sound: bool) -> None:
        if not sound:
            connection.close()
        elif used < self._mails:
            self._idle.append((connection, used))
        else:
            await _goodbye(connection)

    async def _living(self) -> tuple[SMTP, int] | None:
        """An idle connection that still answers; those the server closed meanwhile are dropped."""
        while self._idle:
            connection, used = self._idle.pop()
            try:
                await connection.rset()
            except (SMTPException, OSError):
                connection.close()
            else:
                return connection, used
        return None

    async def _connected(self) -> SMTP:
        server = self._server
        connection = SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user,
            password=server.password,
            use_tls=server.tls,
            start_tls=None if server.tls or server.password is None else True,
            timeout=self._timeout,
            tls_context=self._tls,
        )
        try:
            await connection.connect()
        except (SMTPException, OSError) as error:
            connection.close()
            raise PartnerAwayError("connection", f"no connection: {type(error).__name__}") from error
        return connection

    async def _envelope(self, connection: SMTP, sender: str, recipient: str) -> None:
        try:
            await connection.mail(sender)
        except (SMTPException, OSError) as error:  # our own address or the server: no fault of this mail
            raise PartnerAwayError("sender-refused", _code(error)) from error
        try:
            await connection.rcpt(recipient)
        except SMTPResponseException as error:
            raise _answered("recipient", error) from error
        except (SMTPException, OSError) as error:
            raise PartnerAwayError("connection", type(error).__name__) from error


def _answered(what: str, error: SMTPResponseException) -> PartnerRefusedError | PartnerAwayError:
    """A negative answer: 5xx is for good, 4xx for now, 421 for everybody."""
    if 500 <= error.code < 600:  # noqa: PLR2004 - RFC 5321, 4.2.1
        return PartnerRefusedError(f"{what}-refused", _code(error))
    return PartnerAwayError(f"{what}-deferred", _code(error), wholly=error.code == _CLOSING)


def _code(error: Exception) -> str:
    """Codes of an answer, without its text, which may name people; else the kind of error."""
    if not isinstance(error, SMTPResponseException):
        return type(error).__name__
    enhanced = _ENHANCED.search(error.message)
    return f"{error.code} {enhanced.group()}" if enhanced else str(error.code)


async def _goodbye(connection: SMTP) -> None:
    with contextlib.suppress(SMTPException, OSError):
        await connection.quit()
    connection.close()
