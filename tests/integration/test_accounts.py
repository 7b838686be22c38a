"""Accounts over HTTP: commands of an institution's own system, sealed users, cases that reach a group."""

from typing import Any
from uuid import uuid4

import pytest

from hub.bootstrap.hub import Hub
from schemas.accounts import ChangeAccount, TellUser
from tests.integration.intake_parts import count, door, key_of
from tests.integration.test_rcd import acts, sent
from tests.integration.test_rcd_access import BEGUN, CASE, fed
from tests.integration.test_returns import relayed
from tests.support.plaintext import readable

pytestmark = pytest.mark.integration
OURS = "etude-001"


async def command(hub: Hub, type_: str, **data: Any) -> int:
    async with door(hub, await key_of(hub, OURS, "office", types=[TellUser.type, ChangeAccount.type])) as office:
        event = {
            "specversion": "1.0",
            "id": str(uuid4()),
            "source": f"/{OURS}",
            "type": type_,
            "data": {"institution": OURS, "by": "u-1", **data},
        }
        answer = await office.post("/v1/events", json=event, headers={"content-type": "application/cloudevents+json"})
    await relayed(hub, "hub.accounts")
    return answer.status_code


@pytest.mark.usefixtures("topics_ready")
async def test_account_is_opened_gets_a_group_and_a_case_that_was_linked_reaches_it(hub: Hub) -> None:
    secret = "Quxwvabcd"
    user = {"user": "u-1", "language": "nl", "overview": True, "name": secret, "email": "u1@office.invalid"}
    assert await command(hub, TellUser.type, **user) < 300
    assert await command(hub, ChangeAccount.type, change="create-group", user="u-1", group="rcd") < 300
    await sent(hub, acts("m-1", *BEGUN))
    accepted = ("invitation-accepted", "2026-01-14T09:00:00+01:00", f'party="cred-1" institution="{OURS}"')
    await sent(hub, acts("m-2", accepted))
    await relayed(hub, "hub.accounts")

    row = await hub.database.pool.fetchrow("SELECT * FROM projection_account_user")
    assert row is not None
    assert (row["language"], row["overview"], row["administrator"], row["removed"]) == ("nl", True, True, False)
    assert row["box"]
    case = await hub.database.pool.fetchrow("SELECT * FROM projection_account_case WHERE institution = $1", OURS)
    assert case is not None
    assert (case["case_id"], case["group_id"], case["linked"]) == (CASE, "rcd", True)
    told = [one["change"] for one in await fed(hub, OURS) if one["type"] == "account.changed"]
    assert told == ["tell-user", "create-group"]
    assert await readable(hub, [secret.encode()]) == []
    assert await count(hub, "dead_letter") == 0


async def test_what_the_rules_forbid_is_told_to_who_asked_and_nobody_speaks_for_another_account(hub: Hub) -> None:
    assert await command(hub, TellUser.type, user="u-1", language="nl") < 300
    assert await command(hub, ChangeAccount.type, change="dismiss-administrator", user="u-1") < 300
    assert (await fed(hub, OURS))[-1]["rule"] == "last-administrator"
    assert await command(hub, ChangeAccount.type, change="default-group", group="g", institution="etude-002") == 422
