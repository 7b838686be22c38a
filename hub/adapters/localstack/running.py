"""A stack that runs, seen from any process: its addresses, and the blows that chaos tests deal it."""

import contextlib
import os
import signal
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from hub.adapters.localstack.probes import Probe, kafka_answers, postgres_answers, smtp_answers, wait_until
from hub.adapters.localstack.processes import ProcessIdentity, end_all, processes_of, wait_gone
from hub.adapters.localstack.state import Addresses, read_state, remove_state

_ENDS_WITHIN = 15.0
_PROBES: dict[str, Probe] = {"kafka": kafka_answers, "postgres": postgres_answers, "smtp": smtp_answers}


def hold_file(home: Path, name: str) -> Path:
    """While this file exists, the stack does not start a dead server again."""
    return home / f"{name}.hold"


@dataclass(frozen=True, kw_only=True, slots=True)
class RunningStack:
    """A stack found in ``home``; ``owner`` is the process that started it."""

    home: Path
    owner: ProcessIdentity
    addresses: Addresses

    def pids(self) -> dict[str, int]:
        """The pids of the servers that are alive now, by name."""
        state = read_state(self.home)
        servers = state.servers if state else {}
        return {name: identity.pid for name, identity in servers.items() if identity.process()}

    async def answers(self, name: str) -> bool:
        """Whether ``kafka``, ``postgres`` or ``smtp`` serves clients now."""
        address = getattr(self.addresses, name)
        if not address:
            return False
        parts = urlsplit(address if "://" in address else f"//{address}")
        return await _PROBES[name](parts.hostname or "", parts.port or 0)

    async def answering(self, name: str, *, within: float = 30.0) -> bool:
        """Wait until it serves clients, so many seconds at most."""
        return await wait_until(lambda: self.answers(name), within)

    def kill_kafka(self, *, stay_down: bool = False) -> int:
        """SIGKILL to Kafka; the stack restarts it unless ``stay_down``. The answer is the pid killed."""
        return self._kill("kafka", stay_down=stay_down)

    def kill_postgres(self, *, stay_down: bool = False) -> int:
        """SIGKILL to PostgreSQL; the stack restarts it unless ``stay_down``. The answer is the pid killed."""
        return self._kill("postgres", stay_down=stay_down)

    async def start_kafka(self, *, within: float = 30.0) -> bool:
        """Let Kafka that was kept down come back; whether it answered in time (seconds)."""
        return await self._start("kafka", within)

    async def start_postgres(self, *, within: float = 30.0) -> bool:
        """Let PostgreSQL that was kept down come back; whether it answered in time (seconds)."""
        return await self._start("postgres", within)

    def _kill(self, name: str, *, stay_down: bool) -> int:
        if stay_down:
            hold_file(self.home, name).touch()
        pid = self.pids().get(name, 0)
        if pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return pid

    async def _start(self, name: str, within: float) -> bool:
        hold_file(self.home, name).unlink(missing_ok=True)
        return await self.answering(name, within=within)


def find(home: Path) -> RunningStack | None:
    """The stack that runs in this home, started by whatever process; ``None`` when none does."""
    state = read_state(home.resolve())
    if state is None:
        return None
    return RunningStack(home=home.resolve(), owner=state.owner, addresses=state.addresses)


def stop(home: Path) -> bool:
    """End the stack of this home, whatever process owns it; whether one ran. Waits (call it from a thread)."""
    home = home.resolve()
    found = find(home)
    owner = found and found.owner.process()
    if owner:
        owner.terminate()
        wait_gone([owner], _ENDS_WITHIN * 2)
    left = processes_of(home)
    if not wait_gone(left, _ENDS_WITHIN if owner else 0.0):
        end_all(left, _ENDS_WITHIN)
    if owner and owner.is_running():
        end_all([owner], 0.0)
    remove_state(home)
    return bool(owner or left)
