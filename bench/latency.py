"""How long a claim takes from its office's software to the feed of the CPAS, at half of the measured rate.

Open loop: small synchronisations are sent at fixed times whatever happens, and a claim's time counts from when
its document was due to be sent; so a hub that stalls cannot hide it. CPAS systems follow their feeds by long poll.
"""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from statistics import quantiles
from time import perf_counter
from uuid import UUID

from pydantic_core import from_json

from bench.claims import Told, synchronisation
from bench.end_to_end import whole_hub
from bench.intake_stage import DOCUMENTS
from bench.people import OFFICES
from bench.trial import Figures, Trial
from bench.wire import Connection

_DATABASE = "bench_latency"
_CLAIMS_EACH = 25
_WARM_SECONDS, _SECONDS = 3.0, 15.0
_CONNECTIONS = 32
_WAIT, _PAGE = 5, 1000
_DRAIN = 30.0
_TYPE = "be.mediationhub.claim.joined.v1"


class Stopwatch:
    """When each claim was due to be sent, and how long it took until a CPAS saw it."""

    def __init__(self) -> None:
        self._due: dict[UUID, float] = {}
        self.took: list[float] = []
        self.missing = 0

    def sent(self, told: Told, due: float, *, counts: bool) -> None:
        """A document is about to be sent."""
        if counts:
            self._due |= dict.fromkeys(told.claims, due)
            self.missing += len(told.claims)

    def seen(self, claim: UUID, now: float) -> None:
        """A CPAS read it in its feed."""
        due = self._due.pop(claim, None)
        if due is not None:
            self.took.append(now - due)
            self.missing -= 1


async def measure(trial: Trial, rate: float) -> Figures:
    """Percentiles in milliseconds at ``rate`` claims a second."""
    every = _CLAIMS_EACH / rate
    count = int((_WARM_SECONDS + _SECONDS) / every)
    documents = [
        (n % OFFICES, synchronisation(trial.everybody, n % OFFICES, n // OFFICES + 1, _CLAIMS_EACH))
        for n in range(count)
    ]
    trial.say(f"latency: {1 / every:,.0f} documents of {_CLAIMS_EACH} claims a second")
    watch = Stopwatch()
    async with whole_hub(trial, _DATABASE) as (base, _):
        following = [asyncio.create_task(_follow(trial, base, one.id, watch)) for one in trial.everybody.cpas]
        await _send(trial, base, documents, every, watch)
        async with asyncio.timeout(_DRAIN):
            while watch.missing:  # noqa: ASYNC110 - four followers, no bell
                await asyncio.sleep(_WAIT / 100)
        for task in following:
            task.cancel()
    cuts = quantiles(watch.took, n=100)
    return {
        "half_load_events_per_s": round(rate, 1),
        "p50_ms": round(cuts[49] * 1000, 1),
        "p95_ms": round(cuts[94] * 1000, 1),
        "p99_ms": round(cuts[98] * 1000, 1),
        "most_ms": round(max(watch.took) * 1000, 1),
    }


async def _send(trial: Trial, base: str, documents: Sequence[tuple[int, Told]], every: float, watch: Stopwatch) -> None:
    """Each document at its time, over whichever connection of its office is free."""
    free: dict[int, asyncio.Queue[Connection]] = {office: asyncio.Queue() for office in range(OFFICES)}
    async with AsyncExitStack() as up:
        for n in range(_CONNECTIONS):
            key = trial.keys[trial.everybody.offices[n % OFFICES].id]
            free[n % OFFICES].put_nowait(await up.enter_async_context(Connection.to(base, key)))

        async def send(office: int, told: Told) -> None:
            connection = await free[office].get()
            await connection.post(DOCUMENTS, told.content)
            free[office].put_nowait(connection)

        began = perf_counter()
        async with asyncio.TaskGroup() as group:
            for n, (office, told) in enumerate(documents):
                due = began + n * every
                await asyncio.sleep(max(0.0, due - perf_counter()))
                watch.sent(told, due, counts=n * every >= _WARM_SECONDS)
                group.create_task(send(office, told))


async def _follow(trial: Trial, base: str, cpas: str, watch: Stopwatch) -> None:
    """A CPAS system that reads its feed by long poll."""
    cursor = ""
    async with Connection.to(base, trial.keys[cpas]) as connection:
        while True:
            after = f"&after={cursor}" if cursor else ""
            answer = await connection.get(f"/v1/feed?wait={_WAIT}&limit={_PAGE}&types={_TYPE}{after}")
            now, cursor = perf_counter(), answer.headers["hub-cursor"]
            for event in from_json(answer.body):
                watch.seen(UUID(event["data"]["claim"]), now)
