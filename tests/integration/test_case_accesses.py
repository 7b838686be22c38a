"""Accesses to a case: logged with every field of AR 11 Oct 2023 art. 4 before anything is shown; no log, no access."""

import httpx
import pytest

from connectors.justrestart.cases import case_of
from hub.application.read.case_access import walked
from hub.bootstrap.hub import Hub
from hub.settings import Settings
from tests.integration.intake_parts import count, door, key_of
from tests.integration.test_institution_command import run
from tests.integration.test_rcd_workbook_answers import CLAIMS, mediator
from tests.support.claim_sheets import CASE

__all__ = ["mediator"]
pytestmark = pytest.mark.integration
SAID = ("actor", "quality", "modality", "action", "what", "origin", "authenticated", "assurance")


async def test_reading_is_logged_with_who_what_when_how_and_from_where(hub: Hub, mediator: httpx.AsyncClient) -> None:
    answer = await mediator.get(CLAIMS)

    assert answer.status_code == 200
    (row,) = await hub.case_accesses.listed(case_of(CASE), before=None, limit=10)
    told = {name: row[name] for name in (*SAID, "court", "role_number", "mandate_of")}
    assert told == {
        "actor": "cpas-1",
        "quality": "mediator",
        "modality": "API",
        "action": "CONSULT",
        "what": "claims",
        "origin": "127.0.0.1",
        "authenticated": "institution-key",
        "assurance": "institution",
        "court": "TT-LIEGE",
        "role_number": "26/123/B",
        "mandate_of": "",
    }
    assert row["case_id"] == case_of(CASE)
    assert row["at"].microsecond is not None


async def test_whoever_may_not_read_is_shown_nothing_and_stands_in_no_log(
    hub: Hub, mediator: httpx.AsyncClient
) -> None:
    async with door(hub, await key_of(hub, "cpas-2", "cpas", ["justrestart"])) as stranger:
        assert (await stranger.get(CLAIMS)).status_code == 404
    assert (await mediator.get(CLAIMS.replace(case_of(CASE), case_of("2026/NOWHERE/1")))).status_code == 404
    assert await count(hub, "case_access") == 0


async def test_without_a_log_there_is_no_access(hub: Hub, mediator: httpx.AsyncClient) -> None:
    await hub.database.pool.execute("ALTER TABLE case_access RENAME TO case_access_away")
    refused = await mediator.get(CLAIMS)
    await hub.database.pool.execute("ALTER TABLE case_access_away RENAME TO case_access")

    assert refused.status_code >= 500
    assert b"PK" not in refused.content[:4]
    assert (await mediator.get(CLAIMS)).status_code == 200


async def test_chain_names_the_first_entry_that_was_changed(
    hub: Hub, mediator: httpx.AsyncClient, settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> None:
    for _ in range(3):
        await mediator.get(CLAIMS)
    file = tmp_path_factory.mktemp("out") / "claims.xlsx"
    run(settings, "rcd", "export", CASE, "--to", str(file))
    assert (await walked(hub.case_accesses)) == (4, None)
    listed = run(settings, "rcd", "accesses", CASE, "--json")
    assert [row["modality"] for row in listed] == ["COMMAND", "API", "API", "API"]

    await hub.database.pool.execute("UPDATE case_access SET origin = 'elsewhere' WHERE seq = 2")
    assert (await walked(hub.case_accesses)) == (1, 2)
    assert "Entry 2 is broken" in run(settings, "rcd", "verify", code=3)
