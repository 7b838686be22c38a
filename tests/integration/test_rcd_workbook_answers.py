"""Workbooks go out: the one that came with its errors beside the rows, and our own export in the same form."""

import json
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from openpyxl import load_workbook

from connectors.justrestart.cases import case_of
from hub.application.dead_letters.job_ports import PlanRefusedError
from hub.bootstrap.hub import Hub
from hub.entrypoints.folders import WatchedFolders
from hub.entrypoints.http.negotiation import XLSX
from hub.settings import Settings
from tests.integration.intake_parts import count, door, key_of
from tests.integration.test_institution_command import run
from tests.integration.test_rcd import ACTS, PATH, acts, sent
from tests.integration.test_rcd_workbook import CHANGED
from tests.integration.test_returns import relayed
from tests.support.claim_sheets import CASE, FR, NL, row, workbook

pytestmark = pytest.mark.integration
CLAIMS = f"/v1/settlements/{case_of(CASE)}/claims"
BAD = (row(1), row(2, principal="beaucoup", nature="dette de jeu"), row(3), row(3, costs=7, total=None))


@pytest.fixture
async def mediator(hub: Hub) -> AsyncIterator[httpx.AsyncClient]:
    """The CPAS that mediates the case; it sends workbooks and wants workbooks."""
    await sent(hub, acts("m-1", *ACTS))
    async with door(hub, await key_of(hub, "cpas-1", "cpas", ["justrestart"])) as client:
        client.headers["content-type"] = XLSX
        yield client


def table(content: bytes) -> list[Sequence[object]]:
    return list(load_workbook(BytesIO(content)).worksheets[0].iter_rows(values_only=True))


@pytest.mark.parametrize(("language", "title", "words"), [("fr", "Erreurs", "montant"), ("nl", "Fouten", "bedrag")])
async def test_errors_stand_beside_the_rows_in_the_senders_language(
    mediator: httpx.AsyncClient, language: str, title: str, words: str
) -> None:
    wish = {"accept": XLSX, "accept-language": language}
    answer = await mediator.post(PATH, content=workbook(BAD, above=1), headers=wish)
    later = await mediator.get(f"{answer.headers['location']}/workbook", headers=wish)

    assert (answer.status_code, answer.headers["content-type"]) == (201, XLSX)
    rows = table(answer.content)
    assert rows == table(later.content)
    assert rows[1] == (*FR.values(), title)
    assert [one[:-1] for one in rows[2:]] == [one[: len(FR)] for one in table(workbook(BAD, above=1))[2:]]
    errors = [str(one[-1] or "") for one in rows[2:]]
    assert errors[0] == errors[2] == ""
    assert "Principal (EUR): " in errors[1]
    assert words in errors[1]
    assert "Nature: " in errors[1]
    assert "Référence de la créance: " in errors[3]
    place = list(FR).index("principal") + 1
    red = load_workbook(BytesIO(answer.content)).worksheets[0].cell(row=4, column=place)
    assert red.fill.fgColor.rgb == "00FFC7CE"


async def test_marked_workbook_that_was_corrected_is_taken(hub: Hub, mediator: httpx.AsyncClient) -> None:
    answer = await mediator.post(PATH, content=workbook([row(1, principal="x")]), headers={"accept": XLSX})
    book = load_workbook(BytesIO(answer.content))
    book.worksheets[0].cell(row=2, column=list(FR).index("principal") + 1).value = 101.1
    stream = BytesIO()
    book.save(stream)

    again = await mediator.post(PATH, content=stream.getvalue())
    await relayed(hub, "hub.rcd")

    assert answer.status_code == 422
    assert (again.status_code, again.json()["state"]) == (201, "accepted"), again.text
    assert await count(hub, "projection_rcd_claim") == 1


async def test_what_is_wrong_with_the_whole_file_stands_below_it(mediator: httpx.AsyncClient) -> None:
    few = {name: text for name, text in FR.items() if name != "costs"}
    wish = {"accept": XLSX, "accept-language": "de"}
    answer = await mediator.post(PATH, content=workbook([row(1)], few), headers=wish)
    broken = await mediator.post(PATH, content=b"PK\x03\x04 and no more", headers=wish)

    assert (answer.status_code, answer.headers["content-type"]) == (422, XLSX)
    assert "Diese Spalten fehlen" in str(table(answer.content)[-1][-1])
    assert (broken.status_code, broken.json()["code"]) == (400, "workbook-broken")


async def test_text_that_looks_like_a_formula_stays_text(mediator: httpx.AsyncClient) -> None:
    book = load_workbook(BytesIO(workbook([row(1, principal="x")])))
    cell = book.worksheets[0].cell(row=2, column=list(FR).index("name") + 1)
    cell.value, cell.data_type = "=HYPERLINK(1)", "s"
    stream = BytesIO()
    book.save(stream)
    answer = await mediator.post(PATH, content=stream.getvalue(), headers={"accept": XLSX})

    back = load_workbook(BytesIO(answer.content)).worksheets[0].cell(row=2, column=int(cell.column or 0))
    assert (back.value, back.data_type) == ("=HYPERLINK(1)", "s")


