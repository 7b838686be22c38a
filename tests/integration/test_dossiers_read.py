"""Dossiers are read by those they concern, each what is its own."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from hub.bootstrap.hub import Hub
from hub.domain.messaging.cloudevent import dossier_of
from tests.integration.intake_parts import door, key_of

pytestmark = pytest.mark.integration

SUBJECT = "p" + "a" * 32
DOSSIER = dossier_of(SUBJECT, "cpas-1")
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CLIENT = {"niss": "61021399111", "name": "Exemple", "first_name": "Pierre", "phone": "+32 2 000 00 00"}


async def put(hub: Hub, table: str, **values: object) -> None:
    names = ", ".join(values)
    places = ", ".join(f"${n}" for n in range(1, len(values) + 1))
    await hub.database.pool.execute(f"INSERT INTO {table} ({names}) VALUES ({places})", *values.values())


async def boxed(hub: Hub, event: UUID, fields: dict[str, Any]) -> str:
    (box,) = await hub.vault.seal_many([(SUBJECT, event, json.dumps(fields).encode())])
    return box


async def claim(hub: Hub, n: int, office: str, *, principal: int, withdrawn: bool = False) -> None:
    event = uuid4()
    await put(
        hub, "projection_claim", claim=UUID(int=n), subject=SUBJECT, office=office, version=1, phase="judicial",
        withdrawn=withdrawn, principal=principal, interest=50, client_costs=5, bailiff_costs=10,
        total=principal + 65, event_id=event, box=await boxed(hub, event, {"creditor": f"Creditor {n}"}),
    )  # fmt: skip


@pytest.fixture
async def client(hub: Hub) -> AsyncIterator[httpx.AsyncClient]:
    """The door, and a dossier of cpas-1 with two offices, of which one has claims that count."""
    event = uuid4()
    await put(
        hub, "projection_dossier", dossier=DOSSIER, cpas="cpas-1", subject=SUBJECT, stage="start", state="open",
        opened_at=NOW, event_id=event, box=await boxed(hub, event, CLIENT),
    )  # fmt: skip
    for office, state in (("etude-001", "P3"), ("etude-002", "P5")):
        await put(
            hub, "projection_participation", dossier=DOSSIER, office=office, cpas="cpas-1", state=state,
            invitation=f"i-{office}", invited_at=NOW, changed_at=NOW,
        )  # fmt: skip
    await put(hub, "projection_claim_office", dossier=DOSSIER, office="etude-001", subject=SUBJECT, cpas="cpas-1")
    await claim(hub, 1, "etude-001", principal=100_000)
    await claim(hub, 2, "etude-001", principal=25_050)
    await claim(hub, 3, "etude-001", principal=7, withdrawn=True)
    await claim(hub, 4, "etude-003", principal=9_999)
    for office, state in (("etude-001", "active"), ("etude-004", "struck")):
        await put(
            hub, "projection_notice", subject=SUBJECT, notice=f"n-{office}", kind="N2", office=office, state=state,
            version=1, expires_on=date(2029, 1, 1), event_id=uuid4(),
        )  # fmt: skip
    async with door(hub) as found:
        yield found


async def test_owner_sees_the_whole_dossier(hub: Hub, client: httpx.AsyncClient) -> None:
    mine = await key_of(hub, "cpas-1", "cpas")
    (listed,) = (await client.get("/v1/dossiers", headers=mine)).json()["dossiers"]
    found = (await client.get(f"/v1/dossiers/{DOSSIER}", headers=mine)).json()
    assert (listed["dossier"], listed["stage"], found["client"]) == (DOSSIER, "start", CLIENT)
    assert [one["state"] for one in found["participations"]] == ["P3", "P5"]
    assert (found["totals"]["claims"], found["totals"]["principal"], found["totals"]["total"]) == (
        2,
        "1250.50",
        "1251.80",
    )
    assert found["totals"]["offices"][0]["office"] == "etude-001"
    claims = (await client.get(f"/v1/dossiers/{DOSSIER}/claims?limit=2", headers=mine)).json()
    rest = (await client.get(f"/v1/dossiers/{DOSSIER}/claims?after={claims['next']}", headers=mine)).json()
    assert [one["details"]["creditor"] for one in claims["claims"] + rest["claims"]] == [
        "Creditor 1",
        "Creditor 2",
        "Creditor 3",
    ]
    assert rest["claims"][0]["withdrawn"]
    bailiffs = (await client.get(f"/v1/dossiers/{DOSSIER}/bailiffs", headers=mine)).json()
    assert [one["office"] for one in bailiffs["offices"]] == ["etude-001"]


async def test_office_that_takes_part_sees_its_own_part(hub: Hub, client: httpx.AsyncClient) -> None:
    mine = await key_of(hub, "etude-001", "office")
    found = (await client.get(f"/v1/dossiers/{DOSSIER}", headers=mine)).json()
    assert found["client"] == {"niss": "61021399111", "name": "Exemple", "first_name": "Pierre"}
    assert [one["office"] for one in found["participations"]] == ["etude-001"]
    assert (found["stage"], found["totals"]["claims"]) == (None, 2)
    assert len((await client.get(f"/v1/dossiers/{DOSSIER}/claims", headers=mine)).json()["claims"]) == 3
    assert (await client.get(f"/v1/dossiers/{DOSSIER}/bailiffs", headers=mine)).status_code == 404


async def test_office_that_declined_sees_its_answer_and_nobody(hub: Hub, client: httpx.AsyncClient) -> None:
    mine = await key_of(hub, "etude-002", "office")
    found = (await client.get(f"/v1/dossiers/{DOSSIER}", headers=mine)).json()
    assert (found["client"], [one["state"] for one in found["participations"]]) == (None, ["P5"])
    assert found["totals"]["claims"] == 0
    assert (await client.get(f"/v1/dossiers/{DOSSIER}/claims", headers=mine)).json()["claims"] == []


@pytest.mark.parametrize(
    ("institution", "kind"), [("cpas-2", "cpas"), ("etude-003", "office"), ("fca", "fca"), ("cpas-1x", "cpas")]
)
async def test_for_everyone_else_the_dossier_does_not_exist(
    hub: Hub, client: httpx.AsyncClient, institution: str, kind: str
) -> None:
    theirs = await key_of(hub, institution, kind)
    assert (await client.get("/v1/dossiers", headers=theirs)).json() == {"dossiers": [], "next": None}
    for path in ("", "/claims", "/bailiffs"):
        assert (await client.get(f"/v1/dossiers/{DOSSIER}{path}", headers=theirs)).status_code == 404
        assert (await client.get(f"/v1/dossiers/{DOSSIER}{path}")).status_code == 401


async def test_erased_client_is_gone_while_the_sums_stay(hub: Hub, client: httpx.AsyncClient) -> None:
    mine = await key_of(hub, "cpas-1", "cpas")
    await hub.database.pool.execute("UPDATE person_key SET wrapped = NULL")
    hub.vault.invalidate()
    found = (await client.get(f"/v1/dossiers/{DOSSIER}", headers=mine)).json()
    claims = (await client.get(f"/v1/dossiers/{DOSSIER}/claims", headers=mine)).json()["claims"]
    assert (found["client"], found["totals"]["total"]) == (None, "1251.80")
    assert all(one["erased"] and one["details"] is None for one in claims)
