"""Services of partners that are asked nothing for a while: by the bank's own word, or by an administrator."""

from collections.abc import Sequence
from datetime import datetime

from hub.application.consult.calls import Suspensions
from hub.application.envelope import outbox_row
from hub.application.ports import Clock, OutboxRow
from hub.domain.messaging.cloudevent import CloudEvent, event_id_of
from hub.domain.messaging.errors import RefusalError
from hub.domain.messaging.topics import Topics
from hub.domain.persons.told import ACCESS_ADAPTER, BIS_ADAPTER, SEARCH_ADAPTER, adapter_of
from schemas.consultations import AdapterResumed, AdapterSuspended
from schemas.persons import FLOWS

ADAPTERS = (ACCESS_ADAPTER, SEARCH_ADAPTER, BIS_ADAPTER, *(adapter_of(flow) for flow in FLOWS))
"""Every service of the bank that can be suspended."""


class AdapterUnknownError(RefusalError):
    """No adapter has this name."""


class Suspend:
    """Suspends and resumes adapters; deliveries to a suspended one wait, in order, and are not lost."""

    def __init__(self, suspensions: Suspensions, *, topics: Topics, clock: Clock) -> None:
        self._suspensions, self._topics, self._clock = suspensions, topics, clock

    async def suspend(self, adapter: str, reason: str, by: str) -> bool:
        """Ask nothing more of it; False: it was suspended already.

        Raises:
            AdapterUnknownError: nothing was changed.
        """
        _checked(adapter)
        now = self._clock()
        row = suspended_row(adapter, reason, by, now, self._topics)
        return await self._suspensions.suspend(adapter, reason, by, now, row)

    async def resume(self, adapter: str, by: str) -> bool:
        """Ask it again; False: it was not suspended.

        Raises:
            AdapterUnknownError: nothing was changed.
        """
        _checked(adapter)
        data = AdapterResumed(adapter=adapter, by=by)
        return await self._suspensions.resume(adapter, _row(data, adapter, self._clock(), self._topics))

    async def status(self) -> Sequence[dict[str, object]]:
        """Every adapter: whether it is suspended, why, since when, and how much waits for it."""
        suspended = {one[0]: one for one in await self._suspensions.suspended()}
        waiting = dict(await self._suspensions.waiting())
        return [_shown(name, suspended.get(name), waiting.get(name, 0)) for name in ADAPTERS]


def _shown(name: str, found: tuple[str, str, str, datetime] | None, waiting: int) -> dict[str, object]:
    _, reason, by, since = found or (name, None, None, None)
    return {
        "adapter": name,
        "state": "suspended" if found else "open",
        "reason": reason,
        "by": by,
        "since": since.isoformat() if since else None,
        "waiting": waiting,
    }


def _checked(adapter: str) -> None:
    if adapter not in ADAPTERS:
        raise AdapterUnknownError("adapter-unknown", f"no adapter {adapter!r}; there are: {', '.join(ADAPTERS)}")


def suspended_row(adapter: str, reason: str, by: str, at: datetime, topics: Topics) -> OutboxRow:
    """The event that tells a suspension."""
    return _row(AdapterSuspended(adapter=adapter, reason=reason, by=by), adapter, at, topics)


def _row(data: AdapterSuspended | AdapterResumed, adapter: str, at: datetime, topics: Topics) -> OutboxRow:
    event = CloudEvent(
        id=event_id_of("adapter", adapter, data.type, at.isoformat()),
        source="/hub/deliver",
        type=data.type,
        time=at,
        recordedtime=at,
        partitionkey=adapter,
        subject=None,
        correlationid=adapter,
        data=data,
    )
    return outbox_row(event, topics)
