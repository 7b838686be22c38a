"""Replay: ten thousand records over a thousand dossiers, planned, replayed, and what live claims feel of it.

Records are letters and what waits behind them: a dossier has one letter that waits (ADR 0011), so a thousand letters
with nine records behind each. A bad release is played in this process: the fold refuses the first claim of each person.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from time import perf_counter
from typing import Any
from uuid import UUID

from bench import consume_stage, end_to_end, latency
from bench.ground import TEMPLATE
from bench.people import batched, clients_of
from bench.trial import Figures, Trial
from hub.application.dead_letters.job_ports import JobOptions
from hub.application.dead_letters.selection import Selection
from hub.application.envelope import kafka_headers
from hub.application.ports import OutboxRow, Record
from hub.bootstrap.hub import Hub, opened
from hub.domain.messaging.cloudevent import CloudEvent
from hub.domain.messaging.decision import Decision
from hub.domain.messaging.errors import RuleError

KEYS, EACH = 1000, 10
_DATABASE = "bench_replay"
_GROUP = consume_stage.GROUP
_LOOK_EVERY = 0.05


async def measure(trial: Trial) -> Figures:
    """Records a second of plan and replay, the replay beside live speed, the live p99 with and without it.

    The live load is half of what small documents reach.
    """
    some = _grouped(trial.rows, KEYS, EACH)
    plan, replay = await _planned_and_replayed(trial, some)
    trial.say(f"replay: {plan:,.0f} planned, {replay:,.0f} replayed a second")
    await consume_stage.preload(trial)
    live = await consume_stage.by_hub(trial)
    trial.say(f"replay: live {live:,.0f} a second")
    rate = await end_to_end.small(trial, latency.CLAIMS_EACH) / 2
    alone = await latency.measure(trial, rate)
    beside = await latency.measure(trial, rate, beside=lambda database: _replaying(trial, database))
    return {
        "records": float(sum(len(rows) for rows in some)),
        "plan_letters_per_s": round(plan, 1),
        "letters_per_s": round(replay, 1),
        "live_per_s": round(live, 1),
        "of_live": round(replay / live, 3),
        "live_load_per_s": round(rate, 1),
        "live_p99_ms": alone["p99_ms"],
        "live_p99_beside_ms": beside["p99_ms"],
        "live_p99_ratio": round(beside["p99_ms"] / alone["p99_ms"], 2),
    }


async def _planned_and_replayed(trial: Trial, some: Sequence[Sequence[OutboxRow]]) -> tuple[float, float]:
    count = sum(len(rows) for rows in some)
    async with trial.ground.database(_DATABASE, TEMPLATE), opened(trial.ground.settings(_DATABASE)) as hub:
        await park(hub, some)
        began = perf_counter()
        plan = await hub.plans.make(Selection(), verb="replay", who="bench")
        planned = perf_counter() - began
        async with trial.hub("replay", _DATABASE):
            await asyncio.sleep(2)  # the process is up; its start is not what is measured
            job = await _asked(hub, plan.id)
            began = perf_counter()
            while (await hub.jobs.found(job)).state == "running":  # noqa: ASYNC110 - it says so in a table
                await asyncio.sleep(_LOOK_EVERY)
            took = perf_counter() - began
        shown = await hub.jobs.shown(job)
    assert shown["outcomes"]["done"] == len(some), shown
    return count / planned, count / took


async def _asked(hub: Hub, plan: UUID) -> UUID:
    """A job over everything, without canary steps, approved."""
    found = await hub.plans.found(plan)
    options = JobOptions(canary=(), stop_lag=0)
    typed = hub.jobs.confirmation(found) or ""
    job = await hub.jobs.ask(plan, who="bench", reason="bench", typed=typed, options=options)
    if job.needs_approval:
        await hub.jobs.approve(job.id, who="another")
    return job.id


@asynccontextmanager
async def _replaying(trial: Trial, database: str) -> AsyncIterator[None]:
    """A job that replays beside whatever happens, for as long as there is something."""
    async with opened(trial.ground.settings(database)) as hub:
        watched = trial.everybody.cpas[0].id  # whose live claims are timed: her persons are not parked
        others = {one.subject for one in clients_of(hub, trial.everybody) if one.cpas != watched}
        everything = _grouped([row for row in trial.rows if row.key in others], 100_000, 100)
        await park(hub, everything)
        plan = await hub.plans.make(Selection(), verb="replay", who="bench")
        async with trial.hub("replay", database):
            job = await _asked(hub, plan.id)
            while not (await hub.jobs.shown(job))["outcomes"].get("done"):  # noqa: ASYNC110 - it says so in a table
                await asyncio.sleep(_LOOK_EVERY)  # the process is up; its start is not what is measured
            yield
            left = (await hub.jobs.shown(job))["outcomes"].get("waiting", 0)
            trial.say(f"replay: {left:,} of {len(everything):,} letters were left when the live load ended")


async def park(hub: Hub, some: Sequence[Sequence[OutboxRow]]) -> None:
    """A bad release makes a letter of each person's first claim; the others wait behind it."""
    good = hub.managers[_GROUP]
    firsts = {_event_id(rows[0]) for rows in some}

    def fold(state: Any, event: CloudEvent) -> Decision[Any]:
        if str(event.id) in firsts:
            raise RuleError("bad-release", "this release cannot handle this")
        return good.fold(state, event)

    before = hub.managers
    hub.__dict__["managers"] = {**before, _GROUP: replace(good, fold=fold)}
    consume = hub.consume(_GROUP)
    hub.__dict__["managers"] = before
    await hub.clock.refresh()
    for part in batched(some, 200):
        await consume.handle([_record(row) for rows in part for row in rows])


def _grouped(rows: Sequence[OutboxRow], keys: int, each: int) -> list[list[OutboxRow]]:
    """Claims by person: so many persons at the most, so many claims of each at the most."""
    found: defaultdict[str, list[OutboxRow]] = defaultdict(list)
    for row in rows:
        if len(found[row.key]) < each:
            found[row.key].append(row)
    return list(found.values())[:keys]


def _event_id(row: OutboxRow) -> str:
    return dict(kafka_headers(row.headers))["ce_id"].decode()


def _record(row: OutboxRow) -> Record:
    headers = tuple(kafka_headers(row.headers))
    return Record(consume_stage.TOPIC, 0, 0, 0, row.key.encode(), row.value, headers)
