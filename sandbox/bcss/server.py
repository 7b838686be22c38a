"""HTTP/1.1 over TLS, by hand: so that silence, a cut connection and a slow answer are real."""

import asyncio
import ssl
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

from sandbox.bcss.authority import Authority

MOST = 1 << 20


class CutConnectionError(Exception):
    """The bank cuts the connection."""


class SilenceError(Exception):
    """The bank says nothing more."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """What came: a path, its headers (names in lower case) and a body."""

    path: str
    headers: dict[str, str]
    body: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Said:
    """What goes back."""

    body: bytes
    status: int = HTTPStatus.OK
    kind: str = "text/xml; charset=utf-8"


Answers = Callable[[Question], Awaitable[Said]]


@dataclass(frozen=True, kw_only=True)
class Listening:
    """Where the bank listens, and the files a client needs."""

    url: str
    authority: Path
    certificate: Path
    key: Path


@asynccontextmanager
async def listening(
    answers: Answers,
    folder: Path,
    *,
    authority: Authority,
    host: str = "127.0.0.1",
    port: int = 0,
    basic: tuple[str, str] | None = None,
    opened: Callable[[int], object] = int,
) -> AsyncIterator[Listening]:
    """Listen; clients show a certificate of the authority, and HTTP Basic where ``basic`` is given.

    ``opened`` is told with each new connection how many are open.
    """
    server_files = authority.identity("sandbox-bcss", host=host).write(folder, "server")
    certificate, key = authority.identity("sandbox-client").write(folder, "client")
    anchors = authority.write(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(*server_files)
    context.load_verify_locations(anchors)
    context.verify_mode = ssl.CERT_REQUIRED
    wanted = f"Basic {b64encode(':'.join(basic).encode()).decode()}" if basic else None
    served = _Server(answers, wanted, opened)
    server = await asyncio.start_server(served.connection, host, port, ssl=context)
    try:
        place = server.sockets[0].getsockname()
        url = f"https://{place[0]}:{place[1]}"
        yield Listening(url=url, authority=anchors, certificate=certificate, key=key)
    finally:
        server.close()
        served.end()
        await served.ended()


@asynccontextmanager
async def open_door(answers: Answers, *, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
    """Listen without TLS, for institutions whose callers bring a token; the address."""
    served = _Server(answers, None, int)
    server = await asyncio.start_server(served.connection, host, port)
    try:
        place = server.sockets[0].getsockname()
        yield f"http://{place[0]}:{place[1]}"
    finally:
        server.close()
        served.end()
        await served.ended()


class _Server:
    def __init__(self, answers: Answers, basic: str | None, opened: Callable[[int], object]) -> None:
        self._answers, self._basic, self._opened = answers, basic, opened
        self._open: set[asyncio.Task[None]] = set()

    def connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self._open.add(task)
        task.add_done_callback(self._open.discard)
        self._opened(len(self._open))

    def end(self) -> None:
        for task in self._open:
            task.cancel()

    async def ended(self) -> None:
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while question := await _question(reader):
                await self._answer(question, reader, writer)
        except (CutConnectionError, ConnectionError, ssl.SSLError, asyncio.IncompleteReadError):
            pass  # whoever asked sees it
        finally:
            writer.transport.abort()
            with suppress(ConnectionError, ssl.SSLError):
                await writer.wait_closed()

    async def _answer(self, question: Question, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._basic and question.headers.get("authorization") != self._basic:
            said = Said(body=b"", status=HTTPStatus.UNAUTHORIZED)
        else:
            try:
                said = await self._answers(question)
            except SilenceError:
                await reader.read()  # until whoever asked gives up
                raise CutConnectionError from None
        head = f"HTTP/1.1 {said.status} {HTTPStatus(said.status).phrase}\r\nContent-Type: {said.kind}\r\n"
        writer.write(f"{head}Content-Length: {len(said.body)}\r\n\r\n".encode() + said.body)
        await writer.drain()


async def _question(reader: asyncio.StreamReader) -> Question | None:
    """The next question of a connection; None when it ends."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    first, *rest = head.decode("latin-1").strip().split("\r\n")
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in rest)}
    length = int(headers.get("content-length", "0"))
    if length > MOST:
        raise CutConnectionError
    return Question(path=first.split(" ")[1], headers=headers, body=await reader.readexactly(length))
