"""Search over dead letters: metadata for everyone, readable content with the right, sealed parts never."""

from uuid import UUID

import httpx
import pytest

from hub.application.dead_letters.body import body_of
from hub.application.dead_letters.selection import Selection
from hub.application.reveal import RevealRefusedError
from hub.bootstrap.hub import Hub
from tests.integration.broken import GROUP, number_of, of, person, release
from tests.integration.test_console_flows import letter_of_the_chamber
from tests.integration.test_consume import count
from tests.support.console import Visit, bad_day, browser_of, console_of, visit_of
from tests.support.documents import niss_of

pytestmark = pytest.mark.integration


@pytest.fixture
async def three(hub: Hub) -> None:
    """Letters of notices N-1, N-2, N-3, each of another person."""
    with release(hub, lambda event: number_of(event).startswith("N-")):
        for n in (1, 2, 3):
            await hub.consume(GROUP).handle(of(person(n), f"N-{n}"))


async def found(hub: Hub, body: str, *, allowed: bool = True) -> int:
    page = await hub.search_letters.page(Selection(), after=None, limit=9, body=body, who="anna", allowed=allowed)
    return len(page.letters)


@pytest.mark.usefixtures("three")
async def test_readable_content_is_found_with_the_right_and_what_was_typed_is_kept_nowhere(hub: Hub) -> None:
    numbers = [await found(hub, one) for one in ("N-2", '"notice":"N-', "n-2", "100%", "")]

    assert numbers == [1, 3, 0, 0, 3]
    with pytest.raises(RevealRefusedError) as refused:
        await found(hub, "N-2", allowed=False)
    assert refused.value.rule == "search-not-allowed"
    assert await count(hub, "audit", "verb = 'search' AND outcome = 'done'") == 4
    assert await count(hub, "audit", "verb = 'search' AND outcome = 'denied'") == 1
    rows = await hub.database.pool.fetch("SELECT audit::text FROM audit WHERE verb = 'search'")
    assert not any("N-2" in row[0] for row in rows)


async def test_sealed_parts_are_never_found(hub: Hub) -> None:
    await bad_day(hub, persons=1)
    niss = niss_of(1)
    letter = await letter_of_the_chamber(hub)
    row = await hub.letter_reads.letter(UUID(letter))
    assert row is not None

    assert "debtor_identifier" in body_of(row).closed
    assert await found(hub, niss) == 0
    assert await found(hub, "debtor_identifier") == 0


@pytest.mark.usefixtures("three")
async def test_console_searches_contents_for_those_who_may_reveal_them(hub: Hub) -> None:
    async with console_of(hub) as url, browser_of() as browser:
        async with visit_of(browser, url, "olga") as olga:
            await _searched(olga)
        async with visit_of(browser, url, "victor") as victor:
            page = await victor.go("/letters")
            assert await page.locator("#body").count() == 0
            answer = await victor.context.request.get(f"{url}/letters?body=N-2")
            assert answer.status == httpx.codes.CONFLICT
            assert "operator or approver" in await answer.text()


async def _searched(olga: Visit) -> None:
    page = await olga.go("/letters")
    await page.fill("#body", "N-2")
    await page.get_by_role("button", name="Filter").first.click()
    await page.wait_for_url("**body=N-2**")
    assert await page.locator("tbody tr").count() == 1
    assert await page.locator("#scope option").all_inner_texts() == ["the chosen letters"]
    assert await page.get_by_text("sealed parts never are").count() == 1
