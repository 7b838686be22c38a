"""A bad release must not empty a topic into its dead letters: at the ceiling the group stops, durably."""

import pytest

from hub.bootstrap.hub import Hub
from hub.domain.messaging.ceiling import Ceiling
from hub.entrypoints.consumer import GroupWorker
from tests.integration.test_consume import OTHER, PERSON, notice, strike

pytestmark = pytest.mark.integration


async def test_group_that_reaches_its_ceiling_stays_stopped_until_an_administrator_resumes_it(hub: Hub) -> None:
    worker = GroupWorker(
        hub.consume("hub.notices"),
        clock=hub.clock,
        ceiling=Ceiling(failures=3, share=0.5),
        backoff=hub.backoff,
        done=lambda _group, _report, _seconds: None,
        waited=lambda _group: None,
        stop=hub.stops.stop,
    )

    await worker.handle([strike(f"p{number:032x}", "A") for number in range(2)])
    await worker.handle([notice(PERSON, "A"), notice(OTHER, "B")])  # a sound batch: all is forgotten
    await worker.handle([strike(f"p{number:032x}", "A") for number in range(10, 12)])
    assert await hub.stops.stopped() == {}
    await worker.handle([strike(f"p{number:032x}", "A") for number in range(20, 22)])

    assert await hub.stops.stopped() == {"hub.notices": "4 dead letters in a row"}
    assert await hub.stops.resume("hub.notices")
    assert await hub.stops.stopped() == {}
    assert not await hub.stops.resume("hub.notices")
