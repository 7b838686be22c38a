"""Tests that workers share: who is alone waits for all and lets nobody in."""

from pathlib import Path
from threading import Event, Thread

from tests.support.turns import turn

SOON, NOT = 10.0, 0.1
"""Seconds: within the first something happens; what has not happened within the other waits."""


def another(shared: Path, *, alone: bool) -> Event:
    """Another worker's test; set when it has begun."""
    begun = Event()

    def run() -> None:
        with turn(shared, alone=alone):
            begun.set()

    Thread(target=run, daemon=True).start()
    return begun


def test_tests_run_beside_each_other(tmp_path: Path) -> None:
    with turn(tmp_path, alone=False):
        assert another(tmp_path, alone=False).wait(SOON)


def test_test_that_is_alone_lets_nobody_begin(tmp_path: Path) -> None:
    with turn(tmp_path, alone=True):
        waiting = [another(tmp_path, alone=False), another(tmp_path, alone=True)]
        assert [one.wait(NOT) for one in waiting] == [False, False]
    assert [one.wait(SOON) for one in waiting] == [True, True]


def test_test_that_is_alone_comes_before_those_that_come_later(tmp_path: Path) -> None:
    with turn(tmp_path, alone=False):
        alone = another(tmp_path, alone=True)
        assert not alone.wait(NOT)
        later = another(tmp_path, alone=False)
        assert not later.wait(NOT)
    assert alone.wait(SOON)
    assert later.wait(SOON)
