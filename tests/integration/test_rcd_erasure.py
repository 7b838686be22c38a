"""After the Archives' receipt two administrators erase a case: nothing of it stays, and nothing brings it back."""

import json
from collections.abc import Awaitable
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from hub.application.read.case_access import verify
from hub.application.transfer.erase_ports import Gone
from hub.application.transfer.ports import TransferRefusedError
from hub.bootstrap.hub import Hub
from hub.entrypoints.http.negotiation import XLSX
from hub.settings import Settings
from schemas.accounts import ChangeAccount, TellUser
from tests.integration.intake_parts import count, door, key_of
from tests.integration.test_institution_command import run
from tests.support import documents
from tests.support.archives import CASE, LIFE, PERSON, REFERENCE, document, items, receipt, single, told, words_of
from tests.support.claim_sheets import row, workbook
from tests.support.console import relayed
from tests.support.documents import niss_of

pytestmark = pytest.mark.integration
OTHER = "2015/LIEGE/8"
POSTED = ("avis-posted", "2015-01-13T10:00:00+01:00", "")
GROUPS = ("hub.rcd", "hub.notices", "hub.accounts")
XML = {"content-type": "application/xml"}
KEPT = {"case_access", "rcd_transfer", "audit", "state", "timeline"}
"""Where the case's id stays: what was logged (and its events: numbers of entries), the tombstone, an empty state."""


async def lived(hub: Hub) -> None:
    """A case with claims, a place in an account, news in an overview, its person's standing, fired timers."""
    types = [TellUser.type, ChangeAccount.type]
    async with door(hub, await key_of(hub, "cpas-1", "cpas", ["justrestart"], types)) as cpas:
        user = {"user": "u-1", "language": "de", "name": "Quxwv Abcd", "email": "u1@office.invalid"}
        for kind, data in ((TellUser.type, user), (ChangeAccount.type, {"change": "create-group", "user": "u-1"})):
            said = {"institution": "cpas-1", "by": "u-1", **data, **({} if "change" not in data else {"group": "rcd"})}
            event = {"specversion": "1.0", "id": str(uuid4()), "source": "/cpas-1", "type": kind, "data": said}
            answer = await cpas.post("/v1/events", json=event, headers={"content-type": "application/cloudevents+json"})
            assert answer.is_success, answer.text
            await relayed(hub, *GROUPS)
        async with door(hub, await key_of(hub, "register", "register", ["justrestart"])) as register:
            alone = document("m-1", items(REFERENCE, *LIFE[:3], POSTED))
            await told(register, alone, document("m-2", items(REFERENCE, *LIFE[3:]), items(OTHER, *LIFE[:2])))
        await relayed(hub, *GROUPS)
        answer = await cpas.post(
            "/v1/connectors/justrestart/documents",
            content=workbook([row(1, case=REFERENCE)]),
            headers={"content-type": XLSX},
        )
        assert answer.status_code == 201, answer.text
        await relayed(hub, *GROUPS)
    await hub.time_machine.advance(timedelta(days=1))
    await hub.clock.refresh(timedelta(0))
    async with hub.bell("hub_timer") as bell:
        clock = hub.fire_timers(bell)
        while await clock.once():
            await relayed(hub, *GROUPS)


async def held(hub: Hub) -> None:
    """An office holds a notice on the same person."""
    async with door(hub, await key_of(hub, "fca", "fca", ["fca"])) as fca:
        body = documents.notice("n-1", PERSON, "etude-001")
        assert (await fca.post("/v1/connectors/fca/documents", content=body, headers=XML)).status_code == 201
    await relayed(hub, *GROUPS)


def as_(who: str, patch: pytest.MonkeyPatch) -> None:
    patch.setenv("LOGNAME", who)


async def packed(hub: Hub, folder: Path) -> Path:
    """The case packed."""
    file = folder / f"{uuid4()}.zip"
    with hub.package_file(file) as draft:
        await hub.pack.case(CASE, draft, who="cli:anna", progress=lambda _part, _count: None)
    return file


async def received(hub: Hub, folder: Path) -> Path:
    """The case packed, and confirmed."""
    file = await packed(hub, folder)
    await hub.receive.receipt(CASE, receipt(folder, file).read_bytes(), who="cli:anna")
    return file


