"""Operating-system processes: who is who, which belong to a home, how they end.

Every server carries ``MEDIATION_HUB_STACK=<home>|<run>`` in its environment, so that what a killed parent
left behind is found without having been written down first.
"""

import contextlib
import os
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import psutil

MARKER = "MEDIATION_HUB_STACK"
_CLOCK_TOLERANCE = 2.0


@dataclass(frozen=True, kw_only=True, slots=True)
class ProcessIdentity:
    """A process, not to be mistaken for a later one with the same pid. ``created``: epoch seconds."""

    pid: int
    created: float

    @classmethod
    def of(cls, pid: int) -> Self:
        """The identity of a living process (of a dead one: a creation time nothing will match)."""
        try:
            return cls(pid=pid, created=psutil.Process(pid).create_time())
        except psutil.NoSuchProcess:
            return cls(pid=pid, created=0.0)

    def process(self) -> psutil.Process | None:
        """The process, if it is alive and still the same one."""
        try:
            found = psutil.Process(self.pid)
            same = abs(found.create_time() - self.created) < _CLOCK_TOLERANCE
            return found if same and found.status() != psutil.STATUS_ZOMBIE else None
        except psutil.NoSuchProcess:
            return None


def marked_environment(home: Path, run: str) -> dict[str, str]:
    """The environment for a server of this home and run."""
    return {**os.environ, MARKER: f"{home}|{run}"}


def _marker_of(process: psutil.Process) -> str:
    try:
        return process.environ().get(MARKER, "")
    except (psutil.Error, OSError):
        return ""


def processes_of(home: Path, run: str = "") -> list[psutil.Process]:
    """The living servers of a home; of one run of it only, when given."""
    wanted = f"{home}|{run}"
    return [process for process in psutil.process_iter() if _marker_of(process).startswith(wanted)]


def _first_signal(process: psutil.Process) -> signal.Signals:
    """What asks it to end soon and cleanly: PostgreSQL's fast shutdown is SIGINT."""
    return signal.SIGINT if process.name().startswith("postgres") else signal.SIGTERM


def end_all(processes: Sequence[psutil.Process], grace: float) -> None:
    """End processes cleanly, after ``grace`` seconds forcibly. Waits (call it from a thread)."""
    for process in processes:
        with contextlib.suppress(psutil.Error):
            process.send_signal(_first_signal(process))
    _, alive = psutil.wait_procs(processes, timeout=grace)
    for process in alive:
        with contextlib.suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(alive, timeout=grace)


def wait_gone(processes: Sequence[psutil.Process], within: float) -> bool:
    """Whether all of them ended in time (seconds). Waits (call it from a thread)."""
    began = time.monotonic()
    _, alive = psutil.wait_procs(processes, timeout=within)
    return not alive and time.monotonic() - began <= within + 1
