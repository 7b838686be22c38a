"""The way to PostgreSQL: a driver pool for bulk paths, an engine for reads and administration.

Driver errors that pass by themselves become ``TransientError`` at this boundary.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Self

import asyncpg
from asyncpg.pool import PoolConnectionProxy
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from hub.domain.messaging.errors import ConcurrentUpdateError, TransientError

Connection = PoolConnectionProxy
"""A driver connection lent by the pool."""

_PASSING = (
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.InsufficientResourcesError,
    ConnectionError,
    TimeoutError,
    OSError,
)
_RIVAL = (asyncpg.DeadlockDetectedError, asyncpg.SerializationError)


@asynccontextmanager
async def translated() -> AsyncIterator[None]:
    """Translate driver errors: away for now → TransientError, a rival won → ConcurrentUpdateError."""
    try:
        yield
    except _RIVAL as error:
        raise ConcurrentUpdateError("another transaction was first") from error
    except _PASSING as error:
        raise TransientError(f"the database is away: {type(error).__name__}") from error


async def _left_as_it_is(_connection: asyncpg.Connection) -> None:
    """Nothing of ours outlives a transaction (no SET, no LISTEN, no session lock): a round trip less for each."""


_BY_INDEX = {"enable_seqscan": "off", "jit": "off"}
"""A statement that was prepared while its table was nearly empty keeps its plan, a scan of all of it, while the table
grows, until the next ANALYZE: feeds and outbox took seconds. (``jit``: before PostgreSQL 18 such plans look dear.)
"""


@dataclass(frozen=True, slots=True)
class Database:
    """Both ways to the one database."""

    dsn: str
    pool: asyncpg.Pool
    engine: AsyncEngine

    @classmethod
    async def open(cls, dsn: str, *, size: int = 8, by_index: bool = False) -> Self:
        """Connect; the caller closes. ``by_index``: of a worker, whose every statement has its index."""
        pool = await asyncpg.create_pool(
            dsn,
            min_size=1,
            max_size=size,
            command_timeout=120,
            reset=_left_as_it_is,
            server_settings=_BY_INDEX if by_index else None,
        )
        engine = create_async_engine(dsn.replace("postgresql://", "postgresql+asyncpg://", 1), pool_size=size)
        return cls(dsn, pool, engine)

    async def close(self) -> None:
        """Give every connection back."""
        await self.engine.dispose()
        try:
            await asyncio.wait_for(self.pool.close(), 5)
        except TimeoutError:
            self.pool.terminate()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """One transaction on a driver connection."""
        async with translated(), self.pool.acquire() as connection, connection.transaction():
            yield connection


@asynccontextmanager
async def taken_back(database: Database) -> AsyncIterator[Connection]:
    """One transaction that is rolled back whatever happens."""
    async with translated(), database.pool.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()
        try:
            yield connection
        finally:
            await transaction.rollback()


async def listen(
    dsn: str, channel: str, heard: Callable[[str], None], *, ready: Callable[[], None] = lambda: None
) -> None:
    """Hear NOTIFY on a channel until cancelled; connects again by itself, calling ``ready`` each time.

    ``ready`` lets the caller look for what was said while nobody listened.
    """
    while True:
        gone = asyncio.Event()
        try:
            connection = await asyncpg.connect(dsn, timeout=5)
        except (OSError, TimeoutError, asyncpg.PostgresError):
            await asyncio.sleep(1)
            continue
        try:
            connection.add_termination_listener(lambda _connection, gone=gone: gone.set())
            await connection.add_listener(channel, lambda _c, _p, _ch, payload: heard(str(payload)))
            ready()
            await gone.wait()
        finally:
            connection.terminate()
