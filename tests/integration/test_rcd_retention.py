"""A case that was kept long enough: proposed to the register, packed for the State Archives, same bytes each time."""

import json
import stat
import zipfile
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path

import httpx
import pytest

from hub.bootstrap.hub import Hub
from hub.settings import Settings
from tests.integration.intake_parts import count, door, key_of
from tests.integration.test_institution_command import run
from tests.integration.test_returns import relayed
from tests.support.archives import CASE, LIFE, PERSON, REFERENCE, document, items, told
from tests.support.documents import niss_of

pytestmark = pytest.mark.integration
PROPOSED = "be.mediationhub.rcd-transfer.proposed.v1"
OTHER = "2015/LIEGE/8"


def written(folder: Path) -> list[str]:
    """Files of a folder."""
    return sorted(one.name for one in folder.iterdir())


async def fired(hub: Hub) -> None:
    """What is due is told."""
    async with hub.bell("hub_timer") as bell:
        clock = hub.fire_timers(bell)
        while await clock.once():
            await relayed(hub, "hub.rcd")


@pytest.fixture
async def register(hub: Hub) -> AsyncIterator[httpx.AsyncClient]:
    """The register; it told a case in two documents, of which one tells of another case too."""
    async with door(hub, await key_of(hub, "register", "register", ["justrestart"])) as client:
        alone = document("m-1", items(REFERENCE, *LIFE[:3]))
        shared = document("m-2", items(REFERENCE, *LIFE[3:]), items(OTHER, *LIFE[:1]))
        await told(client, alone, shared)
        await relayed(hub, "hub.rcd")
        await relayed(hub, "hub.notices")
        yield client


async def test_clock_proposes_the_transfer_to_the_register_and_to_administrators(
    hub: Hub, settings: Settings, register: httpx.AsyncClient
) -> None:
    await fired(hub)
    await fired(hub)

    feed = await register.get("/v1/feed", params={"types": PROPOSED})
    assert [one["data"]["case"] for one in feed.json()] == [CASE]
    assert await count(hub, "feed", f"type = '{PROPOSED}'") == 1
    (listed,) = run(settings, "rcd", "retention", "--json")
    assert (listed["case_id"], listed["stage"], listed["kept_until"]) == (CASE, "proposed", "2021-06-01")
    assert await count(hub, "case_access", "what = 'retention'") == 1


@pytest.mark.usefixtures("register")
async def test_package_has_everything_of_the_case_hashed_and_signed(
    hub: Hub, settings: Settings, tmp_path: Path
) -> None:
    run(settings, "rcd", "channels", REFERENCE, "--json")
    file = tmp_path / "case.zip"
    said = run(settings, "rcd", "package", REFERENCE, "--to", str(file), "--json")

    assert said["sha256"] == sha256(file.read_bytes()).hexdigest()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with zipfile.ZipFile(file) as package:
        assert package.testzip() is None
        parts = {name: package.read(name) for name in package.namelist()}
    manifest = json.loads(parts["manifest.json"])
    assert {one["name"]: one["sha256"] for one in manifest["parts"]} == {
        name: sha256(data).hexdigest() for name, data in parts.items() if not name.startswith("manifest.")
    }
    assert (manifest["operationsEnded"], manifest["keptUntil"]) == ("2016-06-01", "2021-06-01")
    assert (manifest["caseRef"], manifest["court"], manifest["roleNumber"]) == (REFERENCE, "TT-LIEGE", "15/7/B")
    assert manifest["counts"] == {
        "acts": 6, "events": 7, "claims": 0, "accesses": 1, "documents": 2, "documentsWhole": 1
    }  # fmt: skip
    assert niss_of(PERSON).encode() in parts["timeline.jsonl"]
    (whole,) = [data for name, data in parts.items() if name.startswith("documents/")]
    assert whole == document("m-1", items(REFERENCE, *LIFE[:3]))
    listed = [json.loads(line) for line in parts["documents.jsonl"].splitlines()]
    assert {one["messageId"]: one["bytes"] for one in listed} == {"m-1": "here", "m-2": "of-several-cases"}
    assert not any(OTHER.encode() in data for data in parts.values())
    for language, word in (("fr", "Archives de l'État"), ("nl", "Rijksarchief"), ("de", "Staatsarchiv")):
        assert word in parts[f"inventory.{language}.txt"].decode()
    for name in ("manifest.jws", "manifest.json"):
        (tmp_path / name).write_bytes(parts[name])
    words = ("receipt", "verify", str(tmp_path / "manifest.jws"), "--document", str(tmp_path / "manifest.json"))
    assert run(settings, *words, "--json")["case"] == CASE
    assert await count(hub, "case_access", "what = 'package'") == 1
    assert await count(hub, "audit", "verb = 'package'") == 1


