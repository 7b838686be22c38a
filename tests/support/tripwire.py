"""A cable to PostgreSQL that hangs at a chosen place of the conversation, so that a process can be killed there."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

_LONGEST_MARK = 256


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where to hang: all ``marks`` were said on one connection, in their order.

    ``arrives``: whether the bytes with the last mark still reach the server, whose answer is then swallowed.
    """

    marks: Sequence[bytes]
    arrives: bool


class Tripwire:
    """Forwards TCP to a server until a place is reached; then that connection hangs. Armed for one place at a time."""

    def __init__(self, dsn: str) -> None:
        self._target = urlsplit(dsn)
        self._server: asyncio.Server | None = None
        self._place: Place | None = None
        self._tripped = asyncio.Event()
        self._open: set[asyncio.StreamWriter] = set()

    @property
    def dsn(self) -> str:
        """The same DSN, by way of the wire."""
        assert self._server
        port = self._server.sockets[0].getsockname()[1]
        target = self._target
        return target._replace(netloc=f"{target.username}:{target.password}@127.0.0.1:{port}").geturl()

    def arm(self, place: Place) -> None:
        """Hang the next connection that reaches this place."""
        self._tripped.clear()
        self._place = place

    async def tripped(self, within: float = 30.0) -> None:
        """Wait until a connection hangs there."""
        async with asyncio.timeout(within):
            await self._tripped.wait()

    async def open(self) -> None:
        """Take connections."""
        self._server = await asyncio.start_server(self._forward, "127.0.0.1", 0)

    async def close(self) -> None:
        """Drop them all."""
        if self._server:
            self._server.close()
        for writer in list(self._open):
            writer.transport.abort()

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(self._target.hostname, self._target.port)
        self._open |= {writer, back}
        hanging = asyncio.Event()
        with contextlib.suppress(OSError):
            await asyncio.gather(self._told(reader, back, hanging), _answered(there, writer, hanging))
        self._open -= {writer, back}

    async def _told(self, client: asyncio.StreamReader, server: asyncio.StreamWriter, hanging: asyncio.Event) -> None:
        """What the client says; once it hangs, nothing arrives until the client is gone."""
        seen, tail = 0, b""
        try:
            while data := await client.read(65536):
                if hanging.is_set():
                    continue
                place = self._place
                if place:
                    seen, tail = _progress(place.marks, seen, tail + data)
                    if seen == len(place.marks):
                        self._place = None
                        hanging.set()
                        if place.arrives:
                            server.write(data)
                            await server.drain()
                        self._tripped.set()
                        continue
                server.write(data)
                await server.drain()
        finally:
            server.close()


async def _answered(server: asyncio.StreamReader, client: asyncio.StreamWriter, hanging: asyncio.Event) -> None:
    try:
        while data := await server.read(65536):
            if not hanging.is_set():
                client.write(data)
                await client.drain()
    finally:
        client.close()


def _progress(marks: Sequence[bytes], seen: int, data: bytes) -> tuple[int, bytes]:
    """How many marks were seen in their order, and the bytes in which the next may have begun."""
    while seen < len(marks):
        at = data.find(marks[seen])
        if at < 0:
            break
        data = data[at + len(marks[seen]) :]
        seen += 1
    return seen, data[-_LONGEST_MARK:]


@asynccontextmanager
async def tripwire(dsn: str) -> AsyncIterator[Tripwire]:
    """A wire before the server of a DSN."""
    wire = Tripwire(dsn)
    await wire.open()
    try:
        yield wire
    finally:
        await wire.close()
