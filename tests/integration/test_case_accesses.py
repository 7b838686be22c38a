"""Accesses to a case: logged with every field of AR 11 Oct 2023 art. 4 before anything is shown; no log, no access."""

import asyncpg
import httpx
import pytest

from connectors.justrestart.cases import case_of
from hub.application.read.case_access import by_command
from hub.bootstrap.hub import Hub
from hub.entrypoints.cli import rcd
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


async def suggested(hub: Hub) -> None:
    """A mail of the register named the case."""
    await hub.database.pool.execute(
        "INSERT INTO projection_rcd_action"
        " VALUES ('cpas-1', '2026-03-01', $1, 'message', $2, 1, 'message-alert', now())",
        case_of(CASE),
        CASE,
    )


async def test_every_way_to_read_a_case_over_http_is_logged_and_closed_without_the_log(
    hub: Hub, mediator: httpx.AsyncClient
) -> None:
    """The paths come from the published document: a new one is found here."""
    await suggested(hub)
    document = (await mediator.get("/openapi.json")).json()
    paths = [path for path, verbs in document["paths"].items() if "settlements" in path and "get" in verbs]
    assert {"/v1/settlements/actions", "/v1/settlements/{case}/claims", "/v1/settlements/{case}/notices"} <= {*paths}
    for path in paths:
        before = await count(hub, "case_access")
        answer = await mediator.get(path.format(case=case_of(CASE)))
        assert answer.status_code == 200, path
        assert await count(hub, "case_access") == before + 1, f"{path} shows a case and is not logged"
        await hub.database.pool.execute("ALTER TABLE case_access RENAME TO case_access_away")
        refused = await mediator.get(path.format(case=case_of(CASE)))
        await hub.database.pool.execute("ALTER TABLE case_access_away RENAME TO case_access")
        assert refused.status_code >= 500, path
        assert CASE.encode() not in refused.content


@pytest.mark.usefixtures("mediator")
async def test_every_command_that_reads_a_case_is_logged(
    hub: Hub, settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A new command is found here: say how to call it."""
    file = tmp_path_factory.mktemp("out") / "claims.xlsx"
    how = dict.fromkeys(("accesses", "channels", "notices"), (CASE, "--json")) | {"export": (CASE, "--to", str(file))}
    elsewhere = {"retention", "package", "archived", "erase"}  # of cases that leave: test_rcd_erasure
    about_no_case = {"verify", "outages"} | elsewhere
    assert {command.name for command in rcd.app.registered_commands} == {*how} | about_no_case
    for name, arguments in how.items():
        before = await count(hub, "case_access")
        run(settings, "rcd", name, *arguments)
        assert await count(hub, "case_access") == before + 1, f"hub rcd {name} shows a case and is not logged"


async def test_whoever_notes_accesses_learns_their_numbers(hub: Hub) -> None:
    looks = [by_command("cli:x", case_of(case), what="claims") for case in (CASE, "2026/OTHER/1")]

    first, second = await hub.case_accesses.note(looks), await hub.case_accesses.note(looks[:1])
    assert ([*first], [*second], [*await hub.case_accesses.note([])]) == ([1, 2], [3], [])
    assert [row["seq"] for row in await hub.case_accesses.listed(case_of(CASE), before=None, limit=9)] == [3, 1]


@pytest.mark.parametrize(
    "change", ["UPDATE case_access SET origin = 'x'", "DELETE FROM case_access", "TRUNCATE case_access"]
)
async def test_log_takes_no_change(hub: Hub, mediator: httpx.AsyncClient, change: str) -> None:
    await mediator.get(CLAIMS)
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="append-only"):
        await hub.database.pool.execute(change)
    assert await count(hub, "case_access") == 1


async def test_chain_names_the_first_entry_that_was_changed_and_a_cut_end(
    hub: Hub, mediator: httpx.AsyncClient, settings: Settings
) -> None:
    """By somebody who may change tables: he takes the guard away first."""
    for _ in range(3):
        await mediator.get(CLAIMS)
    listed = run(settings, "rcd", "accesses", CASE, "--json")
    assert [row["modality"] for row in listed] == ["COMMAND", "API", "API", "API"]
    whole = run(settings, "rcd", "verify", "--json")
    assert (whole["entries"], whole["broken"]) == (4, None)
    end = f"4:{whole['head']}"
    assert run(settings, "rcd", "verify", "--known", end, "--json") == whole

    await hub.database.pool.execute("ALTER TABLE case_access DISABLE TRIGGER case_access_append_only")
    await hub.database.pool.execute("DELETE FROM case_access WHERE seq = 4")
    assert run(settings, "rcd", "verify", "--json")["entries"] == 3  # what is left holds
    assert "Entry 4 is broken: it is missing" in run(settings, "rcd", "verify", "--known", end, code=3)

    await hub.database.pool.execute("UPDATE case_access SET origin = 'elsewhere' WHERE seq = 2")
    assert "Entry 2 is broken" in run(settings, "rcd", "verify", code=3)
