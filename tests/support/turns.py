"""Whose turn it is when several workers share the tests (``pytest -n``): most run beside each other, some alone."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def turn(config: pytest.Config, *, alone: bool) -> Iterator[None]:
    """While it lasts no other worker runs a test that is alone; when this one is, no test at all.

    Whoever waits holds the door meanwhile, so that the others, one test after the other, do not keep it waiting.
    """
    if not hasattr(config, "workerinput"):
        yield
        return
    shared = Path(config.getoption("basetemp")).parent  # the folder of each worker is in it
    with (shared / "door").open("w") as door, (shared / "room").open("w") as room:
        fcntl.flock(door, fcntl.LOCK_EX)
        fcntl.flock(room, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        if not alone:
            fcntl.flock(door, fcntl.LOCK_UN)
        yield
