"""No national number in anything a run leaves behind: every file, page, key and header."""

import json
import secrets
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from time import time
from typing import Any
from uuid import uuid4

import httpx
import pytest

from hub.adapters.localstack.running import RunningStack
from hub.bootstrap.hub import Hub
from sandbox.people import Person, Population
from schemas.debt_commands import OpenDebtFile, OpenGeneralFile
from schemas.persons import FlowName
from tests.support.counterside import Counterside, counterside
from tests.support.left_behind import contents, left_behind, number_forms
from tests.support.plaintext import readable
from tests.support.processes import Processes
from tests.support.watched_bank import WatchedBank, watched_bank

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180), pytest.mark.usefixtures("topics_ready")]

CPAS = "cpas-087"
# of this run alone: what an earlier one left on the same machine is not this one's
PEOPLE = Population.of(seed=secrets.randbelow(10**9), people=4, offices=1, cpas=1).people
FLOWS: tuple[FlowName, ...] = (
    "identification",
    "addresses",
    "employment",
    "pensions",
    "self-employed",
    "handicap",
    "income",
)
PERIOD = {"begin": date(2026, 1, 1), "end": date(2026, 6, 30), "focus": "reference-period"}
DEBUG = {"HUB_TELEMETRY__LEVEL": "debug"}


@pytest.fixture
async def bank(tmp_path: Path) -> AsyncIterator[WatchedBank]:
    async with watched_bank(tmp_path / "bank", PEOPLE, CPAS) as found:
        found.sandbox.services.partner = PEOPLE[1].niss
        yield found


@pytest.fixture
async def counter(hub: Hub, processes: Processes, bank: WatchedBank) -> AsyncIterator[Counterside]:
    commands = (OpenGeneralFile, OpenDebtFile)
    async with counterside(hub, processes, bank, *(one.type for one in commands), **DEBUG) as found:
        yield found


async def answered(counter: Counterside) -> None:
    """Every flow about the first person, some refused, some broken; who else she lives with; searches."""
    stranger, two, one, _ = PEOPLE  # the third and the fourth live together
    await counter.deliverer(**DEBUG)
    await counter.integrate(one, two)
    await counter.until_told("integration.registered", 2)
    for flow in FLOWS:
        await counter.consult(flow, one, **(PERIOD if flow == "pensions" else {}))
    await counter.until_told("flow.answered", len(FLOWS))
    await counter.consult("income", stranger)
    await counter.until_told("flow-consultation.denied", 1)
    await counter.search(search=str(uuid4()), name=one.name.lower(), born=f"{one.born.year}-00-00", tolerance=1)
    await counter.until_told("person.searched", 1)
    nobody = {"search": str(uuid4()), "name": "Quarantaine", "born": "1988-07-03"}
    await counter.search(**nobody)
    await counter.until_told("person.searched", 2)
    await counter.number(**nobody)
    await counter.until_told("bis-number.assigned", 1)


async def quoted(counter: Counterside, bank: WatchedBank) -> None:
    """A bank that says a number where a reason code belongs, half an answer, a file, and refused requests."""
    _, two, one, _ = PEOPLE
    bank.sandbox.fates.order(f"fault:{one.niss}")
    await counter.consult("income", one)
    await counter.until_told("flow.failed", 1)
    bank.sandbox.fates.order("garbage")
    await counter.consult("addresses", two)
    await counter.until_told("flow.failed", 2)
    await _files(counter, one, two)


async def _files(counter: Counterside, one: Person, two: Person) -> None:
    async def ask(command: str, **data: object) -> httpx.Response:
        headers = {"idempotency-key": str(uuid4())}
        return await counter.partner.http.post(f"/v1/debt-commands/{command}", json=data, headers=headers)

    assert (await ask("open-general-file", niss=one.niss, name=one.name)).is_success
    assert (await ask("open-debt-file", niss=one.niss, due="10.00", repaid="0.00", description="avance")).is_success
    assert (await ask("open-general-file", niss=f"{two.niss}0", name="?")).is_client_error
    assert (await ask("open-debt-file", niss=two.niss, due=two.niss + "x", description="?")).is_client_error
    assert (await counter.partner.get("/v1/feed", niss=one.niss)).is_success
    assert (await counter.partner.get(f"/v1/answers/{one.niss}")).is_client_error
    assert (await counter.partner.get(f"/v1/debt-files/{two.niss}")).is_client_error
    await counter.until_told("debt-file.opened", 1)


async def pages(processes: Processes) -> dict[str, str]:
    """What every process shows of itself."""
    found = {}
    async with httpx.AsyncClient() as http:
        for file in (processes.home / "run").glob("*.json"):
            said: dict[str, Any] = json.loads(file.read_text())
            where = said.get("probe") or said.get("http")
            assert where, said
            found[file.stem] = (await http.get(f"{where}/metrics")).text
    return found


async def test_no_number_of_anybody_stands_in_a_file_a_name_a_page_a_key_or_a_header(
    counter: Counterside, bank: WatchedBank, hub: Hub, processes: Processes, stack: RunningStack
) -> None:
    since = time() - 30  # the first process was started by a fixture
    await answered(counter)
    await quoted(counter, bank)
    await hub.database.pool.execute("CHECKPOINT")
    shown = await pages(processes)
    for process in processes.started:
        process.ask_to_end()
    for process in processes.started:
        assert process.end()

    forms = [(at, form) for at, niss in enumerate(bank.sandbox.numbers) for form in number_forms(niss).items()]
    needles = {f"person {at}: {name}": one for at, (name, one) in forms}
    assert len(bank.sandbox.numbers) == len(PEOPLE) + 1, "and who got a number"
    data = Path(await hub.database.pool.fetchval("SHOW data_directory"))
    folders = [processes.home, stack.home, data]
    assert left_behind(folders, needles, since) == {}
    assert [name for name, text in shown.items() if any(one in text.encode() for one in needles.values())] == []
    assert len(shown) == 4
    assert await readable(hub, [*needles.values()]) == []
    # the same look finds what is not secret, in every place where a number would have to be
    seen = {str(path) for path, data in contents(folders, since) if CPAS.encode() in data}
    for place in ("/base/", "/pg_wal/", "/kafka/data/cpas-commands-", "/kafka/data/bcss-outcomes-"):
        assert any(place in one for one in seen), (place, seen)
    failed = await hub.database.pool.fetch("SELECT reason FROM projection_consultation WHERE state = 'failed'")
    assert {row["reason"] for row in failed} == {"code-unreadable", "answer-not-xml"}, "and not the number in its place"
