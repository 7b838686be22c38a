"""``hub dlq reveal``: closed fields of a letter, by right and for a purpose."""

import pytest

from hub.bootstrap.hub import Hub
from hub.settings import Settings
from tests.integration.test_consume import count
from tests.integration.test_institution_command import run
from tests.support.console import bad_day
from tests.support.documents import niss_of

pytestmark = pytest.mark.integration


async def test_field_is_revealed_on_the_command_line(
    hub: Hub, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bad_day(hub)
    letter = await hub.database.pool.fetchval(
        "SELECT id FROM dead_letter WHERE source LIKE '%fca%' AND origin = 'record' ORDER BY key"
    )
    words = ("dlq", "reveal", str(letter), "--field", "debtor_identifier", "--json")

    denied = run(settings, *words, "--purpose", "call 4711", code=3)
    monkeypatch.setenv("HUB_REVEAL__ALLOWED", "true")
    silent = run(settings, *words, code=3)
    opened = run(settings, *words, "--purpose", "call 4711")

    assert "may not see personal data" in denied
    assert "purpose" in silent
    assert opened["debtor_identifier"] in {niss_of(n) for n in (1, 2, 3)}
    assert await count(hub, "audit", "verb = 'reveal' AND outcome = 'done' AND reason = 'call 4711'") == 1
    assert await count(hub, "audit", "verb = 'reveal' AND outcome = 'denied'") == 1
