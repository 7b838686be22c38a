"""Workbooks of claims: taken by HTTP and folder, row by row; the same claims again change nothing."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from hub.bootstrap.hub import Hub
from hub.entrypoints.folders import WatchedFolders
from hub.entrypoints.http.negotiation import XLSX
from tests.integration.intake_parts import count, door, key_of
from tests.integration.test_rcd import ACTS, PATH, acts, sent
from tests.integration.test_returns import relayed
from tests.support.claim_sheets import CASE, FR, NL, row, workbook

pytestmark = pytest.mark.integration
CHANGED = "be.mediationhub.rcd-claim.changed.v1"


@pytest.fixture
async def mediator(hub: Hub) -> AsyncIterator[httpx.AsyncClient]:
    """The CPAS that mediates the case, and its key."""
    await sent(hub, acts("m-1", *ACTS))
    async with door(hub, await key_of(hub, "cpas-1", "cpas", ["justrestart"])) as client:
        client.headers["content-type"] = XLSX
        yield client


async def changes(hub: Hub) -> list[dict[str, object]]:
    rows = await hub.database.pool.fetch(f"SELECT value FROM feed WHERE type = '{CHANGED}' ORDER BY seq")
    return [json.loads(one["value"]) for one in rows]


async def test_same_rows_in_another_file_change_nothing_and_one_difference_is_one_event(
    hub: Hub, mediator: httpx.AsyncClient
) -> None:
    french = workbook([row(n) for n in range(1, 4)], above=2)
    first = await mediator.post(PATH, content=french)
    again = await mediator.post(PATH, content=french)
    await relayed(hub, "hub.rcd")
    assert (first.status_code, again.status_code) == (201, 200), first.text
    assert first.json()["receipt"] == again.json()["receipt"]
    assert await count(hub, "feed", f"type = '{CHANGED}' AND institution = 'cpas-1'") == 3

    other = await mediator.post(PATH, content=workbook([row(n) for n in range(3, 0, -1)], NL, note="Export "))
    await relayed(hub, "hub.rcd")
    assert other.status_code == 201, other.text
    assert await count(hub, "feed", f"type = '{CHANGED}'") == 3

    later = [row(1), row(2, principal=90, total="1 324,50"), row(3)]
    await mediator.post(PATH, content=workbook(later, NL))
    await relayed(hub, "hub.rcd")
    assert await count(hub, "feed", f"type = '{CHANGED}'") == 4
    claim = await hub.database.pool.fetchrow("SELECT * FROM projection_rcd_claim WHERE claim_ref = 'CR-2'")
    assert claim is not None
    assert (claim["principal"], claim["interest"], claim["nature"], claim["case_ref"]) == (9000, 123450, "energy", CASE)
    assert await count(hub, "projection_rcd_claim") == 3
    assert await count(hub, "dead_letter") == 0


async def test_bad_rows_are_listed_by_row_and_heading_and_good_ones_go_on(
    hub: Hub, mediator: httpx.AsyncClient
) -> None:
    rows = [
        row(1),
        row(2, principal="beaucoup", nature="dette de jeu"),
        row(3, total=1),
        row(4, party=None),
        row(5, submitted="32/13/2026"),
        row(6, case="2026/LIEGE/2"),
    ]
    answer = await mediator.post(PATH, content=workbook(rows), headers={"accept-language": "fr"})
    await relayed(hub, "hub.rcd")

    said = answer.json()
    assert (said["state"], said["events"], said["refusedCount"]) == ("partial", 1, 5), said
    found = {(one["pointer"], one["code"]) for one in said["refused"]}
    assert found == {
        ("/3/Principal (EUR)", "cell-amount"),
        ("/3/Nature", "cell-word"),
        ("/4/Total", "total-not-sum"),
        ("/5/Numéro du créancier", "cell-empty"),
        ("/6/Introduite le", "cell-date"),
        ("/7/Numéro de dossier", "case-differs"),
    }
    assert {one["reference"] for one in said["refused"]} == {f"CR-{n}" for n in range(2, 7)}
    words = next(one["text"] for one in said["refused"] if one["code"] == "cell-word")
    assert "énergie" in words
    assert "dette de jeu" not in answer.text
    assert await count(hub, "projection_rcd_claim") == 1


async def test_only_the_mediator_of_the_case_may_send_its_claims(hub: Hub, mediator: httpx.AsyncClient) -> None:
    content = workbook([row(1)])
    async with door(hub, await key_of(hub, "cpas-2", "cpas", ["justrestart"])) as stranger:
        refused = await stranger.post(PATH, content=content, headers={"content-type": XLSX})
    unknown = await mediator.post(PATH, content=workbook([row(1, case="2026/NOWHERE/9")]))
    acts_of_others = await mediator.post(PATH, content=acts("m-2"), headers={"content-type": "application/xml"})

    assert (refused.status_code, refused.json()["code"]) == (403, "case-not-yours")
    assert (unknown.status_code, unknown.json()["code"]) == (403, "case-not-yours")
    assert (acts_of_others.status_code, acts_of_others.json()["code"]) == (403, "institution-kind")
    assert await count(hub, "document", "state = 'rejected'") == 0


async def test_headings_that_are_missing_are_named_in_both_languages(mediator: httpx.AsyncClient) -> None:
    few = {name: text for name, text in FR.items() if name not in {"nature", "costs"}}
    answer = await mediator.post(PATH, content=workbook([row(1)], few))
    nothing = await mediator.post(PATH, content=b"PK\x03\x04 and no more")

    assert (answer.status_code, answer.json()["code"]) == (422, "workbook-headings")
    assert "Nature / Aard, Frais / Kosten" in answer.json()["detail"]
    assert (nothing.status_code, nothing.json()["code"]) == (400, "workbook-broken")


@pytest.mark.usefixtures("mediator")
async def test_workbook_comes_by_folder_and_is_not_stored_readable(hub: Hub, tmp_path: Path) -> None:
    drop = tmp_path / "justrestart" / "cpas-1" / "in"
    drop.mkdir(parents=True)
    (drop / "export.xlsx").write_bytes(workbook([row(1), row(2)]))
    folders = WatchedFolders(tmp_path, hub.take_file, poll=timedelta(milliseconds=20))
    await folders.sweep()
    await relayed(hub, "hub.rcd")

    assert json.loads((drop.parent / "done" / "export.xlsx.answer.json").read_text())["events"] == 2
    assert await count(hub, "projection_rcd_claim") == 2
    chunks = await hub.database.pool.fetch("SELECT body FROM document_chunk")
    assert not any(bytes(one["body"]).startswith(b"PK") for one in chunks)
    assert await count(hub, "outbox", "convert_from(value, 'UTF8') LIKE '%Fournisseur%'") == 0
