import asyncio
from collections.abc import Sequence

import pytest

from hub.application.intake.batch import Batch
from hub.domain.messaging.errors import RefusalError, TransientError

pytestmark = pytest.mark.unit


class Work:
    """Doubles numbers when let; remembers its batches. 13 cannot be doubled, 99 means the database is away."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.gate, self.begun = asyncio.Event(), asyncio.Event()
        self.gate.set()

    async def __call__(self, items: Sequence[int]) -> Sequence[int]:
        self.batches.append(list(items))
        self.begun.set()
        await self.gate.wait()
        if 99 in items:
            raise TransientError("away")
        if 13 in items:
            raise RefusalError("thirteen")
        return [2 * item for item in items]


async def test_lone_caller_does_not_wait_for_company() -> None:
    work = Work()
    assert await Batch(work).put(4) == 8
    assert work.batches == [[4]]


async def test_callers_that_come_during_a_write_share_the_next_one() -> None:
    work = Work()
    batch = Batch(work, most=10, lanes=1)
    work.gate.clear()
    first = asyncio.create_task(batch.put(0))
    await work.begun.wait()
    others = [asyncio.create_task(batch.put(n)) for n in range(20, 35)]
    await asyncio.sleep(0)
    work.gate.set()
    assert await asyncio.gather(first, *others) == [0, *(2 * n for n in range(20, 35))]
    assert [len(one) for one in work.batches] == [1, 10, 5]


async def test_one_that_cannot_be_written_does_not_fail_the_others() -> None:
    batch = Batch(Work(), lanes=1)
    results = await asyncio.gather(*(batch.put(n) for n in (1, 13, 3)), return_exceptions=True)
    assert (results[0], results[2]) == (2, 6)
    assert isinstance(results[1], RefusalError)


async def test_database_that_is_away_is_told_to_everybody_without_trying_each() -> None:
    work = Work()
    batch = Batch(work, lanes=1)
    results = await asyncio.gather(*(batch.put(n) for n in (1, 99, 3)), return_exceptions=True)
    assert all(isinstance(one, TransientError) for one in results)
    assert work.batches == [[1, 99, 3]]
    assert await batch.put(5) == 10


async def test_caller_that_goes_away_does_not_disturb_the_others() -> None:
    work = Work()
    batch = Batch(work, lanes=1)
    work.gate.clear()
    tasks = [asyncio.create_task(batch.put(n)) for n in range(3)]
    await work.begun.wait()
    tasks[1].cancel()
    await asyncio.sleep(0)
    work.gate.set()
    assert (await tasks[0], await tasks[2]) == (0, 4)
