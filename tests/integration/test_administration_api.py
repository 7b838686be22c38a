"""The administrators' API: the same verbs, the same refusals, rights by role; denied attempts in the audit."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import httpx
import pytest

from hub.application.administer.ports import Administrator
from hub.bootstrap.hub import Hub
from hub.entrypoints.administration.app import create_api
from hub.entrypoints.http.server import serving
from tests.integration.test_consume import count, strike
from tests.integration.test_openapi import schemathesis
from tests.integration.test_outward_letters import refused_document
from tests.integration.test_replay_jobs import parked
from tests.support.console import bad_day
from tests.support.documents import niss_of

pytestmark = pytest.mark.integration
PASSWORD = "correct horse battery staple 7"


@asynccontextmanager
async def api(hub: Hub) -> AsyncIterator[httpx.AsyncClient]:
    """The API on a real port."""
    async with (
        serving(create_api(hub), host="127.0.0.1", port=0, grace=1) as port,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as client,
    ):
        yield client


async def signed_in(hub: Hub, client: httpx.AsyncClient, name: str, *roles: str) -> dict[str, str]:
    """The headers of an administrator with these roles."""
    account = Administrator(name=name, roles=roles, language="en")
    await hub.administrators.add(account, PASSWORD, who="test")
    answer = await client.post("/v1/sessions", json={"name": name, "password": PASSWORD})
    assert answer.status_code == 201, answer.text
    return {"authorization": f"Bearer {answer.json()['token']}"}


async def test_administrators_day_over_http(hub: Hub) -> None:
    await parked(hub, 3, behind=2)
    async with api(hub) as client:
        anna = await signed_in(hub, client, "anna", "operator")
        bert = await signed_in(hub, client, "bert", "approver")

        async def get(path: str, **query: Any) -> Any:
            answer = await client.get(path, params=query, headers=anna)
            assert answer.status_code == 200, answer.text
            return answer.json()

        (group,) = (await get("/v1/groups"))["rows"]
        said = {"owner": "anna", "state": "acknowledged", "note": "bad release"}
        await client.patch(f"/v1/groups/{group['fingerprint']}", json=said, headers=anna)
        page = await get("/v1/letters", fingerprint=group["fingerprint"], limit=2)
        letter = await get(f"/v1/letters/{page['letters'][0]['id']}")
        queue = await get(f"/v1/letters/{letter['id']}/queue")
        wish = {"verb": "skip", "query": {"fingerprint": group["fingerprint"]}}
        plan = (await client.post("/v1/plans", json=wish, headers=anna)).json()
        asked = {"plan": plan["id"], "reason": "sent in error", "confirmation": plan["confirmation"]}
        job = (await client.post("/v1/jobs", json=asked, headers=anna)).json()
        own = await client.post(f"/v1/jobs/{job['id']}/approve", headers=anna)
        approved = await client.post(f"/v1/jobs/{job['id']}/approve", headers=bert)
        await hub.run_jobs.once()
        ended = await get(f"/v1/jobs/{job['id']}")
        rows = (await get(f"/v1/jobs/{job['id']}/letters", limit=1))["rows"]
        exported = await client.get("/v1/export", params={"state": "skipped"}, headers=anna)
        chain = await get("/v1/audit/verification")

    assert (group["letters"], len(page["letters"]), page["next"] is not None) == (3, 2, True)
    assert (letter["parked_behind"], len(queue["rows"])) == (2, 2)
    assert plan["confirmation"] == "SKIP 3"
    assert (job["state"], own.status_code, approved.json()["state"]) == ("asked", 403, "running")
    assert (ended["state"], ended["outcomes"]["done"], ended["outcomes"]["released"]) == ("done", 3, 6)
    assert rows[0]["outcome"] == "done"
    assert len(exported.text.splitlines()) == 3
    assert chain["broken"] is None
    assert await count(hub, "audit", "who = 'anna' AND outcome = 'denied'") == 1


async def test_refused_document_is_corrected_over_http_and_its_difference_read_by_who_approves(hub: Hub) -> None:
    _, letter = await refused_document(hub)
    async with api(hub) as client:
        anna = await signed_in(hub, client, "anna", "operator")
        bert = await signed_in(hub, client, "bert", "approver")
        victor = await signed_in(hub, client, "victor", "viewer")
        path, why = f"/v1/letters/{letter}/document", {"purpose": "its sender asked for it"}
        denied = await client.post(path, json=why, headers=victor)
        silent = await client.post(path, json={"purpose": " "}, headers=anna)
        xml = (await client.post(path, json=why, headers=anna)).json()["xml"]
        wrong = await client.post(f"{path}/plans", json={"xml": xml}, headers=anna)
        right = {"xml": xml.replace('version="x"', 'version="1"')}
        plan = (await client.post(f"{path}/plans", json=right, headers=anna)).json()
        difference = f"/v1/plans/{plan['id']}/document"
        unseen = await client.post(difference, json=why, headers=victor)
        diff = (await client.post(difference, json={"purpose": "to approve it"}, headers=bert)).json()
        job = (await client.post("/v1/jobs", json={"plan": plan["id"], "reason": "agreed"}, headers=anna)).json()
        await client.post(f"/v1/jobs/{job['id']}/approve", headers=bert)
        await hub.run_jobs.once()

    assert (denied.status_code, silent.json()["code"]) == (403, "reveal-without-purpose")
    assert (wrong.json()["code"], "/Claim/@version" in wrong.json()["detail"]) == ("edit-invalid", True)
    assert unseen.json()["code"] == "reveal-not-allowed"
    assert [line[0] for line in diff if 'version="' in line and line[0] in "+-"] == ["-", "+"]
    assert await count(hub, "dead_letter", "state = 'edited'") == 1
    assert await count(hub, "reveal", "who = 'bert' AND purpose = 'to approve it'") >= 1


async def test_field_is_revealed_over_http_by_right_and_for_a_purpose(hub: Hub) -> None:
    await bad_day(hub)
    letter = await hub.database.pool.fetchval(
        "SELECT id FROM dead_letter WHERE source LIKE '%fca%' AND origin = 'record' ORDER BY key"
    )
    async with api(hub) as client:
        anna = await signed_in(hub, client, "anna", "operator")
        victor = await signed_in(hub, client, "victor", "viewer")
        shown = (await client.get(f"/v1/letters/{letter}", headers=anna)).json()
        path, wish = f"/v1/letters/{letter}/reveal", {"fields": ["debtor_identifier"], "purpose": "call 4711"}
        denied = await client.post(path, json=wish, headers=victor)
        silent = await client.post(path, json={**wish, "purpose": " "}, headers=anna)
        nothing = await client.post(path, json={**wish, "fields": ["no such field"]}, headers=anna)
        unknown = await client.post(f"/v1/letters/{uuid4()}/reveal", json=wish, headers=anna)
        opened = (await client.post(path, json=wish, headers=anna)).json()

    assert "debtor_identifier" in shown["closed"]
    assert (denied.status_code, denied.json()["code"]) == (403, "reveal-not-allowed")
    assert silent.json()["code"] == "reveal-without-purpose"
    assert nothing.json()["code"] == "reveal-no-field"
    assert unknown.status_code == 404
    assert (list(opened["fields"]), opened["erased"]) == (["debtor_identifier"], False)
    assert opened["fields"]["debtor_identifier"] in {niss_of(n) for n in (1, 2, 3)}
    assert await count(hub, "audit", "who = 'victor' AND verb = 'reveal' AND outcome = 'denied'") == 1
    assert await count(hub, "audit", "who = 'anna' AND verb = 'reveal' AND outcome = 'done'") == 1
    assert await count(hub, "reveal", "who = 'anna' AND purpose = 'call 4711'") == 1


async def test_who_is_not_signed_in_or_only_looks_changes_nothing(hub: Hub) -> None:
    (letter,) = await parked(hub, 1)
    async with api(hub) as client:
        paths = (await client.get("/openapi.json")).json()["paths"]
        for path, operations in paths.items():
            for method in operations:
                if path != "/v1/sessions" or method != "post":
                    real = path.format(
                        **dict.fromkeys(("letter", "plan", "job"), uuid4()), fingerprint="a", change="pause"
                    )
                    assert (await client.request(method, real)).status_code in {401, 422}, path
        vera = await signed_in(hub, client, "vera", "viewer")
        replay = await client.post(f"/v1/letters/{letter}/replay", json={"reason": "x"}, headers=vera)
        look = await client.get(f"/v1/letters/{letter}", headers=vera)
        await client.delete("/v1/sessions", headers=vera)
        after = await client.get("/v1/letters", headers=vera)

    assert (replay.status_code, replay.json()["code"]) == (403, "not-allowed")
    assert (look.status_code, after.status_code) == (200, 401)
    assert await count(hub, "dead_letter", "state = 'waiting' AND attempts = 1") == 1


async def test_refusals_say_what_and_what_to_do(hub: Hub) -> None:
    await hub.consume("hub.notices").handle([strike("p" + "1" * 32, "never")])
    async with api(hub) as client:
        anna = await signed_in(hub, client, "anna", "operator", "approver")

        async def refused(method: str, path: str, body: Any = None) -> tuple[int, str]:
            answer = await client.request(method, path, json=body, headers=anna)
            assert answer.headers["content-type"] == "application/problem+json", answer.text
            return answer.status_code, answer.json()["code"]

        unknown = uuid4()
        assert await refused("GET", f"/v1/letters/{unknown}") == (404, "letter-unknown")
        assert await refused("POST", f"/v1/letters/{unknown}/replay", {"reason": "x"}) == (404, "letter-unknown")
        assert await refused("POST", "/v1/plans", {"verb": "replay", "letters": [str(unknown)]}) == (
            404, "letter-unknown"
        )  # fmt: skip
        assert await refused("POST", "/v1/jobs", {"plan": str(unknown), "reason": "x"}) == (404, "plan-unknown")
        assert await refused("POST", f"/v1/jobs/{unknown}/approve") == (404, "job-unknown")
        assert await refused("GET", "/v1/letters?state=%00") == (422, "request-invalid")
        assert await refused("GET", "/v1/letters?since=0001-01-01T00:00:00Z") == (422, "request-invalid")
        assert await refused("GET", "/v1/groups?by=colour") == (422, "group-by-unknown")
        wrong = await client.post("/v1/sessions", json={"name": "anna", "password": "wrong"})
        assert (wrong.status_code, wrong.json()["code"]) == (401, "sign-in-wrong")


@pytest.mark.timeout(300)
async def test_schemathesis_finds_no_server_error_as_an_administrator_who_may_everything(hub: Hub) -> None:
    await parked(hub, 3, behind=1)
    async with api(hub) as client:
        headers = await signed_in(hub, client, "anna", "operator", "approver")
        client.headers.update(headers)
        code, said = await schemathesis(
            client, "--phases", "fuzzing", "--max-examples", "10", "--exclude-path", "/v1/sessions"
        )
    assert code == 0, said[-6000:]
