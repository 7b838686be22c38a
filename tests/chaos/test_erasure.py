"""A person is erased while everything runs: the hub goes on, and nobody can read what it holds of her any more."""

import json
from collections.abc import Iterator

import pytest

from hub.adapters.localstack.mail_archive import MailArchive
from hub.adapters.localstack.mail_faults import MailFault, MailFaults
from hub.adapters.localstack.running import RunningStack
from hub.bootstrap.hub import Hub
from tests.support.documents import mailbox, name_of, niss_of
from tests.support.history import problems
from tests.support.load import Load
from tests.support.picture import at_rest, seen
from tests.support.plaintext import forms, opened, readable, sealed_of
from tests.support.poison import Poison
from tests.support.processes import Processes
from tests.support.scene import OFFICE, Scene
from tests.support.waiting import until

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(180), pytest.mark.usefixtures("topics_ready")]

HER, OTHER = 0, 1
EVERYWHERE = {"kafka", "timeline", "feed", "dead_letter", "parked_record", "delivery", "projection_claim"}
PERSONAL = forms(
    *(niss_of(n) for n in range(6)),
    *(name_of(n) for n in range(6)),
    "Pierre",
    "BE26138000001729",
    "Recouvrement Exemple",
    "Énergie Exemple SA",
)


@pytest.fixture
def mails_deferred(stack: RunningStack) -> Iterator[MailFaults]:
    """The office's mail server takes nothing for now: deliveries wait in the hub."""
    faults = MailFaults(stack.home / "mails")
    faults.set(mailbox(OFFICE), MailFault.DEFER)
    yield faults
    faults.clear()


async def test_person_erased_while_everything_runs_is_readable_nowhere_and_everything_goes_on(
    hub: Hub, processes: Processes, scene: Scene, stack: RunningStack, mails_deferred: MailFaults
) -> None:
    pool, subject = hub.database.pool, scene.subjects[HER]
    scene.people = range(6)
    poison = await Poison.in_database(pool)
    (poisoned,) = await poison.inject((HER, 2))
    processes.start("deliver", HUB_DELIVER__FIRST_WAIT="PT0.2S", HUB_DELIVER__MOST_WAIT="PT1S")
    await processes.up("intake", "relay", "consume")
    await scene.open_dossiers()
    load = Load(scene)
    await load.send(5)
    await at_rest(hub)

    assert await readable(hub, PERSONAL) == []
    assert {"topic cia-claims", "table timeline"} <= {
        *await readable(hub, forms(subject))
    }  # it does find what is there
    hers, others = await sealed_of(hub, subject), await sealed_of(hub, scene.subjects[OTHER])
    could = await opened(hub, hers)
    assert could.keys() >= EVERYWHERE
    assert could == {place: len(boxes) for place, boxes in hers.items() if boxes}

    load.pace = 0.1
    async with load.going_on():
        erased = processes.command("person", "erase", subject, "--yes", "--json")
        assert erased.returncode == 0, erased.stderr
        assert json.loads(erased.stdout)["documents"] >= 6
        assert set((await opened(hub, hers)).values()) == {0}
        await poison.mend(poisoned)
        (letter,) = [row[0] for row in await pool.fetch("SELECT id FROM dead_letter WHERE origin = 'record'")]
        assert not (await hub.replay.letter(letter)).parked
        mails_deferred.clear()
    await at_rest(hub)

    picture = await seen(hub)
    assert (problems(load.people(), picture), dict(picture.parked)) == ([], {})
    assert set((await opened(hub, hers)).values()) == {0}
    assert all((await opened(hub, others)).values())
    assert await readable(hub, PERSONAL) == []
    assert not any(one in processes.texts().encode() for one in PERSONAL)
    told_since = [one for one in (await sealed_of(hub, subject))["kafka"] if one.box.startswith("2.")]
    assert told_since
    assert None not in await hub.vault.open_many(told_since), "what is told of her now has a new key"
    await _mails_go_to_others_alone(hub, scene, stack)
    await _partners_see_that_she_is_gone(scene, told_before=len(hers["projection_claim"]))


async def _mails_go_to_others_alone(hub: Hub, scene: Scene, stack: RunningStack) -> None:
    pool = hub.database.pool

    async def settled() -> bool:
        return not await pool.fetchval("SELECT EXISTS (SELECT FROM delivery WHERE state IN ('waiting', 'sending'))")

    await until(settled, "every delivery to end")
    rows = await pool.fetch("SELECT subject, state || ' ' || coalesce(reason, '') FROM delivery")
    ended = {row[0]: row[1] for row in rows}
    assert ended.pop(scene.subjects[HER]) == "failed subject-erased"
    assert set(ended.values()) == {"done "}
    mails = [
        mail.text or "" for mail in MailArchive(stack.home / "mails").list() if scene.dossier(OTHER) in mail.subject
    ]
    assert [name_of(OTHER) in text for text in mails] == [True]
    assert not [mail for mail in MailArchive(stack.home / "mails").list() if scene.dossier(HER) in mail.subject]


async def _partners_see_that_she_is_gone(scene: Scene, *, told_before: int) -> None:
    dossier = (await scene.cpas.get(f"/v1/dossiers/{scene.dossier(HER)}")).json()
    assert (dossier["client"], dossier["state"]) == (None, "open")
    assert dossier["totals"]["claims"] >= told_before
    claims = (await scene.office.get(f"/v1/dossiers/{scene.dossier(HER)}/claims", limit=500)).json()["claims"]
    assert any(claim["erased"] and claim["details"] is None for claim in claims)
    feed = (await scene.office.get("/v1/feed", types="be.mediationhub.office.invited.v1", limit=100)).json()
    invited = {event["data"]["dossier"]: event for event in feed}
    assert (invited[scene.dossier(HER)]["erased"], "niss" in invited[scene.dossier(HER)]["data"]) == (True, False)
    assert invited[scene.dossier(OTHER)]["data"]["niss"] == niss_of(OTHER)
    other = (await scene.cpas.get(f"/v1/dossiers/{scene.dossier(OTHER)}")).json()
    assert other["client"]["name"] == name_of(OTHER)