@pytest.mark.usefixtures("register")
async def test_same_case_makes_the_same_bytes_and_another_look_at_it_others(
    hub: Hub, settings: Settings, tmp_path: Path
) -> None:
    one, two, three = (tmp_path / f"{n}.zip" for n in range(3))
    run(settings, "rcd", "package", REFERENCE, "--to", str(one), "--json")
    run(settings, "rcd", "retention", "--json")
    await relayed(hub, "hub.rcd")  # each look yields a notice, and changes no case
    run(settings, "rcd", "package", REFERENCE, "--to", str(two), "--json")
    run(settings, "rcd", "accesses", REFERENCE, "--json")
    run(settings, "rcd", "package", REFERENCE, "--to", str(three), "--json")

    assert one.read_bytes() == two.read_bytes()
    assert three.read_bytes() != two.read_bytes()
    kept = await hub.database.pool.fetchval("SELECT sha256 FROM rcd_transfer")
    assert kept == sha256(three.read_bytes()).digest()
    assert [row["stage"] for row in run(settings, "rcd", "retention", "--json")] == ["packed"]


async def test_case_that_may_not_go_yet_leaves_no_file_and_a_file_is_never_overwritten(
    hub: Hub, settings: Settings, tmp_path: Path, register: httpx.AsyncClient
) -> None:
    file = tmp_path / "case.zip"
    words = ("rcd", "package", REFERENCE, "--to", str(file))
    assert "no act of this case" in run(settings, "rcd", "package", "2015/NOWHERE/1", "--to", str(file), code=3)
    assert "closing operations" in run(settings, "rcd", "package", OTHER, "--to", str(file), code=3)
    await told(register, document("m-3", items(REFERENCE, ("outage-started", "2026-05-01T09:00:00+02:00", ""))))
    await relayed(hub, "hub.rcd")
    assert "away" in run(settings, *words, code=3)
    assert run(settings, "rcd", "retention", "--json") == []
    back = ("outage-ended", "2026-05-02T09:00:00+02:00", 'outage="outage-started"')
    await told(register, document("m-4", items(REFERENCE, back)))
    await relayed(hub, "hub.rcd")
    assert written(tmp_path) == []

    file.write_text("another")
    assert "there already" in run(settings, *words, code=3)
    assert (file.read_text(), await count(hub, "rcd_transfer")) == ("another", 0)
    file.unlink()
    run(settings, *words, "--json")
    assert written(tmp_path) == ["case.zip"]


@pytest.mark.usefixtures("register")
async def test_without_a_log_there_is_no_package(hub: Hub, settings: Settings, tmp_path: Path) -> None:
    await hub.database.pool.execute("ALTER TABLE case_access RENAME TO case_access_away")
    run(settings, "rcd", "package", REFERENCE, "--to", str(tmp_path / "case.zip"), code=1)
    await hub.database.pool.execute("ALTER TABLE case_access_away RENAME TO case_access")

    assert (written(tmp_path), await count(hub, "rcd_transfer")) == ([], 0)
