"""The clock killed in the middle of a year of collective settlements: each deadline of each case is over once."""

import asyncio
import json
import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from hub.bootstrap.hub import Hub
from hub.settings import Settings
from tests.chaos.test_killed import AFTER_COMMIT, dsn_of
from tests.integration.intake_parts import count, door, key_of
from tests.integration.test_rcd import PATH
from tests.support.picture import at_rest
from tests.support.processes import Processes
from tests.support.tripwire import tripwire
from tests.support.waiting import until

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(240), pytest.mark.usefixtures("topics_ready")]
CASES = 40
_HEAD = 'xmlns="urn:be:mediationhub:justrestart:1" sender="register" sentAt="2026-06-01T18:00:00+02:00"'
_ACTS = (
    '<Act case="2026/LIEGE/{n}" reference="f-{n}" act="petition-filed" at="2026-01-05T09:00:00+01:00"/>'
    '<Act case="2026/LIEGE/{n}" reference="a-{n}" act="admitted" at="2026-01-12T09:00:00+01:00" institution="cpas-1"/>'
    '<Act case="2026/LIEGE/{n}" reference="b-{n}" act="admissibility-notified" at="2026-01-13T09:00:00+01:00"'
    ' party="cred-1"/>'
    '<Act case="2026/LIEGE/{n}" reference="c-{n}" act="reminder-received" at="2026-03-02T09:00:00+01:00"'
    ' party="cred-1"/>'
)


async def test_clock_killed_in_the_middle_of_a_year_of_cases_tells_each_deadline_once(
    hub: Hub, settings: Settings, processes: Processes
) -> None:
    await processes.up("relay", "consume")
    await _cases(hub)
    await at_rest(hub)
    dice = random.Random(5)
    async with tripwire(dsn_of(settings)) as wire:
        clock = await processes.start("clock", HUB_POSTGRES__DSN=wire.dsn).up()
        wire.arm(AFTER_COMMIT)
        await _move_to(hub, datetime(2026, 3, 18, 12, tzinfo=UTC))
        await wire.tripped()
        clock.kill()  # its timers are fired; it never learned so
        for month in (5, 8, 11):
            clock = await processes.start("clock").up()
            await _move_to(hub, datetime(2027, month, 20, 12, tzinfo=UTC))
            await asyncio.sleep(dice.uniform(0.0, 0.2))
            clock.kill()
        await processes.up("clock")

        async def nothing_due() -> bool:
            return not await count(hub, "timer", f"due <= '{hub.clock().isoformat()}'")

        await hub.clock.refresh()
        await until(nothing_due, "every deadline of the year to be over")
        await at_rest(hub)
        await until(nothing_due, "what followed from them to be over too")
        await at_rest(hub)

    rows = await hub.database.pool.fetch("SELECT key, value FROM timeline WHERE consumer_group = 'hub.rcd'")
    reached = Counter((row["key"], _deadline(row["value"])) for row in rows if b'"last_day"' in row["value"])
    assert max(reached.values()) == 1, "a deadline was told twice"
    each = Counter(key for key, _ in reached)
    assert len(each) == CASES
    assert len(set(each.values())) == 1, "a case lacks deadlines that the others have"
    assert len({deadline for _, deadline in reached}) == each.most_common(1)[0][1] > 5
    proposed = "institution = 'cpas-1' AND type = 'be.mediationhub.foreclosure.proposed.v1'"
    assert await count(hub, "feed", proposed) == CASES
    assert await count(hub, "dead_letter") == 0


async def _cases(hub: Hub) -> None:
    items = "".join(_ACTS.format(n=n) for n in range(CASES))
    async with door(hub, await key_of(hub, "register", "register", ["justrestart"])) as register:
        body = f'<Acts {_HEAD} messageId="year">{items}</Acts>'.encode()
        answer = await register.post(PATH, content=body, headers={"content-type": "application/xml"})
    assert answer.status_code == 201, answer.text


async def _move_to(hub: Hub, moment: datetime) -> None:
    await hub.clock.refresh(timedelta(0))
    await hub.time_machine.advance(max(timedelta(0), moment - hub.clock()))


def _deadline(value: bytes) -> tuple[str, str, str]:
    said = json.loads(value)
    return said["term"], said["last_day"], said.get("reading", "")
