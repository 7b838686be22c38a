"""Cases that were kept long enough, for administrators."""

from collections.abc import Mapping, Sequence
from typing import Any

from hub.application.ports import MovableClock
from hub.application.read.case_access import AccessLog, by_command
from hub.application.transfer.ports import Transfers
from hub.domain.messaging.calendar import local_date


class ListTransfers:
    """Logged for each case before it is shown, as every reading of a case."""

    def __init__(self, transfers: Transfers, log: AccessLog, *, clock: MovableClock) -> None:
        self._transfers, self._log, self._clock = transfers, log, clock

    async def listed(self, who: str, *, after: str, limit: int, erased: bool) -> Sequence[Mapping[str, Any]]:
        """By id; ``stage``: proposed, packed, received, asked, erased."""
        await self._clock.refresh()
        rows = await self._transfers.listed(local_date(self._clock()), after, limit, erased=erased)
        await self._log.note([by_command(who, str(row["case_id"]), what="retention") for row in rows])
        return rows
