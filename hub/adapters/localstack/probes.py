"""Does a server answer? Asked in its own language over a plain socket; no client library is needed."""

import asyncio
import contextlib
import struct
from collections.abc import Awaitable, Callable

Probe = Callable[[str, int], Awaitable[bool]]
_TIMEOUT = 2.0
_METADATA, _VERSION = 3, 1
_NO_TOPICS = 0


async def _ask(host: str, port: int, question: bytes, size: int) -> bytes:
    """Send bytes and read the first ``size`` of the answer; nothing when nobody answers."""
    try:
        async with asyncio.timeout(_TIMEOUT):
            reader, writer = await asyncio.open_connection(host, port)
            try:
                writer.write(question)
                return await reader.readexactly(size)
            finally:
                writer.close()
                with contextlib.suppress(OSError):
                    await writer.wait_closed()
    except (OSError, TimeoutError, asyncio.IncompleteReadError):
        return b""


async def kafka_answers(host: str, port: int) -> bool:
    """Whether the broker answers a Metadata request and counts itself among the living brokers."""
    client = b"probe"
    body = struct.pack(f">hhih{len(client)}si", _METADATA, _VERSION, 1, len(client), client, _NO_TOPICS)
    answer = await _ask(host, port, struct.pack(">i", len(body)) + body, 12)
    return bool(answer) and int.from_bytes(answer[8:12], "big", signed=True) >= 1


async def postgres_answers(host: str, port: int) -> bool:
    """Whether the server asks a client to authenticate, which it does once it takes connections."""
    body = struct.pack(">i", 196_608) + b"user\0probe\0database\0postgres\0\0"
    return await _ask(host, port, struct.pack(">i", len(body) + 4) + body, 1) == b"R"


async def smtp_answers(host: str, port: int) -> bool:
    """Whether a mail server greets."""
    return await _ask(host, port, b"", 3) == b"220"


async def wait_until(condition: Callable[[], Awaitable[bool]], within: float, pause: float = 0.05) -> bool:
    """Whether the condition came true within so many seconds."""
    deadline = asyncio.get_running_loop().time() + within
    while not await condition():
        if asyncio.get_running_loop().time() > deadline:
            return False
        await asyncio.sleep(pause)
    return True
