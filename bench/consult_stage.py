"""Consult: waiting consultations of the BCSS → asked, answered, sealed and told, by the real ``hub deliver``.

Everybody was integrated through the hub before. Beside it bare zeep in a loop, which keeps nothing.
"""

import json
from collections.abc import Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import asyncpg

from bench import bank
from bench.ground import TEMPLATE
from bench.people import SEED, batched, record
from bench.programs import ProgramEndedError, program
from bench.progress import Read, counted, rate, reached
from bench.running import printed_port
from bench.trial import HUB, Figures, Trial
from hub.application.intake.seal_events import sealed
from hub.bootstrap.hub import Hub, opened
from hub.domain.messaging.cloudevent import CloudEvent, dossier_of, event_id_of
from hub.domain.persons.fold import GROUP
from hub.settings import BcssSettings, PersonsSettings
from sandbox.people import Person
from schemas.consultations import ConsultFlow
from schemas.event import Event
from schemas.persons import RequestIntegration

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

PEOPLE, MOST, EACH = 500, 10_000, 12
_READY, _DATABASE, _CPAS, _ZEEP = "bench_consult_ready", "bench_consult", "cpas-bench", "zeep"
_BATCH = 1000
_ANSWERED = "bank_call WHERE operation = 'income' AND outcome = 'ended'"
_REGISTERED = "projection_integration WHERE state = 'registered'"
_P99 = f"""SELECT percentile_cont(0.99) WITHIN GROUP (ORDER BY extract(epoch FROM ended_at - sent_at)) * 1000
FROM {_ANSWERED}"""


async def measure(trial: Trial) -> Figures:
    """Consultations a second of the hub and of bare zeep; p99 of one call; connections that were open at once."""
    count = max(PEOPLE, min(MOST, len(trial.rows) // EACH))
    folder = trial.ground.home / "bank"
    folder.mkdir(exist_ok=True)
    p99: dict[str, list[float]] = {HUB: [], _ZEEP: []}
    words = ("-m", "bench.bank", str(folder), str(PEOPLE), str(SEED))
    async with program("bank", *words, env={}, log=trial.log, told=True) as served:
        variables = bank.variables(await printed_port(served), folder, _CPAS)
        async with trial.ground.database(_READY, TEMPLATE):
            await _prepared(trial, variables, count)
            ways = {
                HUB: lambda: _by_hub(trial, variables, count, p99[HUB]),
                _ZEEP: lambda: _by_zeep(trial, variables, count // 10, p99[_ZEEP]),
            }
            found = await trial.compare("consult", ways)
    bound = int(variables.get("HUB_BCSS__CONNECTIONS", BcssSettings().connections))
    most = int((folder / "most").read_text())
    assert most <= bound, f"{most} connections were open at once, and {bound} are allowed"
    return {
        **found,
        "consultations": count,
        "p99_ms": round(max(p99[HUB]), 1),
        "zeep_p99_ms": round(max(p99[_ZEEP]), 1),
        "connections": most,
        "connections_bound": bound,
    }


async def _prepared(trial: Trial, variables: Mapping[str, str], count: int) -> None:
    """Everybody integrated by the bank, and so many consultations waiting."""
    everybody = bank.people(PEOPLE, SEED)
    given = trial.ground.settings(_READY)
    persons = PersonsSettings(file_needed=False, legal_contexts=variables["HUB_PERSONS__LEGAL_CONTEXTS"])
    async with opened(given.model_copy(update={"persons": persons})) as hub:
        await _fold(hub, (_command(hub, one, RequestIntegration(cpas=_CPAS), 0) for one in everybody))
        await trial.ground.fresh_topics()
        async with AsyncExitStack() as up:
            for name, words in (("relay", ()), ("consume", ("--group", GROUP)), ("deliver", ())):
                await up.enter_async_context(trial.hub(name, _READY, *words, variables=variables))
            async with _counting(trial, _READY, _REGISTERED) as read:
                await reached(read, PEOPLE)
        await _fold(
            hub,
            (_command(hub, everybody[n % PEOPLE], ConsultFlow(cpas=_CPAS, flow="income"), n) for n in range(count)),
        )
        await hub.database.pool.execute("TRUNCATE outbox, timeline, feed")


async def _fold(hub: Hub, commands: Iterable[CloudEvent]) -> None:
    for some in batched(list(commands), _BATCH):
        report = await hub.consume(GROUP).handle([record(one) for one in await sealed(some, hub.vault)])
        assert report.failed == 0, "every command is folded"


def _command(hub: Hub, person: Person, data: Event, n: int) -> CloudEvent:
    known = {"niss": person.niss, "name": person.name, "first_name": person.first_name, "born": person.born}
    subject, now = hub.vault.subject_of(person.niss), datetime.now(UTC)
    dossier = dossier_of(subject, _CPAS)
    return CloudEvent(
        id=event_id_of("bench", data.type, dossier, str(n)),
        source="/bench",
        type=data.type,
        time=now,
        recordedtime=now,
        partitionkey=dossier,
        subject=subject,
        correlationid=dossier,
        data=data.opened({name: value for name, value in known.items() if name in data.personal_fields()}),
    )


async def _by_hub(trial: Trial, variables: Mapping[str, str], count: int, p99: list[float]) -> float:
    async with (
        trial.ground.database(_DATABASE, _READY) as dsn,
        _counting(trial, _DATABASE, _ANSWERED) as read,
        trial.hub("deliver", _DATABASE, variables=variables),
    ):
        with trial.spent.counting(count):
            found = await rate(read, count)
        await counted(dsn, answers=(_ANSWERED, count), letters=("dead_letter", 0))
        connection = await asyncpg.connect(dsn)
        p99.append(float(await connection.fetchval(_P99)))
        await connection.close()
    return found


async def _by_zeep(trial: Trial, variables: Mapping[str, str], count: int, p99: list[float]) -> float:
    words = ("-m", "bench.bare_zeep", str(count), str(PEOPLE), str(SEED))
    async with program("zeep", *words, env=variables, log=trial.log, told=True, ends=True) as process:
        assert process.stdout is not None
        found = json.loads(await process.stdout.read() or "{}")
    if not found:
        raise ProgramEndedError(f"bare zeep ended without figures; see {trial.log}")
    p99.append(found["p99_ms"])
    return float(found["rate"])


@asynccontextmanager
async def _counting(trial: Trial, database: str, source: str) -> "AsyncIterator[Read]":
    """How many rows there are."""
    connection = await asyncpg.connect(trial.ground.dsn(database))

    async def read() -> int:
        return int(await connection.fetchval(f"SELECT count(*) FROM {source}"))

    try:
        yield read
    finally:
        await connection.close()
