"""Real processes of the hub (``python -m hub intake`` …) that a test starts, watches and kills."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from hub.entrypoints.processes import command
from hub.settings import Settings
from tests.support.waiting import until


class HubProcess:
    """One process; its log is JSON, a line an entry."""

    def __init__(self, name: str, argv: tuple[str, ...], env: Mapping[str, str], log: Path) -> None:
        self.name = name
        self._home, self._log = Path(env["HUB_HOME"]), log
        with log.open("wb") as stream:
            self._process = subprocess.Popen([*command(name), *argv], env=env, stdout=stream, stderr=subprocess.STDOUT)

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._process.poll() is None

    def text(self) -> str:
        """All it said."""
        return self._log.read_text(encoding="utf-8")

    def log(self) -> list[dict[str, Any]]:
        """Entries of its log; what is no JSON (a traceback) is left out."""
        return [json.loads(line) for line in self.text().splitlines() if line.startswith("{")]

    async def up(self, within: float = 60.0) -> "HubProcess":
        """Wait until it says where it answers."""
        file = self._home / "run" / f"{self.name}-{self._process.pid}.json"
        wanted = {"intake": "http", "console": "console"}.get(self.name, "probe")

        async def announced() -> bool:
            assert self.alive, f"{self.name} ended with {self._process.returncode}:\n{self.text()[-4000:]}"
            return file.exists() and wanted in json.loads(file.read_text())

        await until(announced, f"{self.name} to be up", within=within)
        return self

    def kill(self) -> None:
        """SIGKILL."""
        self._process.kill()
        assert self._process.wait(10) == -signal.SIGKILL

    async def ended(self, within: float = 30.0) -> int:
        """Its exit code, once it ended by itself."""

        async def over() -> bool:
            return not self.alive

        await until(over, f"{self.name} to end", within=within)
        return int(self._process.returncode)

    def cpu(self) -> float:
        """Seconds of CPU it used so far."""
        used = psutil.Process(self._process.pid).cpu_times()
        return float(used.user + used.system)

    def ask_to_end(self) -> None:
        """SIGTERM."""
        if self.alive:
            self._process.terminate()

    def end(self, within: float = 20.0) -> bool:
        """Wait for its end, or kill it; whether it ended by itself."""
        try:
            self._process.wait(within)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(10)
            return False
        return True


class Processes:
    """Starts processes of one hub; ``settings`` may be changed a process at a time by ``HUB_…`` variables."""

    def __init__(self, settings: Settings, *, http_port: int) -> None:
        self._env = environment(settings) | {"HUB_HTTP__PORT": "0"}
        self.home = settings.home
        self._port, self._logs = http_port, settings.home / "logs"
        self._logs.mkdir(exist_ok=True)
        self.started: list[HubProcess] = []

    @property
    def http(self) -> str:
        """Where the intake answers, whenever it runs."""
        return f"http://127.0.0.1:{self._port}"

    def start(self, name: str, *argv: str, **variables: str) -> HubProcess:
        """Start one more process; ``await up()`` waits for it."""
        port = {"HUB_HTTP__PORT": str(self._port)} if name in {"intake", "run"} else {}
        log = self._logs / f"{len(self.started):02}-{name}.log"
        process = HubProcess(name, argv, {**self._env, **port, **variables}, log)
        self.started.append(process)
        return process

    async def up(self, *names: str) -> list[HubProcess]:
        """Start several and wait for all."""
        return [await one.up() for one in [self.start(name) for name in names]]

    def command(self, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """A command of the command line, to its end."""
        env = {**self._env, **variables}
        return subprocess.run(
            [sys.executable, "-m", "hub", *words], env=env, capture_output=True, text=True, timeout=60, check=False
        )

    def texts(self) -> str:
        """All that all of them said."""
        return "".join(one.text() for one in self.started)


@contextmanager
def processes_of(settings: Settings, *, http_port: int) -> Iterator[Processes]:
    """Processes that all end with the test: asked to, so that consumers leave their groups; else killed."""
    found = Processes(settings, http_port=http_port)
    try:
        yield found
    finally:
        for one in found.started:
            one.ask_to_end()
        stubborn = [one.name for one in found.started if not one.end()]
    assert stubborn == [], f"SIGTERM did not end {stubborn}"


def environment(settings: Settings) -> dict[str, str]:
    """The variables that give a process these settings."""
    dsn, smtp = settings.postgres.dsn, settings.smtp.url
    assert dsn, "tests name their database"
    assert smtp, "tests name their mail server"
    others = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
    return {
        **others,
        "HUB_HOME": str(settings.home),
        "HUB_KAFKA__BOOTSTRAP": str(settings.kafka.bootstrap),
        "HUB_POSTGRES__DSN": dsn.get_secret_value(),
        "HUB_SMTP__URL": smtp.get_secret_value(),
        "HUB_TELEMETRY__JSON_LOGS": "true",
        "HUB_CONSUME__RETRY_MOST": "PT2S",
        "PYTHONUNBUFFERED": "1",
    }
