"""``hub run`` keeps every process running, whichever is killed: promises hold without anybody's help."""

import random
from collections import Counter
from collections.abc import Mapping

import psutil
import pytest

from hub.adapters.localstack.mail_archive import MailArchive
from hub.adapters.localstack.running import RunningStack
from hub.bootstrap.hub import Hub
from hub.entrypoints.processes import processes as running
from hub.entrypoints.running import PROCESSES
from tests.support.history import problems
from tests.support.load import Load
from tests.support.picture import at_rest, seen
from tests.support.processes import Processes
from tests.support.scene import Scene
from tests.support.waiting import until

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(180), pytest.mark.usefixtures("topics_ready")]

EVERY = PROCESSES


async def test_processes_killed_at_random_under_supervision_come_back_and_every_promise_holds(
    hub: Hub, processes: Processes, scene: Scene, stack: RunningStack
) -> None:
    dice = random.Random(11)
    supervisor = processes.start("run", HUB_DELIVER__LEASE="PT5S")

    def alive() -> Mapping[str, int]:
        return {one["name"]: one["pid"] for one in running(processes.home)}

    async def all_alive() -> bool:
        return alive().keys() == {*EVERY}

    await until(all_alive, "every process")
    await scene.open_dossiers()
    load = Load(scene, pace=0.3)
    async with load.going_on():
        for name in dice.sample(EVERY[:4], 4):
            await until(all_alive, "every process again")
            psutil.Process(alive()[name]).kill()
            await load.more(dice.randrange(20, 80))
        await until(all_alive, "every process again")
    await at_rest(hub)
    await until(lambda: _all_mailed(hub), "every mail")

    assert problems(load.people(), await seen(hub)) == []
    _check_mails(stack, [dict(row) for row in await hub.database.pool.fetch("SELECT * FROM delivery")])
    pids = alive()
    supervisor.ask_to_end()
    assert await supervisor.ended() == 0
    assert not [name for name, pid in pids.items() if psutil.pid_exists(pid)], "a clean stop leaves nothing running"


async def _all_mailed(hub: Hub) -> bool:
    return not await hub.database.pool.fetchval("SELECT EXISTS (SELECT FROM delivery WHERE state <> 'done')")


def _check_mails(stack: RunningStack, deliveries: list[dict[str, object]]) -> None:
    """Every invitation was mailed; twice only where the hub says that it may have been."""
    dossiers = {str(one["key"]).partition(".")[0] for one in deliveries}  # of this test: its own pseudonyms
    archive = [
        mail for mail in MailArchive(stack.home / "mails").list() if any(one in mail.subject for one in dossiers)
    ]
    sent = Counter(mail.message_id for mail in archive)
    assert len(deliveries) == 30
    for one in deliveries:
        message_id = f"<{one['event_id']}.{one['effect']}@mediation-hub.invalid>"
        assert sent[message_id] == 1 or (sent[message_id] > 1 and one["possibly_doubled"]), message_id
