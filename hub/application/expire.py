"""Retention of documents and answers: when it is over their bytes and keys go; hashes and counts stay (ADR 0003)."""

import asyncio
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from hub.application.ports import MovableClock
from hub.domain.messaging.errors import TransientError

_log = structlog.get_logger()


class Expiries(Protocol):
    """What is kept for a set time: documents, answers of the Crossroads Bank."""

    async def destroy(self, until: datetime, limit: int) -> int:
        """Destroy what expired until then, the oldest first; how many."""


class Expire:
    """Destroys what may no longer be kept."""

    def __init__(
        self,
        expiries: Expiries,
        *,
        clock: MovableClock,
        batch: int = 500,
        every: timedelta = timedelta(minutes=1),
        what: str = "documents",
    ) -> None:
        self._expiries, self._clock, self._batch, self._every = expiries, clock, batch, every
        self._what = what

    async def run(self) -> None:
        """Look every minute, until cancelled."""
        while True:
            try:
                while await self.once():
                    pass
            except TransientError as error:
                _log.warning("expiry waits", reason=str(error))
            await asyncio.sleep(self._every.total_seconds())

    async def once(self) -> int:
        """Destroy one batch; how many."""
        await self._clock.refresh()
        gone = await self._expiries.destroy(self._clock(), self._batch)
        if gone:
            _log.info("retention is over", what=self._what, destroyed=gone)
        return gone
