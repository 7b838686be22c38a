"""How far behind a group is: a number an administrator can trust while nobody consumes."""

import pytest

from hub.adapters.kafka.lag import lag_of
from hub.bootstrap.hub import Hub
from tests.integration.test_log import histories, worker
from tests.support.waiting import until

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("topics_ready")]


async def test_records_nobody_acknowledged_are_counted_and_gone_once_handled(hub: Hub) -> None:
    _, rows = histories(3)
    await hub.publisher.publish(rows)
    handled = {"hub.notices": ("dossier-events", "fca-notices")}

    before = await lag_of(hub.where.kafka, handled)
    subscriber = hub.subscriber("hub.notices", worker(hub).handle)
    await subscriber.start()

    async def all_handled() -> bool:
        return bool(sum(int(str(one["lag"])) for one in await lag_of(hub.where.kafka, handled)) == 0)

    await until(all_handled, "every record to be acknowledged")
    await subscriber.stop()
    assert {str(one["topic"]): one["lag"] for one in before} == {"dossier-events": 0, "fca-notices": len(rows)}
