"""How long a claim takes from its office's software to the feed of the CPAS, at half of the rate measured with them.

Open loop: small synchronisations are sent at fixed times whatever happens, and a claim's time counts from when its
document was due to be sent; so a hub that stalls cannot hide it. It ends when the query behind the feed shows the
claim (``p…_ms``), and when software of the CPAS got it by long poll over HTTP (``poll_p…_ms``). The claims of one of
the four CPAS count: to look at all of them would cost more than what is measured.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, nullcontext
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
from hub.adapters.postgres.database import Database
from hub.adapters.postgres.feeds import PostgresFeeds
from hub.application.read.ports import FeedPlace

CLAIMS_EACH = 50
_DATABASE = "bench_latency"
_WARM_SECONDS, _SECONDS = 3.0, 15.0
_CONNECTIONS = 32
_LONG_POLL, _PAGE = 5, 1000
_LOOK_EVERY = 0.01
_DRAIN = 60.0
_TYPE = "be.mediationhub.claim.joined.v1"


class Stopwatch:
    """When each claim was due to be sent, and how long (seconds) it took until it was seen."""

    def __init__(self) -> None:
        self._due: dict[UUID, float] = {}
        self.took: list[float] = []
        self.missing = 0

    def due(self, claims: Sequence[UUID], at: float) -> None:
        """The document of these claims is due to be sent."""
        self._due |= dict.fromkeys(claims, at)
        self.missing += len(claims)

    def seen(self, claim: str, now: float) -> None:
        """The claim stands in a feed."""
        due = self._due.pop(UUID(claim), None)
        if due is not None:
            self.took.append(now - due)
            self.missing -= 1

    def percentiles(self, prefix: str = "") -> Figures:
        """In milliseconds."""
        cuts = quantiles(self.took, n=100) if len(self.took) > 1 else [0.0] * 99
        return {f"{prefix}p{at}_ms": round(cuts[at - 1] * 1000, 1) for at in (50, 95, 99)}


Beside = Callable[[str], AbstractAsyncContextManager[None]]


async def measure(trial: Trial, rate: float, *, beside: Beside | None = None) -> Figures:
    """Percentiles at ``rate`` claims a second. ``beside``: what else goes on in that database."""
    every = CLAIMS_EACH / rate
    documents = [
        (n % OFFICES, synchronisation(trial.everybody, n % OFFICES, n // OFFICES + 1, CLAIMS_EACH))
        for n in range(int((_WARM_SECONDS + _SECONDS) / every))
    ]
    trial.say(f"latency: {1 / every:,.0f} documents of {CLAIMS_EACH} claims a second")
    shown, polled = Stopwatch(), Stopwatch()
    async with (
        whole_hub(trial, _DATABASE) as (base, _),
        beside(_DATABASE) if beside else nullcontext(),
        _watched(trial, base, shown, polled),
    ):
        with trial.spent.counting(CLAIMS_EACH * len(documents)):
            await _send(trial, base, documents, every, (shown, polled))
            async with asyncio.timeout(_DRAIN):
                while shown.missing:  # noqa: ASYNC110 - the feed rings no bell here
                    await asyncio.sleep(_LOOK_EVERY)
    spent = {f"half_load_{name}": each for name, each in trial.spent.each_us().items()}
    return {
        "half_load_events_per_s": round(rate, 1),
        **shown.percentiles(),
        **polled.percentiles("poll_"),
        "most_ms": round(max(shown.took) * 1000, 1),
        **spent,
    }


async def _send(
    trial: Trial, base: str, documents: Sequence[tuple[int, Told]], every: float, watches: Sequence[Stopwatch]
) -> None:
    """Each document at its time, over whichever connection of its office is free; the first seconds do not count."""
    free: dict[int, asyncio.Queue[Connection]] = {office: asyncio.Queue() for office in range(OFFICES)}
    async with AsyncExitStack() as up:
        for n in range(_CONNECTIONS):
            key = trial.keys[trial.everybody.offices[n % OFFICES].id]
            free[n % OFFICES].put_nowait(await up.enter_async_context(Connection.to(base, key)))

        async def send(office: int, told: Told) -> None:
            connection = await free[office].get()
            await connection.post(DOCUMENTS, told.content)
            free[office].put_nowait(connection)

        mine = trial.everybody.cpas[0].id
        began = perf_counter()
        async with asyncio.TaskGroup() as group:
            for n, (office, told) in enumerate(documents):
                due = began + n * every
                await asyncio.sleep(max(0.0, due - perf_counter()))
                if n * every >= _WARM_SECONDS:
                    for watch in watches:
                        watch.due(told.claims_of(mine), due)
                group.create_task(send(office, told))


@asynccontextmanager
async def _watched(trial: Trial, base: str, shown: Stopwatch, polled: Stopwatch) -> AsyncIterator[None]:
    """While it lasts, look at the feed of one CPAS, and follow it over HTTP."""
    database = await Database.open(trial.ground.dsn(_DATABASE), by_index=True)  # as the hub's own readers
    cpas = trial.everybody.cpas[0].id
    tasks = [
        asyncio.create_task(_look(PostgresFeeds(database), cpas, shown)),
        asyncio.create_task(_follow(base, trial.keys[cpas], polled)),
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        await database.close()


async def _look(feeds: PostgresFeeds, cpas: str, watch: Stopwatch) -> None:
    """What the feed shows, by its own query."""
    place = FeedPlace(0, 0)
    while True:
        page = await feeds.page(cpas, place, [_TYPE], _PAGE)
        now, place = perf_counter(), page.after
        for item in page.items:
            watch.seen(from_json(item.value)["claim"], now)
        await asyncio.sleep(_LOOK_EVERY)


async def _follow(base: str, key: str, watch: Stopwatch) -> None:
    """Software of a CPAS that follows its feed by long poll."""
    cursor = ""
    async with Connection.to(base, key) as connection:
        while True:
            after = f"&after={cursor}" if cursor else ""
            answer = await connection.get(f"/v1/feed?wait={_LONG_POLL}&limit={_PAGE}&types={_TYPE}{after}")
            now, cursor = perf_counter(), answer.headers["hub-cursor"]
            for event in from_json(answer.body):
                watch.seen(event["data"]["claim"], now)