@pytest.mark.usefixtures("mediator")
async def test_errors_lie_beside_the_file_in_its_folder(hub: Hub, tmp_path: Path) -> None:
    drop = tmp_path / "justrestart" / "cpas-1" / "in"
    drop.mkdir(parents=True)
    (drop / "all-bad.xlsx").write_bytes(workbook([row(1, costs="x")]))
    (drop / "some-bad.xlsx").write_bytes(workbook(BAD))
    (drop / "good.xlsx").write_bytes(workbook([row(1)]))
    await WatchedFolders(tmp_path, hub.take_file, poll=timedelta(milliseconds=20)).sweep()

    there = {path.relative_to(drop.parent).as_posix() for path in drop.parent.rglob("*.*")}
    assert there == {
        *("rejected/all-bad.xlsx", "rejected/all-bad.errors.xlsx", "rejected/all-bad.xlsx.answer.json"),
        *("done/some-bad.xlsx", "done/some-bad.errors.xlsx", "done/some-bad.xlsx.answer.json"),
        *("done/good.xlsx", "done/good.xlsx.answer.json"),
    }
    rows = table((drop.parent / "rejected" / "all-bad.errors.xlsx").read_bytes())
    assert "Frais: " in str(rows[1][-1])
    assert json.loads((drop.parent / "rejected" / "all-bad.xlsx.answer.json").read_text())["refusedCount"] == 1


@pytest.mark.parametrize(("language", "headings"), [("fr", FR), ("nl", NL)])
async def test_our_export_comes_back_and_changes_nothing(
    hub: Hub, mediator: httpx.AsyncClient, language: str, headings: dict[str, str]
) -> None:
    await mediator.post(PATH, content=workbook([row(1), row(2, status="contestée")]))
    await relayed(hub, "hub.rcd")
    before = await count(hub, "feed", f"type = '{CHANGED}'")

    export = await mediator.get(CLAIMS, headers={"accept-language": language})
    back = await mediator.post(PATH, content=export.content)
    await relayed(hub, "hub.rcd")

    assert (export.status_code, export.headers["content-type"]) == (200, XLSX)
    names = table(export.content)[0]
    assert {text for name, text in headings.items() if name not in {"name", "principal"}} <= set(names)
    assert (back.status_code, back.json()["events"], back.json()["refusedCount"]) == (201, 2, 0), back.text
    assert await count(hub, "feed", f"type = '{CHANGED}'") == before == 2
    rows = await hub.database.pool.fetch("SELECT title, status, channel FROM projection_rcd_claim ORDER BY claim_ref")
    assert [tuple(one) for one in rows] == [(True, "introduced", "register"), (True, "contested", "register")]


async def test_export_is_for_the_mediator_alone(hub: Hub, mediator: httpx.AsyncClient) -> None:
    await mediator.post(PATH, content=workbook([row(1)]))
    await relayed(hub, "hub.rcd")
    unknown = await mediator.get(CLAIMS.replace(case_of(CASE), "c" + "0" * 32))
    async with door(hub, await key_of(hub, "cpas-2", "cpas", ["justrestart"])) as stranger:
        foreign = await stranger.get(CLAIMS)
        documents = await hub.database.pool.fetchval("SELECT id FROM document WHERE message_id LIKE 'xlsx-%'")
        workbook_of_others = await stranger.get(f"/v1/documents/{documents}/workbook")

    assert [one.status_code for one in (unknown, foreign, workbook_of_others)] == [404, 404, 404]


async def test_administrator_exports_a_case_on_the_command_line(
    hub: Hub, mediator: httpx.AsyncClient, settings: Settings, tmp_path: Path
) -> None:
    await mediator.post(PATH, content=workbook([row(1)]))
    await relayed(hub, "hub.rcd")

    run(settings, "rcd", "export", CASE, "--to", str(tmp_path / "out.xlsx"), "--language", "nl")

    assert table((tmp_path / "out.xlsx").read_bytes())[1][1] == "CR-1"


async def test_refused_workbook_is_corrected_by_its_sender_and_not_as_text(
    hub: Hub, mediator: httpx.AsyncClient
) -> None:
    await mediator.post(PATH, content=workbook([row(1, costs="x")]))
    letter = await hub.database.pool.fetchval("SELECT id FROM dead_letter WHERE state = 'returned'")

    with pytest.raises(PlanRefusedError) as refused:
        await hub.document_edits.form(letter, who="anna", purpose="call 12", allowed=True)
    assert refused.value.rule == "edit-workbook"
