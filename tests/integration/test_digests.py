"""Overviews of the day on the real stack: over a change of clocks, a restart, a day's outage; by real SMTP."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hub.adapters.localstack.mail_archive import MailArchive
from hub.adapters.localstack.running import RunningStack
from hub.bootstrap.hub import Hub, opened
from hub.domain.messaging.calendar import local_date
from hub.settings import Settings
from schemas.accounts import ChangeAccount, TellUser
from tests.integration.intake_parts import count
from tests.integration.test_accounts import OURS, command
from tests.integration.test_rcd import acts, sent
from tests.integration.test_rcd_access import BEGUN
from tests.integration.test_returns import relayed

pytestmark = pytest.mark.integration


async def fired(hub: Hub) -> None:
    """Every timer that is due, and what follows from it."""
    async with hub.bell("hub_timer") as bell:
        clock = hub.fire_timers(bell)
        while await clock.once():
            pass
    await relayed(hub, "hub.accounts")


async def at(hub: Hub, moment: datetime) -> None:
    """It is now so late."""
    await hub.clock.refresh(timedelta(0))
    await hub.time_machine.advance(max(timedelta(0), moment - hub.clock()))
    await hub.clock.refresh(timedelta(0))


async def begun(hub: Hub) -> None:
    user = {"user": "u-1", "language": "de", "name": "Quxwv Abcd", "email": "u1@office.invalid"}
    assert await command(hub, TellUser.type, **user) < 300
    assert await command(hub, ChangeAccount.type, change="create-group", user="u-1", group="rcd") < 300


async def scheduled(hub: Hub) -> list[dict[str, Any]]:
    rows = await hub.database.pool.fetch(
        "SELECT value FROM feed WHERE institution = $1 AND type LIKE '%digest.scheduled%' ORDER BY seq", OURS
    )
    return [json.loads(row["value"]) for row in rows]


async def test_overviews_come_once_a_day_over_a_change_of_clocks_a_restart_and_a_days_outage(
    hub: Hub, settings: Settings
) -> None:
    await begun(hub)
    await at(hub, datetime(2027, 3, 27, 10, tzinfo=UTC))  # the clocks go forward in the night to the 28th
    await sent(hub, acts("m-1", *BEGUN))
    await relayed(hub, "hub.accounts")
    await fired(hub)
    assert await scheduled(hub) == []
    await at(hub, datetime(2027, 3, 27, 17, 1, tzinfo=UTC))
    await fired(hub)
    (first,) = await scheduled(hub)
    assert (first["user"], first["digest"], first["on"], first["cases"]) == ("u-1", "D1", "2027-03-27", 1)

    accepted = ("invitation-accepted", "2026-01-14T09:00:00+01:00", f'party="cred-1" institution="{OURS}"')
    hearing = ("revoked", "2026-01-20T09:00:00+01:00", "")
    async with opened(settings) as again:  # another process: nothing is kept in memory
        await sent(again, acts("m-2", accepted, hearing))
        await relayed(again, "hub.accounts")
        await at(again, datetime(2027, 3, 28, 15, 59, tzinfo=UTC))  # 17:59 in Brussels, an hour earlier in UTC
        await fired(again)
        assert len(await scheduled(again)) == 1
        await at(again, datetime(2027, 3, 29, 17, tzinfo=UTC))  # the clock was away for a day
        await fired(again)
        await fired(again)
    told = [(one["digest"], one["on"]) for one in await scheduled(hub)]
    assert told == [("D1", "2027-03-27"), ("D2", "2027-03-29")]
    assert local_date(datetime(2027, 3, 29, 17, tzinfo=UTC)).isoformat() == "2027-03-29"
    assert await count(hub, "dead_letter") == 0


async def test_overview_reaches_its_user_in_her_language_once_though_carried_again(
    hub: Hub, stack: RunningStack
) -> None:
    await begun(hub)
    await sent(hub, acts("m-1", *BEGUN))
    await relayed(hub, "hub.accounts")
    await at(hub, hub.clock() + timedelta(days=1))
    await fired(hub)
    archive = MailArchive(stack.home / "mails")
    for _ in range(2):
        async with hub.bell("hub_delivery") as bell:
            worker = hub.deliver(bell)
            while await worker.once():
                pass

    states = await hub.database.pool.fetch("SELECT state, effect FROM delivery")
    assert [(row["state"], row["effect"].split("/")[:3]) for row in states] == [("done", ["digest", "D1", "u-1"])]
    (mail,) = [one for one in archive.list() if one.recipients == ("u1@office.invalid",)]
    assert "2026/LIEGE/1" in (mail.text or "")
    assert "Einladung zu einer Akte" in (mail.html or "")
