"""``hub sandbox bcss`` and ``hub sandbox register`` alone: another client, or a hub, is tested against them."""

import asyncio
import ssl
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from connectors import CONNECTORS
from hub.application.consult.searching import Search
from hub.bootstrap.bank import soap_bank
from hub.bootstrap.hub import Hub
from hub.bootstrap.signatures import soap_opener
from hub.settings import BcssSettings
from sandbox.people import Population
from schemas.persons import RequestIntegration
from tests.integration.counter import CPAS, Counter
from tests.integration.intake_parts import count, door, key_of
from tests.integration.test_returns import relayed
from tests.support.fake_bank import FakeBank
from tests.support.soap_bank import OURS
from tests.support.waiting import until

pytestmark = pytest.mark.integration

SAID = ("ENDPOINTS", "AUTHORITY", "CERTIFICATE", "KEY")


@pytest.fixture
def printed(tmp_path: Path) -> Iterator[dict[str, str]]:
    """What it says for the environment of a hub."""
    command = [
        sys.executable,
        "-m",
        "hub",
        "sandbox",
        "bcss",
        "--folder",
        str(tmp_path),
        "--people",
        "3",
        "--seed",
        "5",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline().strip() for _ in SAID]
        yield {
            name.removeprefix("HUB_BCSS__").lower(): value for name, _, value in (one.partition("=") for one in lines)
        }
        process.terminate()


async def test_bank_that_runs_alone_pushes_a_mutation_to_a_hub(
    printed: dict[str, str], hub: Hub, tmp_path: Path
) -> None:
    somebody = Population.of(seed=5, people=3, offices=1, cpas=1).people[0]
    counter = Counter(hub, FakeBank(tmp_path / "books.json"), somebody.niss)
    await counter.say(RequestIntegration(cpas=CPAS))
    await counter.run()
    believed = BcssSettings.model_validate(
        {"anchors": tmp_path / "authority.pem", "mutation_certificates": tmp_path / "signatures.pem"}
    )
    key = await key_of(hub, "bcss", "bcss", ["mutations"])
    opener = soap_opener(hub.settings.model_copy(update={"bcss": believed}), CONNECTORS, hub.clock)
    order = {"recipient": CPAS, "niss": somebody.niss, "order": 1}
    change = {"kind": "LEGAL_ADDRESS", "effective": "2026-03-05", "form": "R020"}
    tls = ssl.create_default_context(cafile=str(tmp_path / "authority.pem"))
    tls.load_cert_chain(printed["certificate"], printed["key"])
    async with door(hub, open_soap=opener) as own, httpx.AsyncClient(verify=tls) as bank:
        told = {"hub": str(own.base_url), "key": key["authorization"].removeprefix("Bearer "), "changes": [change]}
        base = printed["endpoints"].partition(";")[0].partition("=")[2].rpartition("/")[0]
        pushed = await bank.post(f"{base}/sandbox/mutations", json={**order, **told})

    assert pushed.json()["status"] == 200, pushed.text
    assert await count(hub, "outbox", "topic = 'bcss-mutations'") == 1


async def test_bank_that_runs_alone_is_reached_by_the_settings_it_prints(printed: dict[str, str]) -> None:
    somebody = Population.of(seed=5, people=3, offices=1, cpas=1).people[0]
    settings = BcssSettings.model_validate({**printed, "organisations": f"cpas-1={OURS}"})
    bank = soap_bank(settings, lambda: datetime.now(UTC))
    try:
        found = await bank.identify("cpas-1", uuid4(), Search(niss=somebody.niss))
    finally:
        await bank.close()

    assert [one.niss for one in found.candidates] == [somebody.niss]


async def test_register_that_runs_alone_tells_a_hub_every_act_and_is_away_at_a_switch(hub: Hub, tmp_path: Path) -> None:
    head = await key_of(hub, "register", "register", ["justrestart"])
    key = tmp_path / "key"
    key.write_text(head["authorization"].removeprefix("Bearer "))
    async with door(hub) as ours:
        command = ("-m", "hub", "sandbox", "register", "--hub", str(ours.base_url), "--key-file", str(key))
        process = await asyncio.create_subprocess_exec(sys.executable, *command, stdout=asyncio.subprocess.PIPE)
        assert process.stdout is not None
        lines = [(await process.stdout.readline()).decode().strip().split(" ")[0] for _ in range(5)]
        said = {name: value for name, _, value in (line.partition("=") for line in lines)}
        try:
            await _acts(said)
            await until(lambda: _documents(hub, 3), "three documents of the register")
        finally:
            process.terminate()
            await process.wait()
    await relayed(hub, "hub.rcd")

    row = await hub.database.pool.fetchrow("SELECT state, outage_open FROM projection_rcd_case")
    assert row is not None
    assert tuple(row) == ("ADMITTED", True)


async def _acts(said: dict[str, str]) -> None:
    """A petition, an admission, an outage, and an act that comes during it; one document each."""
    async with httpx.AsyncClient() as http:

        async def posted(path: str, who: str, body: dict[str, object]) -> httpx.Response:
            answer = await http.post(
                said["register"].replace("/acts", path), json=body, headers={"Authorization": f"Bearer {said[who]}"}
            )
            await asyncio.sleep(0.5)  # the register tells its hub every 0.2 seconds
            return answer

        petition = await posted("/acts", "greffe", {"case": "2026/X/1", "act": "petition-filed"})
        admitted = await posted("/acts", "greffe", {"case": "2026/X/1", "act": "admitted", "institution": "cpas-001"})
        away = await posted("/outage", "operator", {"away": True})
        refused = await posted("/acts", "creancier", {"case": "2026/X/1", "act": "claim-submitted"})
    assert [one.status_code for one in (petition, admitted, away, refused)] == [201, 201, 200, 503]
    assert away.json()["outage"] in refused.json()["text"]


async def _documents(hub: Hub, number: int) -> bool:
    return await count(hub, "document") == number
