"""The intake killed between storing a mail and deleting it: its hints are told once, and nothing of it is left."""

from pathlib import Path

import pytest

from hub.bootstrap.hub import Hub
from hub.settings import Settings
from tests.chaos.test_killed import AFTER_COMMIT, dsn_of
from tests.integration.intake_parts import count, key_of
from tests.support.picture import at_rest
from tests.support.processes import Processes
from tests.support.register_mails import AUTHORITY, delivered, overview
from tests.support.tripwire import tripwire
from tests.support.waiting import until

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(240), pytest.mark.usefixtures("topics_ready")]


async def test_intake_killed_between_storing_a_mail_and_deleting_it_tells_its_hints_once(
    hub: Hub, settings: Settings, processes: Processes, tmp_path: Path
) -> None:
    said = {
        "HUB_MAILS__FOLDER": str(tmp_path),
        "HUB_MAILS__DOMAINS": "justrestart.example",
        "HUB_MAILS__AUTHORITY": AUTHORITY,
    }
    await key_of(hub, "cpas-1", "cpas", ["justrestart"])
    await processes.up("relay", "consume")
    async with tripwire(dsn_of(settings)) as wire:
        doomed = await processes.start("intake", HUB_POSTGRES__DSN=wire.dsn, **said).up()
        wire.arm(AFTER_COMMIT)
        path = delivered(tmp_path, "cpas-1", "1.a", overview())
        await wire.tripped()
        doomed.kill()
        assert path.exists()
        await processes.start("intake", **said).up()

        async def gone() -> bool:
            return not path.exists()

        await until(gone, "the mail is deleted")
    await at_rest(hub)

    assert await count(hub, "document", "message_id LIKE 'mail-%'") == 1
    assert await count(hub, "feed", "type = 'be.mediationhub.rcd-action.suggested.v1'") == 2
    assert await count(hub, "dead_letter") == 0
