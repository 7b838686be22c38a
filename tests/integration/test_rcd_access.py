"""Places in a collective settlement over HTTP: what institutions ask, what the register records, who sees what."""

import json
from typing import Any

import pytest

from connectors.justrestart.cases import case_of
from hub.bootstrap.hub import Hub
from schemas.rcd_access import AskAccess
from tests.integration.intake_parts import count, door, key_of
from tests.integration.test_rcd import acts, sent
from tests.integration.test_returns import relayed

pytestmark = pytest.mark.integration
CASE = case_of("2026/LIEGE/1")
BEGUN = (
    ("petition-filed", "2026-01-05T09:00:00+01:00", ""),
    ("admitted", "2026-01-12T09:00:00+01:00", 'institution="cpas-1"'),
    ("invited", "2026-01-13T09:00:00+01:00", 'party="cred-1" institution="etude-001"'),
)


async def asked(hub: Hub, who: str, **wish: str) -> int:
    """A command by an office's own system; the status of the answer."""
    async with door(hub, await key_of(hub, who, "office", types=[AskAccess.type])) as office:
        event = {
            "specversion": "1.0",
            "id": f"{who}-{wish['wish']}-{wish.get('institution', '')}",
            "source": f"/{who}",
            "type": AskAccess.type,
            "data": {"case": CASE, "institution": who, "party": "cred-1", **wish},
        }
        answer = await office.post("/v1/events", json=event, headers={"content-type": "application/cloudevents+json"})
    await relayed(hub, "hub.rcd")
    return answer.status_code


async def fed(hub: Hub, institution: str) -> list[dict[str, Any]]:
    await relayed(hub, "hub.rcd")
    query = "SELECT type, value FROM feed WHERE institution = $1 ORDER BY seq"
    rows = await hub.database.pool.fetch(query, institution)
    return [{"type": ".".join(row["type"].split(".")[2:4]), **json.loads(row["value"])} for row in rows]


async def test_invited_office_cedes_its_place_and_sees_the_case_no_more(hub: Hub) -> None:
    await sent(hub, acts("m-1", *BEGUN))
    assert (await fed(hub, "etude-001"))[-1]["access"] == "invited"

    assert await asked(hub, "etude-001", wish="cede", target="etude-002") < 300
    (prepared,) = [one for one in await fed(hub, "register") if one["type"] == "register-act.prepared"]
    assert (prepared["act"], prepared["target"]) == ("invitation-ceded", "etude-002")
    assert await fed(hub, "etude-002") == []

    recorded = (
        "invitation-ceded",
        "2026-01-14T09:00:00+01:00",
        'party="cred-1" institution="etude-001" target="etude-002"',
    )
    await sent(hub, acts("m-2", recorded))
    assert [one["access"] for one in await fed(hub, "etude-002")] == ["linked"]
    seen = len(await fed(hub, "etude-001"))
    assert (await fed(hub, "etude-001"))[-1]["access"] == "none"

    notified = ("admissibility-notified", "2026-01-15T09:00:00+01:00", 'party="cred-1"')
    await sent(hub, acts("m-3", notified))
    assert len(await fed(hub, "etude-001")) == seen
    assert (await fed(hub, "etude-002"))[-1]["type"] == "rcd-case.changed"
    assert await count(hub, "dead_letter") == 0


async def test_wish_without_a_place_is_refused_to_who_asked_and_nobody_asks_for_another(hub: Hub) -> None:
    await sent(hub, acts("m-1", *BEGUN))

    assert await asked(hub, "etude-007", wish="accept") < 300
    (refused,) = await fed(hub, "etude-007")
    assert (refused["type"], refused["rule"]) == ("command.refused", "rcd-no-access")
    assert await asked(hub, "etude-007", wish="accept", institution="etude-001") == 422
