"""A partner's HTTP connection that costs little itself: bytes made beforehand, one request at a time."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

_OK = 200
_BAD = 300
_LARGEST_HEAD = 64 * 1024


class RefusedError(Exception):
    """The hub did not take what the bench sent."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Connection:
    """One kept-alive connection of one institution."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str, key: str) -> None:
        self._reader, self._writer = reader, writer
        self._fixed = f"Host: {host}\r\nAuthorization: Bearer {key}\r\nAccept: application/json\r\n"

    @classmethod
    @asynccontextmanager
    async def to(cls, base: str, key: str = "none") -> AsyncIterator[Self]:
        """Connect to ``http://host:port``."""
        where = urlsplit(base)
        reader, writer = await asyncio.open_connection(where.hostname, where.port, limit=_LARGEST_HEAD)
        try:
            yield cls(reader, writer, where.netloc, key)
        finally:
            writer.close()

    async def post(self, path: str, body: bytes) -> Answer:
        """Send a document.

        Raises:
            RefusedError: it was not taken.
        """
        head = f"POST {path} HTTP/1.1\r\n{self._fixed}Content-Type: application/xml\r\nContent-Length: {len(body)}\r\n"
        self._writer.write(f"{head}\r\n".encode() + body)
        return await self._answer(path)

    async def get(self, path: str) -> Answer:
        """Read something."""
        self._writer.write(f"GET {path} HTTP/1.1\r\n{self._fixed}\r\n".encode())
        return await self._answer(path)

    async def _answer(self, path: str) -> Answer:
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.rstrip().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        body = await self._reader.readexactly(int(headers.get("content-length", "0")))
        status = int(first.split(" ", 2)[1])
        if not _OK <= status < _BAD:
            raise RefusedError(f"{path.partition('?')[0]}: {status} {body[:500].decode(errors='replace')}")
        return Answer(status, headers, body)
