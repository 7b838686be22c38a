"""An ASGI app on a port, inside a process that does other work too."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn

_KEEP_ALIVE = 75
"""Seconds an idle connection stays open: longer than clients keep theirs, so that none is closed under a request."""


class PortInUseError(Exception):
    """Somebody else listens on the port; free it, or set another (0 takes a free one)."""


class _Server(uvicorn.Server):
    """Leaves signals to the process it lives in."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serving(
    app: Any, *, host: str, port: int, grace: int = 2, setting: str = "HUB_HTTP__PORT"
) -> AsyncIterator[int]:
    """Serve an app; gives the port (``port`` 0 takes a free one). At the end requests under way are finished.

    ``setting`` is what an error tells to change.
    """
    bound = _bound(host, port, setting)
    config = uvicorn.Config(
        app,
        log_level="warning",
        lifespan="on",
        access_log=False,
        timeout_graceful_shutdown=grace,
        timeout_keep_alive=_KEEP_ALIVE,
        server_header=False,
    )
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[bound]))
    try:
        while not server.started and not task.done():  # noqa: ASYNC110 - uvicorn tells it by a flag only
            await asyncio.sleep(0.01)
        if task.done():
            await task
        yield int(bound.getsockname()[1])
    finally:
        server.should_exit = True
        await task


def _bound(host: str, port: int, setting: str) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError as error:
        bound.close()
        raise PortInUseError(
            f"{host}:{port} cannot be listened on ({error.strerror}); free it, or set {setting}=0"
        ) from error
    bound.listen(2048)
    bound.setblocking(False)  # noqa: FBT003 - the socket module's form
    return bound
