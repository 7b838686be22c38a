"""Intake: documents by HTTP, each answered with its receipt after the commit; nothing else runs."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from statistics import median
from time import perf_counter

from bench.claims import single, synchronisation
from bench.ground import TEMPLATE
from bench.people import OFFICES
from bench.running import intake
from bench.trial import Figures, Trial
from bench.wire import Connection

DOCUMENTS = "/v1/connectors/cia/documents"
_DATABASE = "bench_intake"
_CONNECTIONS = 16
_WARM = 200
_SINGLE_SHARE, _MOST_SINGLE, _MOST_BULK = 40, 3000, 20_000


async def measure(trial: Trial) -> Figures:
    """Single documents a second over 16 connections; claims a second of one bulk document."""
    events = len(trial.rows)
    warm = [single(trial.everybody, n % OFFICES, 1_000_000 + n) for n in range(_WARM)]
    documents = [single(trial.everybody, n % OFFICES, n) for n in range(min(_MOST_SINGLE, events // _SINGLE_SHARE))]
    claims = min(_MOST_BULK, events)
    bulk = synchronisation(trial.everybody, 0, 1, claims).content
    rates: list[tuple[float, float]] = []
    for n in range(1, trial.rounds + 1):
        async with trial.ground.database(_DATABASE, TEMPLATE), intake(trial, _DATABASE) as base:
            await _post(trial, base, warm)
            singly = await _post(trial, base, documents)
            rates.append((singly, claims * await _post(trial, base, [bulk])))
        trial.say(f"intake: round {n} of {trial.rounds}: {singly:,.0f} single, {rates[-1][1]:,.0f} in bulk a second")
    return {
        "single_documents_per_s": round(median(one for one, _ in rates), 1),
        "bulk_claims_per_s": round(median(one for _, one in rates), 1),
        "bulk_claims": claims,
        "bulk_megabytes": round(len(bulk) / 2**20, 1),
    }


async def _post(trial: Trial, base: str, documents: Sequence[bytes]) -> float:
    """Documents a second; the ``n``-th is that of office ``n % OFFICES``."""
    lanes = min(_CONNECTIONS, len(documents))
    offices = [one.id for one in trial.everybody.offices]
    async with AsyncExitStack() as open_:
        connections = [
            await open_.enter_async_context(Connection.to(base, trial.keys[offices[n % OFFICES]])) for n in range(lanes)
        ]

        async def lane(n: int) -> None:
            for document in documents[n::lanes]:
                await connections[n].post(DOCUMENTS, document)

        began = perf_counter()
        await asyncio.gather(*(lane(n) for n in range(lanes)))
        return len(documents) / (perf_counter() - began)
