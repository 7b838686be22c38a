"""Processes killed with SIGKILL where it hurts: what a receipt promises happens once, in order."""

import asyncio
import random
from collections import Counter
from collections.abc import Sequence

import pytest

from hub.adapters.localstack.mail_archive import Mail, MailArchive
from hub.adapters.localstack.running import RunningStack
from hub.bootstrap.hub import Hub
from hub.settings import Settings
from tests.support import documents
from tests.support.history import problems
from tests.support.load import Load
from tests.support.partner import event_ids
from tests.support.picture import at_rest, seen
from tests.support.processes import Processes
from tests.support.scene import OFFICE, Scene
from tests.support.tripwire import Place, Tripwire, tripwire
from tests.support.waiting import until

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(180), pytest.mark.usefixtures("topics_ready")]

AFTER_COMMIT = Place(marks=(b"hub_outbox", b"COMMIT"), arrives=True)
"""The transaction that made events is committed; its process never learns it."""
BEFORE_REMOVAL = Place(marks=(b"value FROM outbox", b"DELETE FROM outbox"), arrives=False)
"""Kafka has acknowledged; the outbox still holds the events."""
BEFORE_LEDGER = Place(marks=(b"INSERT INTO effect",), arrives=False)
"""The mail server has accepted; the ledger does not know."""


def dsn_of(settings: Settings) -> str:
    assert settings.postgres.dsn
    return settings.postgres.dsn.get_secret_value()


SINGLE = documents.claim("once", 1, "R-1", 1, 12_345, office=OFFICE)
BULK = documents.synchronisation(
    "bulk", 1, [documents.claim_element(n, f"B-{n}", 1, 500 + n, office=OFFICE) for n in range(200)], office=OFFICE
)


@pytest.mark.parametrize(("content", "events"), [(SINGLE, 1), (BULK, 201)], ids=["single", "bulk"])
async def test_intake_killed_after_commit_before_its_answer_gives_the_resent_document_the_same_receipt(
    hub: Hub, settings: Settings, processes: Processes, scene: Scene, *, content: bytes, events: int
) -> None:
    pool = hub.database.pool
    async with tripwire(dsn_of(settings)) as wire:
        intake = await processes.start("intake", HUB_POSTGRES__DSN=wire.dsn).up()
        wire.arm(AFTER_COMMIT)
        sending = asyncio.create_task(scene.office.document("cia", content))
        await wire.tripped()

        async def committed() -> bool:
            return bool(await pool.fetchval("SELECT EXISTS (SELECT FROM document)"))

        await until(committed, "the document to be committed")
        intake.kill()
        assert not sending.done()

        await processes.start("intake").up()
        receipt = await sending

    (stored,) = await pool.fetch("SELECT id, state, events FROM document")
    assert (receipt["jti"], stored["state"], stored["events"]) == (str(stored["id"]), "accepted", events)
    assert scene.office.failures > 0, "the partner never lost an answer"
    waiting = await pool.fetch("SELECT (headers::jsonb ->> 'id')::uuid FROM outbox ORDER BY seq")
    assert [row[0] for row in waiting] == event_ids(receipt)


async def test_relay_killed_after_sending_before_removing_again_and_again_has_one_effect_in_order(
    hub: Hub, settings: Settings, processes: Processes, scene: Scene
) -> None:
    async with tripwire(dsn_of(settings)) as wire:
        first, *_ = await processes.up("relay", "intake", "consume")
        await scene.open_dossiers()
        load = Load(scene, pace=0.3)
        async with load.going_on():
            first.kill()
            for _ in range(3):
                await _killed_at(wire, BEFORE_REMOVAL, processes, "relay")
            await processes.up("relay", "relay")
        await at_rest(hub)

    assert problems(load.people(), await seen(hub)) == []
    sent = Counter([record.headers async for record in hub.tail(["cia-claims"], beginning=True, follow=False)])
    assert max(sent.values()) > 1, "no relay died between sending and removing"
    assert load.accepted > 200


async def _killed_at(wire: Tripwire, place: Place, processes: Processes, name: str, **variables: str) -> None:
    """Start a process that reaches a place, and kill it there."""
    wire.arm(place)
    doomed = processes.start(name, HUB_POSTGRES__DSN=wire.dsn, **variables)
    await wire.tripped()
    doomed.kill()


async def test_consumers_killed_after_commit_before_acknowledgement_and_at_random_have_one_effect_in_order(
    hub: Hub, settings: Settings, processes: Processes, scene: Scene
) -> None:
    dice = random.Random(7)
    async with tripwire(dsn_of(settings)) as wire:
        await processes.up("intake", "relay", "consume")
        await scene.open_dossiers()
        load = Load(scene, pace=0.3)
        async with load.going_on():
            _, other = await asyncio.gather(
                _killed_at(wire, AFTER_COMMIT, processes, "consume"), processes.start("consume").up()
            )
            await asyncio.sleep(dice.uniform(0.1, 1.0))
            other.kill()
            again = await processes.start("consume").up()
            await asyncio.sleep(dice.uniform(0.1, 1.0))
            again.kill()
            await processes.start("consume").up()
        await at_rest(hub)

    assert problems(load.people(), await seen(hub)) == []
    assert load.accepted > 200


async def test_deliver_killed_after_the_server_accepted_sends_the_mail_again_under_its_message_id_and_says_so(
    hub: Hub, settings: Settings, processes: Processes, scene: Scene, stack: RunningStack
) -> None:
    pool, dossier = hub.database.pool, scene.dossier(0)
    scene.people = (0,)
    lease = {"HUB_DELIVER__LEASE": "PT3S"}
    async with tripwire(dsn_of(settings)) as wire:
        await processes.up("intake", "relay", "consume")
        await scene.open_dossiers()
        await _killed_at(wire, BEFORE_LEDGER, processes, "deliver", **lease)
        accepted = mails_about(stack, dossier)
        assert await pool.fetchval("SELECT count(*) FROM effect") == 0
        await processes.start("deliver", **lease).up()

        async def told() -> bool:
            return bool(await pool.fetchval("SELECT EXISTS (SELECT FROM effect)"))

        await until(told, "the mail to be in the ledger")
        await at_rest(hub)

    assert len(accepted) == 1
    assert [mail.message_id for mail in mails_about(stack, dossier)] == [accepted[0].message_id] * 2
    delivery = await pool.fetchrow("SELECT state, attempts, possibly_doubled FROM delivery")
    assert tuple(delivery or ()) == ("done", 2, True)
    outcomes = [record.value async for record in hub.tail(["mail-outcomes"], beginning=True, follow=False)]
    assert [b'"possibly_doubled":true' in (value or b"") for value in outcomes] == [True]


def mails_about(stack: RunningStack, dossier: str) -> Sequence[Mail]:
    """Mails of this test alone: dossiers are pseudonyms under its own secret."""
    return [mail for mail in MailArchive(stack.home / "mails").list() if dossier in mail.subject]