async def erased(hub: Hub, folder: Path) -> Gone:
    """The case packed, confirmed, and erased by two."""
    await received(hub, folder)
    await hub.erase_case.ask(CASE, who="cli:anna", reason="over")
    return await hub.erase_case.confirm(CASE, who="cli:bert")


async def test_erased_case_leaves_a_tombstone_and_nothing_else_anywhere(
    hub: Hub, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await lived(hub)
    pseudonym = hub.vault.subject_of(niss_of(PERSON))
    before = await words_of(hub, CASE)
    wanted = {*KEPT, "feed", "projection_rcd_claim", "projection_account_case"}
    assert wanted - {*before} == {"rcd_transfer", "audit"}
    assert {"delivery", "timeline", "state"} <= {*await words_of(hub, REFERENCE)}
    as_("anna", monkeypatch)
    package = await packed(hub, tmp_path)
    run(settings, "rcd", "archived", REFERENCE, "--receipt", str(receipt(tmp_path, package)), "--json")
    asked = run(settings, "rcd", "erase", REFERENCE, "--reason", "art. 1675/24", "--json")
    assert asked["asked_by"] == "cli:anna"
    as_("bert", monkeypatch)
    gone = run(settings, "rcd", "erase", REFERENCE, "--confirm", "--yes", "--json")
    await relayed(hub, *GROUPS)

    assert gone["persons"] == 0  # another case is hers too
    assert {*await words_of(hub, CASE)} == KEPT
    assert await words_of(hub, REFERENCE) == {}
    assert await count(hub, "timeline", f"key = '{CASE}' AND attributes NOT LIKE '%case-access.noted%'") == 0
    assert await count(hub, "dead_letter") == 0
    assert await hub.database.pool.fetchval("SELECT data FROM state WHERE key = $1", CASE) == '{"erased":true}'
    assert await count(hub, "document", "wrapped_key IS NOT NULL AND connector = 'justrestart'") == 0
    assert await count(hub, "document_chunk JOIN document ON id = document", "connector = 'justrestart'") == 0
    (stone,) = run(settings, "rcd", "retention", "--erased", "--json")
    assert (stone["case_id"], stone["stage"], stone["reference"]) == (CASE, "erased", "ARA-2026-11")
    assert (stone["sha256"], stone["asked_by"]) == (receipt_hash(package), "cli:anna")
    assert run(settings, "rcd", "retention", "--json") == []
    assert (await verify(hub.case_accesses)).broken is None
    (last,) = await hub.database.pool.fetch("SELECT * FROM case_access WHERE action = 'EDIT' AND what = 'package'")
    assert (last["actor"], last["court"], last["role_number"]) == ("cli:bert", "TT-LIEGE", "15/7/B")
    assert run(settings, "audit", "verify", "--json")["broken"] is None
    overviews = await hub.database.pool.fetch("SELECT content FROM delivery")
    assert overviews, "overviews tell of the other case still"
    assert pseudonym in await hub.database.pool.fetchval("SELECT string_agg(data, '') FROM state")


def receipt_hash(package: Path) -> str:
    """What the receipt said."""
    return str(json.loads((package.parent / "receipt.json").read_text())["sha256"])


@pytest.mark.parametrize("needed", [False, True])
async def test_key_of_the_person_goes_unless_something_else_needs_it(hub: Hub, tmp_path: Path, *, needed: bool) -> None:
    if needed:
        await held(hub)
    async with door(hub, await key_of(hub, "register", "register", ["justrestart"])) as register:
        await told(register, document("m-1", items(REFERENCE, *LIFE[:3], POSTED, *LIFE[3:])))
    await relayed(hub, *GROUPS)
    pseudonym = hub.vault.subject_of(niss_of(PERSON))
    gone = await erased(hub, tmp_path)
    told_since = await count(hub, "outbox", "headers LIKE '%person.erased%'")
    others = {*await words_of(hub, pseudonym)}
    await relayed(hub, *GROUPS)

    living = await count(hub, "person_key", f"subject = '{pseudonym}' AND wrapped IS NOT NULL")
    assert (len(gone.persons), living) == ((0, 1) if needed else (1, 0))
    assert {*await words_of(hub, CASE)} == KEPT
    assert await count(hub, "state", "consumer_group = 'hub.notices'") == int(needed)
    assert await count(hub, "delivery") == 0
    if not needed:
        assert (others, told_since) == ({"person_key", "outbox"}, 1)
    else:
        assert await count(hub, "projection_notice") == 1


async def test_what_comes_later_is_refused_or_a_dead_letter_and_brings_nothing_back(hub: Hub, tmp_path: Path) -> None:
    await lived(hub)
    await erased(hub, tmp_path)
    late = ("remission-revoked", "2017-01-05T09:00:00+01:00", "")
    async with door(hub, await key_of(hub, "register", "register", ["justrestart"])) as register:
        path = "/v1/connectors/justrestart/documents"
        alone = await register.post(path, content=single("late-1", REFERENCE, late[0], late[1]), headers=XML)
        sheet = await register.post(path, content=workbook([row(2, case=REFERENCE)]), headers={"content-type": XLSX})
        again = await register.post(path, content=document("m-1", items(REFERENCE, *LIFE[:3], POSTED)), headers=XML)
        await told(register, document("late-2", items(REFERENCE, late), items(OTHER, ("revoked", *late[1:]))))
    await relayed(hub, *GROUPS)

    assert (alone.status_code, alone.json()["code"]) == (422, "case-erased")
    assert (sheet.status_code, sheet.json()["code"]) == (422, "case-erased")
    assert again.status_code == 200  # known: its receipt again, nothing else
    (letter,) = await hub.database.pool.fetch("SELECT key, reason FROM dead_letter WHERE origin = 'record'")
    assert (letter["key"], "erased" in letter["reason"]) == (CASE, True)
    assert await count(hub, "projection_rcd_case") == 1
    assert await hub.database.pool.fetchval("SELECT state FROM projection_rcd_case") == "REVOKED"
    with pytest.raises(TransferRefusedError, match="erased"):
        await packed(hub, tmp_path)
    with pytest.raises(TransferRefusedError, match="erased"):
        await hub.erase_case.confirm(CASE, who="cli:bert")


async def test_two_administrators_and_the_right_receipt_are_needed_in_their_order(hub: Hub, tmp_path: Path) -> None:
    await lived(hub)

    async def refused(rule: str, doing: Awaitable[object]) -> None:
        with pytest.raises(TransferRefusedError) as refusal:
            await doing
        assert refusal.value.rule == rule

    async def archived(file: Path, **changes: str) -> None:
        await hub.receive.receipt(CASE, receipt(tmp_path, file, **changes).read_bytes(), who="cli:anna")

    def ask(who: str, reason: str = "over") -> Awaitable[object]:
        return hub.erase_case.ask(CASE, who=who, reason=reason)

    def confirm(who: str) -> Awaitable[object]:
        return hub.erase_case.confirm(CASE, who=who)

    other = tmp_path / "other.zip"
    other.write_bytes(b"PK")
    await refused("not-packed", archived(other))
    file = await packed(hub, tmp_path)
    await relayed(hub, *GROUPS)  # the look itself is told, and changes no case
    await refused("receipt-of-other-bytes", archived(other))
    await refused("not-received", ask("cli:anna"))
    await archived(file)
    await archived(file)
    await refused("received", archived(file, reference="ARA-2"))
    await refused("reason-missing", ask("cli:anna", " "))
    await refused("not-asked", confirm("cli:anna"))
    await ask("cli:anna")
    await refused("approver-is-asker", confirm("cli:anna"))
    await refused("asked", ask("cli:bert"))
    await hub.time_machine.advance(timedelta(hours=25))
    await hub.clock.refresh(timedelta(0))
    await refused("approval-expired", confirm("cli:bert"))
    await ask("cli:bert")
    async with door(hub, await key_of(hub, "register", "register", ["justrestart"])) as register:
        await told(register, document("late", items(REFERENCE, ("remission-revoked", "2017-01-05T09:00:00+01:00", ""))))
    await relayed(hub, *GROUPS)
    await refused("case-changed", confirm("cli:anna"))
    again = await packed(hub, tmp_path)
    await refused("not-received", confirm("cli:anna"))
    await archived(again)
    await hub.channels.for_administrator("cli:anna", CASE, after="", limit=9)
    await refused("received", packed(hub, tmp_path))

    assert await count(hub, "projection_rcd_case") == 2
    noted = await hub.database.pool.fetch("SELECT reason FROM audit WHERE outcome = 'refused' ORDER BY seq")
    assert [one["reason"] for one in noted] == [
        "not-packed", "receipt-of-other-bytes", "not-received", "received", "reason-missing", "not-asked",
        "approver-is-asker", "asked", "approval-expired", "case-changed", "not-received",
    ]  # fmt: skip
