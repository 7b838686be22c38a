"""Time as tests and the demo move it: the machine's clock plus the one row of ``clock``."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import monotonic

from hub.adapters.postgres.database import Database, translated
from hub.domain.messaging.errors import RefusalError

_AHEAD = "SELECT ahead_seconds FROM clock"
_ADVANCE = """
INSERT INTO clock (one, ahead_seconds) VALUES (true, $1)
ON CONFLICT (one) DO UPDATE SET ahead_seconds = clock.ahead_seconds + excluded.ahead_seconds
RETURNING ahead_seconds
"""
_FRESH = timedelta(seconds=1)


def _real() -> datetime:
    return datetime.now(UTC)


class MovedClock:
    """A ``MovableClock``. Call ``refresh`` before a batch: it asks the database at most once a second."""

    def __init__(self, database: Database, *, real: Callable[[], datetime] = _real) -> None:
        self._database = database
        self._real = real
        self._ahead = timedelta(0)
        self._learned: float | None = None

    def __call__(self) -> datetime:
        """The moved time as of the last refresh (aware, UTC)."""
        return self._real() + self._ahead

    async def refresh(self, most_age: timedelta = _FRESH) -> None:
        """Learn how far time was moved, unless that was learned less than ``most_age`` ago."""
        if self._learned is not None and monotonic() - self._learned < most_age.total_seconds():
            return
        async with translated():
            seconds = await self._database.pool.fetchval(_AHEAD)
        self._ahead = timedelta(seconds=seconds or 0)
        self._learned = monotonic()


class TimeMachine:
    """Moves the time of a whole hub; never for a hub with real dossiers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def advance(self, by: timedelta) -> timedelta:
        """Move time forward by whole seconds; how far it is ahead now. Clocks are woken.

        Raises:
            RefusalError: time does not go back (timers that fired would be in the future).
        """
        if by < timedelta(0):
            raise RefusalError("time-goes-forward", "time can only be moved forward: give a positive duration")
        async with self._database.transaction() as connection:
            seconds: int = await connection.fetchval(_ADVANCE, int(by.total_seconds()))
            await connection.execute("NOTIFY hub_timer")
        return timedelta(seconds=seconds)
