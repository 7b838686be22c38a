"""Mails of the register become what may have to be done: hints in a feed, never acts; what is not understood waits."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from hub.application.dead_letters.selection import Selection
from hub.application.intake.refusals import DocumentRefusedError
from hub.bootstrap.hub import Hub
from hub.entrypoints.mailboxes import WatchedMailboxes
from hub.settings import Settings
from hub.settings.technical import MailsSettings
from tests.integration.intake_parts import count, door, key_of
from tests.integration.test_rcd import ACTS, acts, sent
from tests.integration.test_returns import relayed
from tests.support.register_mails import AUTHORITY, alert, delivered, overview

pytestmark = pytest.mark.integration
SUGGESTED = "be.mediationhub.rcd-action.suggested.v1"


def left_in(root: Path) -> list[Path]:
    """Every file below a folder."""
    return [path for path in root.rglob("*") if path.is_file()]


@pytest.fixture
async def mailbox(hub: Hub, settings: Settings, tmp_path: Path) -> WatchedMailboxes:
    """The mailbox of a CPAS whose server is trusted."""
    mails = MailsSettings(domains="justrestart.example", authority=AUTHORITY)
    hub.__dict__.pop("intake", None)
    object.__setattr__(hub, "settings", settings.model_copy(update={"mails": mails}))
    await key_of(hub, "cpas-1", "cpas", ["justrestart"])
    return WatchedMailboxes(tmp_path, hub.take_file, poll=timedelta(milliseconds=20))


async def test_mails_become_hints_for_their_reader_and_never_acts(
    hub: Hub, mailbox: WatchedMailboxes, tmp_path: Path
) -> None:
    await sent(hub, acts("m-1", *ACTS))
    before = await hub.database.pool.fetchrow("SELECT * FROM projection_rcd_case")
    delivered(tmp_path, "cpas-1", "1.a", overview("nl"))
    delivered(tmp_path, "cpas-1", "2.a", alert(name="2"))
    await mailbox.sweep()
    await relayed(hub, "hub.rcd")

    rows = await hub.database.pool.fetch(f"SELECT institution, value FROM feed WHERE type = '{SUGGESTED}' ORDER BY seq")
    told = [json.loads(one["value"]) for one in rows]
    assert {one["institution"] for one in rows} == {"cpas-1"}
    assert sorted((one["case_ref"], one["kind"], one["count"], one["trust"]) for one in told) == [
        ("2026/LIEGE/1", "claim", 2, "low"),
        ("2026/LIEGE/1", "message", 1, "low"),
        ("2026/LIEGE/2", "hearing", 1, "low"),
    ]
    assert await hub.database.pool.fetchrow("SELECT * FROM projection_rcd_case WHERE case_id <> ''") == before
    assert await count(hub, "projection_rcd_case") == 1
    assert left_in(tmp_path) == []
    assert await count(hub, "dead_letter") == 0
    async with door(hub, await key_of(hub, "cpas-1", "cpas")) as client:
        listed = (await client.get("/v1/settlements/actions")).json()["actions"]
        later = (await client.get("/v1/settlements/actions?since=2099-01-01")).json()["actions"]
    async with door(hub, await key_of(hub, "cpas-2", "cpas")) as stranger:
        foreign = (await stranger.get("/v1/settlements/actions")).json()["actions"]
    assert len(listed) == 3
    assert all(one["trust"] == "low" for one in listed)
    assert later == foreign == []


async def test_mail_is_taken_once_however_often_and_by_whatever_way_it_comes(
    hub: Hub, mailbox: WatchedMailboxes, tmp_path: Path
) -> None:
    for n, hop in enumerate(("one", "one", "two")):
        delivered(tmp_path, "cpas-1", f"{n}.a", overview(hop=hop))
        await mailbox.sweep()
    await relayed(hub, "hub.rcd")

    assert await count(hub, "document") == 1
    assert await count(hub, "feed", f"type = '{SUGGESTED}'") == 2
    assert left_in(tmp_path) == []


async def test_hub_that_dies_before_it_deletes_a_mail_knows_it_afterwards(
    hub: Hub, mailbox: WatchedMailboxes, tmp_path: Path
) -> None:
    path = delivered(tmp_path, "cpas-1", "1.a", overview())
    unknown = delivered(tmp_path, "cpas-1", "2.a", overview(lines=["- Dossier 1 : autre chose"], name="2"))

    caller = await hub.take_file.caller("cpas-1", "justrestart")
    assert caller is not None
    await hub.take_file.take_mail(caller, "justrestart", path)
    with pytest.raises(DocumentRefusedError):
        await hub.take_file.take_mail(caller, "justrestart", unknown)
    assert path.exists()
    assert unknown.exists()
    await mailbox.sweep()
    await relayed(hub, "hub.rcd")

    assert await count(hub, "document", "state = 'accepted'") == 1
    assert await count(hub, "document", "state = 'rejected'") == 1
    assert await count(hub, "dead_letter") == 1
    assert await count(hub, "feed", f"type = '{SUGGESTED}'") == 2


async def test_unknown_layout_and_unbelieved_sender_are_dead_letters_with_the_mail_sealed(
    hub: Hub, mailbox: WatchedMailboxes, tmp_path: Path
) -> None:
    delivered(tmp_path, "cpas-1", "1.a", overview(lines=["- Dossier de M. Untel : à voir"]))
    delivered(tmp_path, "cpas-1", "2.a", overview(results=(), name="2"))
    await mailbox.sweep()

    groups = await hub.letter_groups.counted(Selection(), by="fingerprint")
    reasons = await hub.database.pool.fetch("SELECT state, institution, reason FROM dead_letter ORDER BY reason")
    assert sum(one["letters"] for one in groups) == 2
    assert [(one["state"], one["institution"]) for one in reasons] == [("waiting", "cpas-1")] * 2
    assert "mail-layout" in reasons[0]["reason"]
    assert "mail-unverified" in reasons[1]["reason"]
    assert await count(hub, "outbox", "topic = 'rcd-mails'") == 0
    stored = await hub.database.pool.fetch("SELECT body FROM document_chunk")
    assert len(stored) == 2
    assert not any(b"Untel" in bytes(one["body"]) or b"From:" in bytes(one["body"]) for one in stored)
    assert left_in(tmp_path) == []
    letter = await hub.database.pool.fetchval("SELECT id FROM dead_letter WHERE reason LIKE '%mail-layout%'")
    opened = await hub.document_edits.form(letter, who="anna", purpose="call 12", allowed=True)
    assert "Untel" in opened


async def test_mailbox_of_nobody_is_left_alone(hub: Hub, mailbox: WatchedMailboxes, tmp_path: Path) -> None:
    path = delivered(tmp_path, "cpas-9", "1.a", overview())
    await mailbox.sweep()

    assert path.exists()
    assert await count(hub, "document") == 0
