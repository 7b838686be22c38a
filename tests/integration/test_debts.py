"""Debt files over HTTP on a real database: commands, the fold, what the CPAS reads, and what the gate makes of it."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from hub.bootstrap.hub import Hub
from hub.domain.messaging.cloudevent import dossier_of
from hub.settings import PersonsSettings, Settings
from schemas.consultations import ConsultFlow
from tests.integration.counter import CPAS, NISS, SPOUSE, Counter
from tests.integration.debt_desk import PERSON, DebtDesk, key
from tests.integration.intake_parts import door
from tests.support.fake_bank import FakeBank
from tests.support.plaintext import forms, readable

pytestmark = pytest.mark.integration

IBAN = "BE68539007547034"
DEBT = {"due": "2000.00", "repaid": "500.00", "description": "loyer avancé", "iban": IBAN, "opened_on": "2015-06-05"}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    persons = PersonsSettings(legal_contexts="addresses/31=PCSA:DEBT_RECOVERY")
    return settings.model_copy(update={"persons": persons})


@pytest.fixture
async def desk(hub: Hub) -> AsyncIterator[DebtDesk]:
    async with door(hub, await key(hub)) as client:
        yield DebtDesk(hub, client)


async def opened(desk: DebtDesk, **changes: object) -> str:
    await desk.done("open-general-file", **PERSON)
    return await desk.done("open-debt-file", **{**DEBT, **changes})


async def amounts(desk: DebtDesk, file: str) -> tuple[str, str, str]:
    one = await desk.get(f"/v1/debt-files/{file}")
    return one["mode"], one["repaid"], one["remaining"]


async def test_sample_of_the_manual_runs_over_http_to_the_cent(desk: DebtDesk) -> None:
    file = await opened(desk)
    assert await amounts(desk, file) == ("manual", "500.00", "1500.00")
    refund = await desk.done("add-refund", file=file, on="2015-06-04", amount="200.00", made=True, comment="en main")
    assert await amounts(desk, file) == ("manual", "500.00", "1500.00")
    await desk.done("modify-debt-file", file=file, mode="automatic")
    assert await amounts(desk, file) == ("automatic", "200.00", "1800.00")
    one = await desk.get(f"/v1/debt-files/{file}")
    assert (one["number"], one["state"], one["due"], one["overpaid"]) == (1, "active", "2000.00", False)
    assert one["details"]["description"] == "loyer avancé"
    (shown,) = one["refunds"]
    assert (shown["refund"], shown["amount"], shown["made"], shown["comment"]) == (refund, "200.00", True, "en main")
    await desk.done("delete-refund", file=file, refund=refund)
    assert await amounts(desk, file) == ("automatic", "0.00", "2000.00")
    await desk.done("close-debt-file", file=file, closed_on="2015-06-08")

    statement = await desk.get(f"/v1/debt-files/{file}/statement")
    assert [(one["what"], one["repaid"], one["remaining"]) for one in statement["steps"]] == [
        ("opened", "500.00", "1500.00"),
        ("refund-made", "500.00", "1500.00"),
        ("modified", "200.00", "1800.00"),
        ("refund-deleted", "0.00", "2000.00"),
        ("closed", "0.00", "2000.00"),
    ]
    assert (statement["refunds_made"], statement["refunds_planned"]) == ("0.00", "0.00")
    assert (await desk.get(f"/v1/debt-files/{file}"))["closed_on"] == "2015-06-08"
    await desk.done("reactivate-debt-file", file=file)
    assert (await desk.get(f"/v1/debt-files/{file}"))["closed_on"] is None


async def test_what_may_not_be_done_comes_back_in_the_feed_with_its_rule(desk: DebtDesk) -> None:
    await desk.done("open-debt-file", **DEBT)
    file = await opened(desk)
    await desk.done("modify-debt-file", file=file, mode="automatic")
    await desk.done("open-debt-file", due="10.00")
    await desk.done("open-debt-file", due="10.00", description="x", iban="BE69539007547034")

    feed = (await desk.client.get("/v1/feed")).json()
    refusals = [one["data"]["rule"] for one in feed if "command.refused" in one["type"]]
    assert refusals == ["general-file-unknown", "automatic-needs-refund", "description-required", "iban-checksum"]
    assert [one["type"].split(".", 2)[2] for one in feed if "debt" in one["type"]] == [
        "debt-file.opened.v1",
        "debt-balance.changed.v1",
    ]


async def test_command_without_an_id_of_an_unknown_kind_or_unsaid_is_refused_at_the_door(desk: DebtDesk) -> None:
    answer = await desk.ask("open-general-file", "")
    assert (answer.status_code, answer.json()["code"]) == (422, "event-attribute")
    answer = await desk.ask("burn-debt-file")
    assert (answer.status_code, answer.json()["code"]) == (422, "event-type-unknown")
    answer = await desk.ask("open-debt-file", due="-1.00", cpas="cpas-2")
    assert answer.status_code == 422
    assert await desk.hub.database.pool.fetchval("SELECT count(*) FROM outbox") == 0


async def everything(hub: Hub) -> list[Any]:
    tables = ("general_file", "debt_file", "debt_step", "refund", "household")
    rows = [await hub.database.pool.fetch(f"SELECT * FROM projection_{one} ORDER BY 1, 2, 3") for one in tables]
    rows.append(await hub.database.pool.fetch("SELECT * FROM feed ORDER BY seq"))
    rows.append(await hub.database.pool.fetch("SELECT key, data FROM state ORDER BY 1, 2"))
    return rows


async def test_command_sent_again_and_event_delivered_again_change_nothing(desk: DebtDesk) -> None:
    file = await opened(desk)
    first = await desk.ask("add-refund", "r-1", file=file, on="2015-06-04", amount="200.00")
    await desk.pump()
    before = await everything(desk.hub)

    again = await desk.ask("add-refund", "r-1", file=file, on="2015-06-04", amount="200.00")
    assert (first.status_code, again.status_code, again.json()) == (201, 200, first.json())
    for group, record in list(desk.handled):
        await desk.fold(group, record)
    await desk.pump()
    assert await everything(desk.hub) == before


@pytest.mark.usefixtures("topics_ready")
async def test_debt_files_are_read_by_their_cpas_alone_page_by_page(desk: DebtDesk) -> None:
    first = await opened(desk)
    others = [await desk.done("open-debt-file", due=f"{n}.00", description="d") for n in (1, 2)]
    await desk.done("close-debt-file", file=first)
    dossier = dossier_of(desk.hub.vault.subject_of(NISS), CPAS)

    page = await desk.get("/v1/debt-files?limit=2")
    rest = await desk.get(f"/v1/debt-files?limit=2&after={page['next']}")
    listed = [one["file"] for one in page["debt_files"] + rest["debt_files"]]
    assert (sorted([first, *others]), rest["next"]) == (listed, None)
    assert [one["file"] for one in (await desk.get("/v1/debt-files?state=closed"))["debt_files"]] == [first]
    general = await desk.get(f"/v1/general-files/{dossier}")
    assert [one["number"] for one in general["debt_files"]] == [3, 2, 1]
    assert general["person"]["name"] == "Zebulon"
    assert [one["dossier"] for one in (await desk.get("/v1/general-files"))["general_files"]] == [dossier]
    async with door(desk.hub, await key(desk.hub, "cpas-2")) as stranger:
        for path in (f"debt-files/{first}", f"debt-files/{first}/statement", f"general-files/{dossier}"):
            assert (await stranger.get(f"/v1/{path}")).status_code == 404
        assert (await stranger.get("/v1/debt-files")).json() == {"debt_files": [], "next": None}
    assert await readable(desk.hub, [*forms(NISS), IBAN.encode(), b"Zebulon", b"loyer avanc"]) == []


async def test_file_opened_over_http_integrates_its_debtor_and_opens_the_gate_until_it_is_closed(
    desk: DebtDesk, tmp_path: Path
) -> None:
    counter = Counter(desk.hub, FakeBank(tmp_path / "books.json"))
    counter.clock.now = desk.hub.clock()
    file = await opened(desk)
    assert [one["origin"] for one in desk.facts("integration.requested")] == ["debt-file"]
    while await counter.worker().once():
        await desk.pump()
    (registered,) = desk.facts("integration.registered")
    assert registered["partitionkey"] == counter.dossier
    assert [one["operation"] for one in counter.bank.calls()] == ["register"]

    await counter.say(ConsultFlow(cpas=CPAS, flow="addresses"))
    await counter.run()
    assert counter.facts("flow.answered")
    await desk.done("close-debt-file", file=file)
    await counter.say(ConsultFlow(cpas=CPAS, flow="addresses"))
    await counter.run()
    assert [one["reason"] for one in counter.facts("flow-consultation.denied")] == ["NO_ACTIVE_FILE"]


async def test_member_of_the_household_stands_on_her_own_dossier_and_is_not_integrated(desk: DebtDesk) -> None:
    subject, hers = desk.hub.vault.subject_of(NISS), desk.hub.vault.subject_of(SPOUSE)
    dossier = dossier_of(subject, CPAS)
    await opened(desk)
    spouse = {"niss": SPOUSE, "name": "Ysolde", "dossier": dossier}
    await desk.done("add-household-member", **spouse)
    taken = {"taken_at": "2026-03-01T09:00:00Z", "members": 2}
    await desk.done("note-official-member", **{**spouse, **taken, "role": "02"})
    await desk.done("note-official-member", dossier=dossier, role="01", **taken)

    general = await desk.get(f"/v1/general-files/{dossier}")
    (member,) = general["household"]
    assert (member["relation"], member["dossier"]) == ("cohabitant", dossier_of(hers, CPAS))
    assert (member["person"]["niss"], member["person"]["name"]) == (SPOUSE, "Ysolde")
    assert {one["relation"] for one in general["official_household"]} == {"01", "02"}
    standing = desk.facts("debt-file-standing.changed")
    assert [(one["partitionkey"], one["role"], one["created"]) for one in standing] == [
        (dossier, "debtor", True),
        (dossier_of(hers, CPAS), "household", False),
    ]
    assert len(desk.facts("integration.requested")) == 1
    await desk.done("remove-household-member", niss=SPOUSE, dossier=dossier)
    assert (await desk.get(f"/v1/general-files/{dossier}"))["household"] == []


async def test_erased_member_and_erased_debtor_are_gone_one_by_one_while_the_amounts_stay(desk: DebtDesk) -> None:
    hub, dossier = desk.hub, dossier_of(desk.hub.vault.subject_of(NISS), CPAS)
    file = await opened(desk)
    await desk.done("add-household-member", niss=SPOUSE, name="Ysolde", dossier=dossier)

    await hub.erase.person(hub.vault.subject_of(SPOUSE))
    general = await desk.get(f"/v1/general-files/{dossier}")
    assert ([one["person"] for one in general["household"]], general["person"]["name"]) == ([None], "Zebulon")
    await hub.erase.person(hub.vault.subject_of(NISS))
    one = await desk.get(f"/v1/debt-files/{file}")
    assert (one["details"], one["due"], one["remaining"]) == (None, "2000.00", "1500.00")
    assert (await desk.get(f"/v1/general-files/{dossier}"))["person"] is None
