"""Whose turn it is when several workers share the tests (``pytest -n``): most run beside each other, some alone."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def turn(shared: Path, *, alone: bool) -> Iterator[None]:
    """While it lasts no other worker runs a test that is alone; when this one is, no test at all.

    Whoever waits holds the door meanwhile, so that the others, one test after the other, do not keep it waiting.
    ``shared`` is a folder of all workers; a worker that dies lets go.
    """
    with (shared / "door").open("w") as door, (shared / "room").open("w") as room:
        fcntl.flock(door, fcntl.LOCK_EX)
        fcntl.flock(room, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        if not alone:
            fcntl.flock(door, fcntl.LOCK_UN)
        yield
