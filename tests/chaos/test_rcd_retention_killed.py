"""A case on its way to the State Archives, killed at each step: no half file, no half erasure, and it goes on."""

import json
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path

import pytest

from hub.application.read.case_access import verify
from hub.bootstrap.hub import Hub
from hub.settings import Settings
from tests.chaos.test_killed import dsn_of
from tests.integration.intake_parts import count, door, key_of
from tests.support.archives import CASE, LIFE, REFERENCE, document, items, receipt, told, words_of
from tests.support.console import relayed
from tests.support.processes import Processes
from tests.support.tripwire import Place, Tripwire, tripwire

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(240), pytest.mark.usefixtures("topics_ready")]
IN_WRITING = Place(marks=(b"FROM projection_rcd_claim",), arrives=False)
"""Acts and timeline are in the file; the rest is not."""
BEFORE_HASH = Place(marks=(b"INSERT INTO rcd_transfer",), arrives=False)
"""The file is whole and on disk; its hash is not kept yet."""
AFTER_HASH = Place(marks=(b"INSERT INTO rcd_transfer", b"COMMIT"), arrives=True)
"""The hash is kept; the file has no name yet."""
IN_RECEIPT = Place(marks=(b"UPDATE rcd_transfer SET reference", b"COMMIT"), arrives=False)
IN_ERASURE = Place(marks=(b"DELETE FROM projection_rcd_case",), arrives=False)
AT_ITS_END = Place(marks=(b'"erased":true', b"COMMIT"), arrives=False)
"""Everything is destroyed, in a transaction that never ends."""
AFTER_ERASURE = Place(marks=(b'"erased":true', b"COMMIT"), arrives=True)
KEPT = {"case_access", "rcd_transfer", "audit", "state", "outbox"}
"""The outbox has the event of the log's last entry."""


@pytest.fixture
async def wire(hub: Hub, settings: Settings) -> AsyncIterator[Tripwire]:
    """A case that was kept long enough, and a cable that hangs."""
    async with door(hub, await key_of(hub, "register", "register", ["justrestart"])) as register:
        await told(register, document("m-1", items(REFERENCE, *LIFE)))
    await relayed(hub, "hub.rcd", "hub.notices")
    async with tripwire(dsn_of(settings)) as found:
        yield found


async def killed(processes: Processes, wire: Tripwire, place: Place, *words: str, who: str = "anna") -> None:
    """A command that dies there."""
    wire.arm(place)
    doomed = processes.start("rcd", *words, HUB_POSTGRES__DSN=wire.dsn, LOGNAME=who)
    await wire.tripped()
    doomed.kill()


def done(processes: Processes, *words: str, who: str = "anna") -> None:
    """A command that comes to its end."""
    ended = processes.command("rcd", *words, "--json", LOGNAME=who)
    assert ended.returncode == 0, ended.stderr


async def test_package_killed_in_its_writing_has_no_name_and_the_next_one_is_whole(
    hub: Hub, processes: Processes, wire: Tripwire, tmp_path: Path
) -> None:
    file = tmp_path / "case.zip"
    words = ("package", REFERENCE, "--to", str(file))
    for place in (IN_WRITING, BEFORE_HASH, AFTER_HASH):
        await killed(processes, wire, place, *words)
        assert not file.exists()
        assert await count(hub, "rcd_transfer") == int(place is AFTER_HASH)
    done(processes, *words)

    assert await hub.database.pool.fetchval("SELECT sha256 FROM rcd_transfer") == sha256(file.read_bytes()).digest()
    assert not file.with_name("case.zip.part").exists()
    assert await count(hub, "case_access", "what = 'package'") == 4  # each look was logged before anything was written


async def test_case_killed_between_receipt_and_erasure_and_in_the_erasure_is_whole_until_it_is_gone(
    hub: Hub, processes: Processes, wire: Tripwire, tmp_path: Path
) -> None:
    file = tmp_path / "case.zip"
    done(processes, "package", REFERENCE, "--to", str(file))
    archived = ("archived", REFERENCE, "--receipt", str(receipt(tmp_path, file)))
    await killed(processes, wire, IN_RECEIPT, *archived)
    assert await count(hub, "rcd_transfer", "received_at IS NULL") == 1
    done(processes, *archived)
    before = await words_of(hub, CASE)
    done(processes, "erase", REFERENCE, "--reason", "art. 1675/24")
    confirm = ("erase", REFERENCE, "--confirm", "--yes")
    for place in (IN_ERASURE, AT_ITS_END):
        await killed(processes, wire, place, *confirm, who="bert")
        left = await words_of(hub, CASE)
        assert {name: left[name] for name in before if name != "audit"} == {
            name: number for name, number in before.items() if name != "audit"
        }
        assert await count(hub, "person_key", "wrapped IS NULL") == 0
        assert await count(hub, "document", "wrapped_key IS NULL") == 0
    await killed(processes, wire, AFTER_ERASURE, *confirm, who="bert")

    assert {*await words_of(hub, CASE)} == KEPT
    assert await words_of(hub, REFERENCE) == {}
    assert await count(hub, "person_key", "wrapped IS NOT NULL") == 0
    assert await count(hub, "case_access", "action = 'EDIT' AND what = 'package'") == 1
    assert (await verify(hub.case_accesses)).broken is None
    again = processes.command("rcd", *confirm, LOGNAME="bert")
    assert (again.returncode, "erased before" in again.stderr) == (3, True)
    shown = processes.command("rcd", "retention", "--erased", "--json")
    assert [one["stage"] for one in json.loads(shown.stdout)] == ["erased"]
