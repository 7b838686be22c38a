"""Everybody sees only what is theirs: every path of the OpenAPI document, held against institutions that may not."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
import pytest

from hub.bootstrap.hub import Hub
from hub.domain.messaging.cloudevent import event_id_of
from tests.support import documents
from tests.support.documents import name_of, niss_of
from tests.support.partner import Partner
from tests.support.picture import at_rest
from tests.support.processes import Processes
from tests.support.scene import CPAS, OFFICE, Scene, admitted
from tests.support.waiting import until

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120), pytest.mark.usefixtures("topics_ready")]

HERS, OTHERS = 3, 4
"""The person of the dossier that others must not see; a person of theirs."""
INVITED = "etude-003"
"""Invited to the same dossier, with a part of its own."""
NOWHERE = {
    "integration": "00000000-0000-4000-8000-000000000000",
    "answer": "00000000-0000-4000-8000-000000000000",
    "dossier": "d" + "0" * 32,
    "document": "00000000-0000-4000-8000-000000000000",
    "receipt": "00000000-0000-4000-8000-000000000000",
    "reference": "00000000-0000-4000-8000-000000000000",
    "file": "00000000-0000-4000-8000-000000000000",
    "command": "nothing",
    "name": "nothing",
    "case": "c" + "0" * 32,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Secrets:
    """What only those of the dossier may see: names in paths, and texts."""

    names: Mapping[str, str]
    texts: tuple[str, ...]


Check = Callable[[Partner, str, Secrets], Awaitable[list[str]]]


async def hidden(stranger: Partner, path: str, secrets: Secrets) -> list[str]:
    """What is not theirs is as if it did not exist: the same answer, word for word."""
    there = await stranger.get(path.format(**secrets.names))
    nothing = await stranger.get(path.format(**NOWHERE))
    found = [f"{there.status_code}, not 404"] if there.status_code != 404 else []
    if _said(there) != _said(nothing):
        found.append(f"{_said(there)} differs from {_said(nothing)}")
    return found


def _said(answer: httpx.Response) -> Mapping[str, Any]:
    return {name: value for name, value in answer.json().items() if name != "instance"}


async def own_alone(stranger: Partner, path: str, secrets: Secrets) -> list[str]:
    """A list holds their own things and nothing of the dossier."""
    answer = await stranger.get(path.format(**secrets.names))
    found = [f"{answer.status_code}, not 200"] if answer.status_code != 200 else []
    return found + [f"tells {text}" for text in secrets.texts if text in answer.text]


async def public(stranger: Partner, path: str, secrets: Secrets) -> list[str]:
    """Anyone may read it, for it tells of nobody."""
    return await own_alone(stranger, path, secrets)


async def asked_elsewhere(_stranger: Partner, _path: str, _secrets: Secrets) -> list[str]:
    """Writing: see the tests of what they may say."""
    return []


TABLE: Mapping[str, Check] = {
    "get /v1/dossiers": own_alone,
    "get /v1/dossiers/{dossier}": hidden,
    "get /v1/dossiers/{dossier}/claims": hidden,
    "get /v1/dossiers/{dossier}/bailiffs": hidden,
    "get /v1/integrations": own_alone,
    "get /v1/integrations/{integration}/history": hidden,
    "get /v1/consultations": own_alone,
    "get /v1/answers/{answer}": hidden,
    "get /v1/documents": own_alone,
    "get /v1/documents/{document}": hidden,
    "get /v1/documents/{document}/refusals": hidden,
    "get /v1/documents/{document}/workbook": hidden,
    "get /v1/settlements/actions": own_alone,
    "get /v1/settlements/{case}/claims": hidden,
    "get /v1/settlements/{case}/channels": hidden,
    "get /v1/settlements/{case}/notices": hidden,
    "get /v1/outages": own_alone,
    "get /v1/receipts/{receipt}": hidden,
    "get /v1/returns": own_alone,
    "get /v1/returns/{reference}": hidden,
    "get /v1/general-files": own_alone,
    "get /v1/general-files/{dossier}": hidden,
    "get /v1/debt-files": own_alone,
    "get /v1/debt-files/{file}": hidden,
    "get /v1/debt-files/{file}/statement": hidden,
    "get /v1/feed": own_alone,
    "get /v1/connectors": public,
    "get /v1/connectors/{name}/contract": public,
    "get /v1/answer.xsd": public,
    "get /v1/keys": public,
    "get /health/live": public,
    "get /health/ready": public,
    "get /metrics": public,
    "post /v1/connectors/{name}/documents": asked_elsewhere,
    "post /v1/events": asked_elsewhere,
    "post /v1/debt-commands/{command}": asked_elsewhere,
}


@pytest.fixture
async def strangers(hub: Hub, processes: Processes) -> Any:
    """A CPAS with a dossier of its own, an office nobody invited, and one with its own part of the dossier."""
    made = [
        Partner(processes.http, name, await admitted(hub, name, kind))
        for name, kind in (("cpas-002", "cpas"), ("etude-002", "office"), (INVITED, "office"))
    ]
    yield made
    for one in made:
        await one.close()


async def test_nothing_of_a_dossier_is_told_to_those_it_does_not_concern(
    hub: Hub, processes: Processes, scene: Scene, strangers: list[Partner]
) -> None:
    await processes.up("intake", "relay", "consume")
    secrets = await _dossier(hub, scene, strangers[0])
    paths = (await scene.cpas.get("/openapi.json")).json()["paths"]
    known = {f"{method} {path}" for path, methods in paths.items() for method in methods}
    assert known == set(TABLE), "a path without its row: who may see what it shows?"

    wrong = [
        f"{row} as {stranger.institution}: {problem}"
        for stranger in strangers[:2]
        for row, check in TABLE.items()
        for problem in await check(stranger, row.partition(" ")[2], secrets)
    ]
    assert wrong == []
    assert await _nobody_without_a_key(processes.http, known, secrets) == []
    await _its_own_part(strangers[2], scene, secrets)
    await _what_strangers_say_has_no_effect(hub, scene, strangers)


async def _dossier(hub: Hub, scene: Scene, other: Partner) -> Secrets:
    """A dossier of the CPAS with two offices, of which one told two claims and a bad one; another CPAS has one too."""
    dossier = scene.dossier(HERS)
    await scene.fca.document("cia", documents.directory("dir-1", [OFFICE, INVITED]))
    for office in (OFFICE, INVITED):
        await scene.fca.document("fca", documents.notice(f"n-{office}", HERS, office, number=f"N-{office}"))
    await scene.cpas.events([documents.registration("register-1", HERS, cpas=CPAS)])
    await other.events([documents.registration("register-1", OTHERS, cpas=other.institution)])

    async def invited() -> bool:
        return bool(await hub.database.pool.fetchval("SELECT count(*) FROM projection_claim_office") == 2)

    await until(invited, "both invitations")
    good = [documents.claim_element(HERS, f"R-{n}", 1, 10_000 + n, office=OFFICE) for n in (1, 2)]
    bad = documents.claim_element(HERS, "R-3", 1, 777, office=OFFICE).replace('total="7.77"', 'total="7.78"')
    receipt = await scene.office.document("cia", documents.synchronisation("sync", 1, [*good, bad], office=OFFICE))
    assert receipt["state"] == "partial"
    await at_rest(hub)
    claims = [str(event_id_of("claim", OFFICE, f"R-{n}")) for n in (1, 2)]
    texts = (dossier, scene.subjects[HERS], niss_of(HERS), name_of(HERS), receipt["jti"], *claims, "100.01", "100.02")
    of_hers = dict.fromkeys(("document", "receipt", "integration", "answer", "reference", "file"), receipt["jti"])
    names = {"dossier": dossier, "name": "cia", "command": "open", "case": "c" + "1" * 32, **of_hers}
    seen = [await scene.cpas.get(f"/v1/dossiers/{dossier}/claims"), await scene.cpas.get("/v1/feed", limit=100)]
    assert all(text in seen[0].text + seen[1].text for text in texts if text != receipt["jti"]), "who may see it does"
    return Secrets(names=names, texts=texts)


async def _nobody_without_a_key(http: str, known: set[str], secrets: Secrets) -> list[str]:
    """Without a key, or with a wrong one, nobody reads anything of anyone."""
    found = []
    for headers in ({}, {"Authorization": "Bearer hub_0123456789abcdef_" + "A" * 43}):
        async with httpx.AsyncClient(base_url=http, headers=headers) as client:
            for method, _, path in (row.partition(" ") for row in known):
                asked = path.format(**secrets.names)
                answer = await client.request(method, asked, content=b"<x/>")
                if answer.status_code != 401 and TABLE[f"{method} {path}"] is not public:
                    found.append(f"{method} {path}: {answer.status_code}")
                told = answer.text.replace(asked, "")  # a refusal repeats the path it refuses
                found += [f"{method} {path} tells {text}" for text in secrets.texts if text in told]
    return found


async def _its_own_part(office: Partner, scene: Scene, secrets: Secrets) -> None:
    """An invited office knows whose dossier it is and its own part; nothing of the other office."""
    dossier = scene.dossier(HERS)
    view = (await office.get(f"/v1/dossiers/{dossier}")).json()
    assert [one["office"] for one in view["participations"]] == [INVITED]
    assert (view["totals"]["claims"], view["totals"]["offices"], view["stage"]) == (0, [], None)
    assert (await office.get(f"/v1/dossiers/{dossier}/claims")).json() == {"claims": [], "next": None}
    assert (await office.get(f"/v1/dossiers/{dossier}/bailiffs")).status_code == 404
    feed = (await office.get("/v1/feed", limit=1000)).json()
    assert [(one["type"], one["data"]["office"]) for one in feed] == [("be.mediationhub.office.invited.v1", INVITED)]
    for path in ("documents/{document}", "documents/{document}/refusals", "receipts/{receipt}"):
        assert (await office.get(f"/v1/{path.format(**secrets.names)}")).status_code == 404


async def _what_strangers_say_has_no_effect(hub: Hub, scene: Scene, strangers: list[Partner]) -> None:
    """They cannot speak for others; what they say of another's dossier is refused in their own feed alone."""
    cpas, office, _ = strangers
    dossier = scene.dossier(HERS)
    close = {"cpas": cpas.institution, "dossier": dossier, "reason": "R1"}
    answer = {"dossier": dossier, "option": "O5", "terms_version": "1", "answered_at": "2026-01-20T10:00:00Z"}
    stolen = event_id_of("claim", OFFICE, "R-1")
    for partner, kind, data, code in (
        (cpas, "dossier.close", {**close, "cpas": CPAS}, "event-not-yours"),
        (cpas, "dossier.close", close, None),
        (office, "office.answered", {**answer, "office": OFFICE}, "event-not-yours"),
        (office, "office.answered", {**answer, "office": office.institution}, None),
        (office, "claim.submitted", {**_claim(stolen), "office": office.institution, "reference": "R-1"}, "claim-id"),
        (office, "claim.submitted", {**_claim(stolen), "office": OFFICE, "reference": "R-1"}, "event-not-yours"),
    ):
        assert await _refusal(partner, kind, data) == code, (kind, data)
    for partner, content, code in (
        (office, documents.claim("m-1", HERS, "R-1", 2, 1, office=OFFICE), "sender-not-you"),
        (cpas, documents.claim("m-1", HERS, "R-1", 2, 1, office=OFFICE), "connector-not-granted"),
    ):
        refused = await partner.http.post("/v1/connectors/cia/documents", content=content, headers=_XML)
        assert (refused.status_code, refused.json()["code"]) == (403, code)
    mine = await office.document("cia", documents.claim("sync", HERS, "R-1", 5, 1, office=office.institution))
    assert mine["institution"] == office.institution  # the same message id and reference: another document and claim

    await at_rest(hub)
    assert (await scene.cpas.get(f"/v1/dossiers/{dossier}")).json()["state"] == "open"
    total = (await scene.cpas.get(f"/v1/dossiers/{dossier}")).json()["totals"]["total"]
    assert total == "200.03"
    refusals = "be.mediationhub.command.refused.v1"
    for partner, rules in ((cpas, ["dossier-unknown"]), (office, ["invitation-unknown"]), (scene.cpas, [])):
        feed = (await partner.get("/v1/feed", types=refusals, limit=100)).json()
        assert [one["data"]["rule"] for one in feed] == rules


_XML = {"Content-Type": "application/xml"}


def _claim(claim: UUID) -> dict[str, Any]:
    heads = {"principal": "1.00", "interest": "0.00", "client_costs": "0.00", "bailiff_costs": "0.00"}
    return {
        "claim": str(claim),
        "version": 9,
        "niss": niss_of(HERS),
        "phase": "amicable",
        "heads": heads,
        "total": "1.00",
    }


async def _refusal(partner: Partner, kind: str, data: Mapping[str, Any]) -> str | None:
    """Why the door refuses an event; None when it takes it."""
    event = {
        "specversion": "1.0",
        "id": f"{kind}-{json.dumps(data, sort_keys=True).__hash__()}",
        "source": "/test",
        "type": f"be.mediationhub.{kind}.v1",
        "data": data,
    }
    answer = await partner.http.post(
        "/v1/events", content=json.dumps(event), headers={"Content-Type": "application/cloudevents+json"}
    )
    if answer.status_code == 201:
        return None
    body = answer.json()
    return str(body["errors"][0]["code"]) if body.get("errors") else str(body["code"])
