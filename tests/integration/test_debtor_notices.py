"""Every access to a case is an entry in the log and a notice for the debtor, or there is no access (ADR 0027)."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from connectors.justrestart.cases import case_of
from hub.bootstrap.hub import Hub
from hub.entrypoints.cli.acting import administrator
from hub.entrypoints.folders import WatchedFolders
from hub.entrypoints.http.negotiation import XLSX
from hub.settings import Settings
from schemas.rcd_claims import RcdClaimTold
from tests.integration.intake_parts import count, door, key_of
from tests.integration.test_institution_command import run
from tests.integration.test_rcd import PATH, acts, sent
from tests.integration.test_rcd_access import asked, fed
from tests.support.claim_sheets import CASE, row, workbook

pytestmark = pytest.mark.integration
ID = case_of(CASE)
EVENT = {"content-type": "application/cloudevents+json"}
NOTICES = f"/v1/settlements/{ID}/notices"
ACTS = (
    ("petition-filed", "2026-01-05T09:00:00+01:00", ""),
    ("admitted", "2026-01-12T09:00:00+01:00", 'institution="cpas-1" language="nl"'),
    ("invited", "2026-01-13T09:00:00+01:00", 'party="cred-1" institution="etude-001"'),
)


@pytest.fixture
async def mediator(hub: Hub) -> AsyncIterator[httpx.AsyncClient]:
    """The CPAS that mediates the case of a debtor who speaks Dutch."""
    await sent(hub, acts("m-1", *ACTS))
    async with door(hub, await key_of(hub, "cpas-1", "cpas", ["justrestart"])) as client:
        yield client


async def handed_in(mediator: httpx.AsyncClient, content: bytes) -> httpx.Response:
    return await mediator.post(PATH, content=content, headers={"content-type": XLSX, "accept": "application/json"})


async def entries(hub: Hub) -> list[tuple[str, str, str, str]]:
    rows = await hub.case_accesses.listed(ID, before=None, limit=100)
    return [(row["actor"], row["quality"], row["action"], row["what"]) for row in reversed(rows)]


@asynccontextmanager
async def away(hub: Hub, table: str) -> AsyncIterator[None]:
    """Without a table, as when the database refuses it."""
    await hub.database.pool.execute(f"ALTER TABLE {table} RENAME TO {table}_away")
    yield
    await hub.database.pool.execute(f"ALTER TABLE {table}_away RENAME TO {table}")


async def notices(hub: Hub) -> list[dict[str, Any]]:
    return [one for one in await fed(hub, "register") if one["type"] == "debtor-notice.issued"]


async def test_each_consultation_and_each_edition_yields_one_notice_in_the_debtors_language(
    hub: Hub, mediator: httpx.AsyncClient, settings: Settings
) -> None:
    assert (await handed_in(mediator, workbook([row(1), row(2)]))).status_code == 201
    await mediator.get(NOTICES.replace("notices", "claims"))
    assert await asked(hub, "etude-001", wish="accept") == 201
    run(settings, "rcd", "accesses", CASE, "--json")

    assert [one[:3] for one in await entries(hub)][:3] == [
        ("cpas-1", "mediator", "EDIT"),
        ("cpas-1", "mediator", "CONSULT"),
        (administrator(), "administrator", "CONSULT"),
    ]
    found = await notices(hub)
    assert [(one["entry"], one["action"], one["what"]) for one in found] == [
        (1, "EDIT", "claims"),
        (2, "CONSULT", "claims"),
        (3, "CONSULT", "accesses"),
    ]
    for one in found:
        (text,) = one["texts"]
        assert (text["language"], len(text["items"])) == ("nl", 5)
    assert "cpas-1" not in json.dumps(found)
    assert [one for one in await fed(hub, "cpas-1") if "notice" in one["type"]] == []
    assert await count(hub, "dead_letter") == 0


async def test_document_that_comes_again_or_is_refused_edits_nothing(hub: Hub, mediator: httpx.AsyncClient) -> None:
    content = workbook([row(1)])
    for _ in range(2):
        assert (await handed_in(mediator, content)).status_code in {200, 201}
    assert (await handed_in(mediator, workbook([row(1, principal="beaucoup")]))).status_code == 422
    assert await entries(hub) == [("cpas-1", "mediator", "EDIT", "claims")]
    assert len(await notices(hub)) == 1


@pytest.mark.usefixtures("mediator")
async def test_workbook_in_a_folder_is_an_edition_from_this_machine(hub: Hub, tmp_path: Path) -> None:
    drop = tmp_path / "justrestart" / "cpas-1" / "in"
    drop.mkdir(parents=True)
    (drop / "claims.xlsx").write_bytes(workbook([row(1)]))
    await WatchedFolders(tmp_path, hub.take_file, poll=timedelta(milliseconds=20)).sweep()
    (entry,) = await hub.case_accesses.listed(ID, before=None, limit=9)
    assert (entry["modality"], entry["origin"], entry["action"]) == ("FILE", "this machine", "EDIT")


@pytest.mark.parametrize("table", ["case_access", "outbox"])
async def test_without_the_log_or_the_notice_there_is_no_edition_and_no_consultation(
    hub: Hub, mediator: httpx.AsyncClient, table: str
) -> None:
    content, before = workbook([row(1)]), await count(hub, "document")
    async with away(hub, table):
        assert (await handed_in(mediator, content)).status_code >= 500
        assert (await mediator.get(NOTICES)).status_code >= 500
    assert (await count(hub, "document"), await count(hub, "case_access")) == (before, 0)
    assert (await handed_in(mediator, content)).status_code == 201  # sent again: nothing was lost
    assert await entries(hub) == [("cpas-1", "mediator", "EDIT", "claims")]


async def test_claims_are_told_in_documents_alone(hub: Hub, mediator: httpx.AsyncClient) -> None:
    """As an event nobody would know whose case it is."""
    del mediator
    event = {"specversion": "1.0", "id": "e-1", "source": "/etude-001", "type": RcdClaimTold.type, "data": {"case": ID}}
    async with door(hub, await key_of(hub, "etude-001", "office", types=[RcdClaimTold.type])) as office:
        assert (await office.post("/v1/events", json=event, headers=EVENT)).status_code == 403
    assert await entries(hub) == []


async def test_mediator_reads_the_notices_page_by_page_and_nobody_else_does(
    hub: Hub, mediator: httpx.AsyncClient
) -> None:
    for _ in range(3):
        await mediator.get(NOTICES.replace("notices", "channels"))
    first = (await mediator.get(NOTICES, params={"limit": 2})).json()["notices"]
    rest = (await mediator.get(NOTICES, params={"before": first[-1]["number"], "language": "de"})).json()["notices"]
    assert [one["number"] for one in first + rest] == [4, 3, 2, 1]  # its own reading is the newest
    assert [one["what"] for one in first] == ["notices", "channels"]
    assert {one["language"] for one in first} == {"nl"}
    assert {one["language"] for one in rest} == {"de"}
    assert all(len(one["items"]) == 5 for one in first + rest)
    async with door(hub, await key_of(hub, "cpas-2", "cpas", ["justrestart"])) as stranger:
        assert (await stranger.get(NOTICES)).status_code == 404


@pytest.mark.usefixtures("mediator")
async def test_administrator_lists_notices(settings: Settings) -> None:
    (one,) = run(settings, "rcd", "notices", CASE, "--json")
    assert (one["quality"], one["what"], one["language"]) == ("administrator", "notices", "nl")
    (_, again) = run(settings, "rcd", "notices", CASE, "--language", "fr", "--json")
    assert again["items"][0].startswith("Le ")
    assert "nl, de" in run(settings, "rcd", "notices", CASE, "--language", "en", code=2)
