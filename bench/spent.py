"""Processor time of everything that runs: who needs how much of it for an event.

It holds on a machine that does other work too, and it bounds the rate: cores divided by the sum.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from hub.adapters.localstack.running import find

Seconds = dict[str, float]


class Spent:
    """Processor seconds by name, added up over blocks. ``pids``: the measured processes that run now."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self.pids: dict[int, str] = {}
        self._seconds: Seconds = {}
        self._events = 0

    @contextmanager
    def counting(self, events: int) -> Iterator[None]:
        """What is spent in the block is spent on so many events."""
        before = self._now()
        yield
        for name, seconds in self._now().items():
            self._seconds[name] = self._seconds.get(name, 0.0) + seconds - before.get(name, 0.0)
        self._events += events

    def each_us(self) -> Mapping[str, float]:
        """Microseconds an event by name, their sum last; begins anew."""
        found = {f"{name}_cpu_us": seconds / self._events * 1e6 for name, seconds in sorted(self._seconds.items())}
        found["all_cpu_us"] = sum(found.values())
        self._seconds, self._events = {}, 0
        return {name: round(each, 1) for name, each in found.items()}

    def _now(self) -> Seconds:
        stack = find(self._home)
        servers = {pid: name for name, pid in (stack.pids() if stack else {}).items()}
        found: Seconds = {}
        for pid, name in (servers | self.pids).items():
            found[name] = found.get(name, 0.0) + _tree(pid)
        return found


def _tree(pid: int) -> float:
    """Processor seconds of a process and of those it started that still live."""
    total = 0.0
    with suppress(psutil.NoSuchProcess):
        root = psutil.Process(pid)
        for one in (root, *root.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                times = one.cpu_times()
                total += times.user + times.system
    return total
