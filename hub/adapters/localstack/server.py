"""What Kafka and PostgreSQL have in common for those who start and watch them."""

import asyncio
from pathlib import Path
from typing import IO, Protocol

_LOG_LIMIT = 10 * 1024 * 1024


class Server(Protocol):
    """A server as a child process. ``prepare`` may be repeated; ``spawn`` does not wait for answers."""

    name: str
    port: int
    log: Path

    @property
    def address(self) -> str:
        """What its clients connect to."""
        ...

    async def prepare(self) -> None:
        """Lay out programs, settings and data; the first time this may take a while."""
        ...

    async def spawn(self) -> asyncio.subprocess.Process:
        """Start the process."""
        ...

    async def answers(self) -> bool:
        """Whether it serves clients now."""
        ...


def open_log(path: Path) -> IO[bytes]:
    """A log to append to; a long one is kept once, as ``….old``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > _LOG_LIMIT:
        path.replace(path.with_suffix(".old"))
    return path.open("ab")


def last_lines(path: Path, count: int = 12) -> str:
    """The end of a log, for an error message."""
    try:
        return "\n".join(path.read_text(errors="replace").splitlines()[-count:])
    except OSError:
        return "(no log)"
