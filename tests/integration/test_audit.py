"""The audit is a chain: whoever changes, removes or cuts entries is found."""

import asyncio
import random

import pytest

from hub.application.audit import Deed, verify
from hub.bootstrap.hub import Hub

pytestmark = pytest.mark.integration


def deed(number: int) -> Deed:
    return Deed(who="anna", verb="skip", what=f"letter {number}", reason="no longer wanted", detail={"n": number})


async def test_chain_of_many_writers_is_unbroken(hub: Hub) -> None:
    await asyncio.gather(*(hub.audit.note([deed(number), deed(number + 1)]) for number in range(0, 40, 2)))

    found = await verify(hub.audit)

    assert (found.entries, found.broken) == (40, None)


@pytest.mark.parametrize("column", ["who", "verb", "what", "outcome", "reason", "detail"])
async def test_one_changed_field_is_found(hub: Hub, column: str) -> None:
    await hub.audit.note([deed(number) for number in range(10)])
    changed = random.Random(column).randint(1, 10)
    await hub.database.pool.execute(f"UPDATE audit SET {column} = {column} || ' ' WHERE seq = $1", changed)

    found = await verify(hub.audit)

    assert (found.broken, found.entries) == (changed, changed - 1)


async def test_removed_entry_and_moved_moment_are_found(hub: Hub) -> None:
    await hub.audit.note([deed(number) for number in range(5)])
    await hub.database.pool.execute("UPDATE audit SET at = at + interval '1 microsecond' WHERE seq = 4")
    assert (await verify(hub.audit)).broken == 4

    await hub.database.pool.execute("DELETE FROM audit WHERE seq = 2")
    found = await verify(hub.audit)
    assert (found.broken, found.why) == (3, "entry 2 is missing")


async def test_cut_end_is_found_by_who_noted_it_down(hub: Hub) -> None:
    await hub.audit.note([deed(number) for number in range(5)])
    end = await verify(hub.audit)
    await hub.database.pool.execute("DELETE FROM audit WHERE seq = 5")

    assert (await verify(hub.audit)).broken is None
    assert (await verify(hub.audit, known=(5, end.head))).broken == 5


async def test_entries_are_read_page_by_page_from_the_newest(hub: Hub) -> None:
    await hub.audit.note([deed(number) for number in range(5)])

    first = await hub.audit.listed(before=None, who="anna", what=None, limit=2)
    second = await hub.audit.listed(before=first[-1]["seq"], who=None, what=None, limit=2)

    assert [row["seq"] for row in (*first, *second)] == [5, 4, 3, 2]
    assert await hub.audit.listed(before=None, who="bert", what=None, limit=2) == []
