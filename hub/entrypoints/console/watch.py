"""Looks at the hub every few seconds, for every visitor of the overview together: what it shows, and how it moved."""

import asyncio
from collections import deque
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from time import monotonic
from typing import Any

import structlog

from hub.application.dead_letters.selection import Selection
from hub.bootstrap.hub import Hub
from hub.domain.messaging.errors import TransientError
from hub.entrypoints.processes import processes

_KEPT = 120
"""Looks: ten minutes of them."""
_GROUPS = 500
_PATIENCE = 5.0
_REST = 9
"""Times a look's duration that is rested after it: with a million letters counting them must not be the load."""
_log = structlog.get_logger()
Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """The hub at one moment. ``ends``: records that all topics ever had; None: Kafka was away."""

    at: datetime
    depths: Mapping[str, int] = field(default_factory=dict)
    groups: Rows = ()
    lag: Rows = ()
    ends: int | None = None
    stopped: Mapping[str, str] = field(default_factory=dict)
    asked: Rows = ()
    running: Rows = ()
    deadlines: Rows = ()
    services: Rows = ()
    processes: Rows = ()
    away: tuple[str, ...] = ()

    @property
    def oldest(self) -> datetime | None:
        """When the oldest waiting letter was recorded."""
        return min((row["first_seen"] for row in self.groups), default=None)

    @property
    def at_risk(self) -> int:
        """Deadlines that cannot fire while their dossier is parked."""
        return sum(row["deadlines_at_risk"] for row in self.groups)

    @property
    def behind(self) -> int:
        """Records that consumer groups have yet to handle."""
        return sum(int(row["lag"]) for row in self.lag)


class Watch:
    """The last looks."""

    def __init__(self, hub: Hub, *, every: float = 5.0, rest: float = _REST) -> None:
        self._hub, self._every, self._rest = hub, every, rest
        self._looks: deque[Look] = deque(maxlen=_KEPT)

    async def run(self) -> None:
        """Look again and again, until cancelled; a look that takes long is taken less often."""
        while True:
            before = monotonic()
            await _to_its_end(self.look())
            await asyncio.sleep(max(self._every, self._rest * (monotonic() - before)))

    async def now(self) -> Look:
        """The last look; the first one is taken when somebody asks."""
        return self._looks[-1] if self._looks else await self.look()

    async def look(self) -> Look:
        """Look now."""
        look = await _look(self._hub)
        self._looks.append(look)
        return look

    def series(self, of: str) -> list[float]:
        """How a figure moved: ``events`` a second, or one of a look's depths, ``behind``."""
        looks = list(self._looks)
        if of == "events":
            pairs = pairwise(looks)
            return [rate for one, two in pairs if (rate := _rate(one, two)) is not None]
        if of == "behind":
            return [float(look.behind) for look in looks if look.lag]
        return [float(look.depths[of]) for look in looks if of in look.depths]


async def _to_its_end(look: Coroutine[Any, Any, Look]) -> None:
    """Cancelled, it lets the look close what it opened first."""
    task = asyncio.ensure_future(look)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task}, timeout=_PATIENCE)
        task.cancel()
        raise


def _rate(one: Look, two: Look) -> float | None:
    if one.ends is None or two.ends is None:
        return None
    return max(0.0, (two.ends - one.ends) / max((two.at - one.at).total_seconds(), 0.001))


async def _look(hub: Hub) -> Look:
    """What is away is named and left out: the console is needed most when something is."""
    found: dict[str, Any] = {}
    away: list[str] = []
    try:
        found = {
            "depths": await hub.status.depths(),
            "groups": await hub.letter_groups.counted(Selection(), limit=_GROUPS),
            "stopped": await hub.stops.stopped(),
            "asked": await hub.jobs.listed(states=["asked"], limit=20),
            "running": await hub.jobs.listed(states=["running", "paused", "stopped"], limit=20),
            "deadlines": await hub.health.deadlines(hub.settings.dead_letters.at_risk, limit=8),
            "services": [one for one in await hub.suspend.status() if one["state"] != "open"],
        }
    except (TransientError, OSError):
        away.append("PostgreSQL")
    try:
        places = await hub.places()
        ends = {row["topic"]: int(str(row["end"])) for row in places}
        found |= {"lag": _by_group(places), "ends": sum(ends.values())}
    except TransientError:
        away.append("Kafka")
    alive = processes(hub.settings.home)
    return Look(at=datetime.now(UTC), processes=alive, away=tuple(away), **found)


def _by_group(places: Sequence[Mapping[str, object]]) -> Rows:
    groups: dict[str, int] = {}
    for row in places:
        groups[str(row["group"])] = groups.get(str(row["group"]), 0) + int(str(row["lag"]))
    return [{"group": group, "lag": lag} for group, lag in groups.items()]
