"""Consumers killed while settlements reach dossiers and offices: each is told once, of its own, and mailed once."""

import json
from collections import Counter

import pytest

from hub.bootstrap.hub import Hub
from hub.settings import Settings
from tests.chaos.test_killed import AFTER_COMMIT, dsn_of
from tests.integration.intake_parts import count, door, key_of
from tests.integration.test_rcd import PATH
from tests.support.documents import niss_of
from tests.support.picture import at_rest
from tests.support.processes import Processes
from tests.support.scene import CPAS, OFFICE, Scene
from tests.support.tripwire import tripwire

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(240), pytest.mark.usefixtures("topics_ready")]
_HEAD = 'xmlns="urn:be:mediationhub:justrestart:1" sender="register" sentAt="2026-06-01T18:00:00+02:00"'
_ACTS = (
    '<Act case="2026/LIEGE/{n}" reference="f" act="petition-filed" at="2026-01-05T09:00:00+01:00"/>'
    '<Act case="2026/LIEGE/{n}" reference="a" act="admitted" at="2026-01-12T09:00:00+01:00" niss="{niss}"/>'
    '<Act case="2026/LIEGE/{n}" reference="p" act="avis-posted" at="2026-01-13T09:00:00+01:00"/>'
)


async def test_consumers_killed_between_the_register_and_the_dossiers_tell_each_of_them_once(
    hub: Hub, settings: Settings, processes: Processes, scene: Scene
) -> None:
    async with tripwire(dsn_of(settings)) as wire:
        await processes.up("relay", "intake")
        consume = await processes.start("consume").up()
        await scene.open_dossiers()
        await at_rest(hub)
        consume.kill()
        await _admissions(hub, scene)
        for _ in range(3):  # in the groups of the cases, of the notices, of the dossiers
            wire.arm(AFTER_COMMIT)
            doomed = processes.start("consume", HUB_POSTGRES__DSN=wire.dsn)
            await wire.tripped()
            doomed.kill()
        await processes.up("consume")
        await at_rest(hub)

    told = await _told(hub, CPAS, "be.mediationhub.closing.proposed.v1")
    assert Counter(one["dossier"] for one in told) == Counter(scene.dossier(n) for n in scene.people)
    avis = await _told(hub, OFFICE, "be.mediationhub.rcd-avis.told.v1")
    assert Counter(one["notices"][0] for one in avis) == Counter(f"2026-{n:06d}" for n in scene.people)
    assert await count(hub, "delivery", "effect LIKE 'settlement/%'") == len(scene.people)
    assert await count(hub, "dead_letter") == 0


async def _admissions(hub: Hub, scene: Scene) -> None:
    items = "".join(_ACTS.format(n=n, niss=niss_of(n)) for n in scene.people)
    async with door(hub, await key_of(hub, "register", "register", ["justrestart"])) as register:
        body = f'<Acts {_HEAD} messageId="admissions">{items}</Acts>'.encode()
        answer = await register.post(PATH, content=body, headers={"content-type": "application/xml"})
    assert answer.status_code == 201, answer.text


async def _told(hub: Hub, institution: str, kind: str) -> list[dict[str, str]]:
    rows = await hub.database.pool.fetch(
        "SELECT value FROM feed WHERE institution = $1 AND type = $2", institution, kind
    )
    return [json.loads(row["value"]) for row in rows]
