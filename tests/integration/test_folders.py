"""Files that partners drop become documents; their answer lies beside them."""

import gzip
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from hub.application.intake.callers import Caller
from hub.application.intake.submission import Taken
from hub.application.intake.take_file import TakeFile
from hub.bootstrap.hub import Hub
from hub.entrypoints.folders import WatchedFolders
from tests.integration.intake_documents import single, synchronisation
from tests.integration.intake_parts import count, key_of

pytestmark = pytest.mark.integration
POLL = timedelta(milliseconds=20)


@pytest.fixture
def drop(tmp_path: Path) -> Path:
    """The folder of an office for the cia connector."""
    folder = tmp_path / "folders" / "cia" / "etude-001" / "in"
    folder.mkdir(parents=True)
    return folder


def watched(hub: Hub, drop: Path) -> WatchedFolders:
    return WatchedFolders(drop.parents[2], hub.take_file, poll=POLL)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def answer(drop: Path, where: str, name: str) -> Any:
    return json.loads((drop.parent / where / f"{name}.answer.json").read_text())


async def test_good_file_moves_to_done_and_a_bad_one_to_rejected_with_their_answers(hub: Hub, drop: Path) -> None:
    await key_of(hub, "etude-001", "office", ["cia"])
    (drop / "a.xml").write_bytes(single(1))
    (drop / "b.xml").write_bytes(single(2, total="1.00"))
    (drop / "c.xml.gz").write_bytes(gzip.compress(b"".join(synchronisation(50))))
    (drop / "d.xml.part").write_bytes(single(3))
    await watched(hub, drop).sweep()
    assert names(drop) == {"d.xml.part"}
    assert names(drop.parent / "done") == {
        "a.xml",
        "a.xml.answer.json",
        "c.xml.gz",
        "c.xml.gz.answer.json",
    }
    assert answer(drop, "done", "a.xml")["state"] == "accepted"
    assert answer(drop, "done", "c.xml.gz")["events"] == 51
    refused = answer(drop, "rejected", "b.xml")
    assert (refused["status"], refused["errors"][0]["code"]) == (422, "total-not-sum")
    assert await count(hub, "outbox") == 52


async def test_folder_without_a_living_key_is_left_alone(hub: Hub, drop: Path) -> None:
    await key_of(hub, "etude-001", "office")
    (drop / "a.xml").write_bytes(single(1))
    folders = watched(hub, drop)
    await folders.sweep()
    assert (drop / "a.xml").exists()
    await key_of(hub, "etude-001", "office", ["cia"])
    await folders.sweep()
    assert (drop.parent / "done" / "a.xml").exists()
    await hub.institutions.revoke("etude-001")
    (drop / "b.xml").write_bytes(single(2))
    await folders.sweep()
    assert (drop / "b.xml").exists()


async def test_file_that_was_taken_but_not_moved_gets_the_same_receipt_after_a_restart(hub: Hub, drop: Path) -> None:
    await key_of(hub, "etude-001", "office", ["cia"])
    (drop / "a.xml").write_bytes(single(1))

    class DiesAfterTaking(TakeFile):
        async def take(self, caller: Caller, connector: str, path: Path) -> Taken:
            taken = await hub.take_file.take(caller, connector, path)
            raise KeyboardInterrupt(taken.row.receipt)

        async def caller(self, institution: str, connector: str) -> Caller | None:
            return await hub.take_file.caller(institution, connector)

    dying = WatchedFolders(drop.parents[2], DiesAfterTaking.__new__(DiesAfterTaking), poll=POLL)
    with pytest.raises(KeyboardInterrupt) as death:
        await dying._outcome(drop / "a.xml", await _caller(hub), "cia")
    assert (drop / "a.xml").exists()
    await watched(hub, drop).sweep()
    assert answer(drop, "done", "a.xml")["receipt"] == death.value.args[0]
    assert await count(hub, "outbox") == 1


async def _caller(hub: Hub) -> Caller:
    found = await hub.take_file.caller("etude-001", "cia")
    assert found is not None
    return found


async def test_name_that_was_used_before_keeps_both_files(hub: Hub, drop: Path) -> None:
    await key_of(hub, "etude-001", "office", ["cia"])
    for n in (1, 2):
        (drop / "claims.xml").write_bytes(single(n))
        await watched(hub, drop).sweep()
    assert {"claims.xml", "claims.2.xml", "claims.2.xml.answer.json"} <= names(drop.parent / "done")
    assert answer(drop, "done", "claims.xml")["receipt"] != answer(drop, "done", "claims.2.xml")["receipt"]


async def test_links_and_other_names_are_no_files(hub: Hub, drop: Path, tmp_path: Path) -> None:
    await key_of(hub, "etude-001", "office", ["cia"])
    secret = tmp_path / "secret.xml"
    secret.write_bytes(single(1))
    (drop / "link.xml").symlink_to(secret)
    (drop / "notes.txt").write_text("x")
    (drop / "folder.xml").mkdir()
    await watched(hub, drop).sweep()
    assert names(drop) == {"link.xml", "notes.txt", "folder.xml"}
    assert await count(hub, "document") == 0
