"""The local stack: a real Kafka, a real PostgreSQL and a catching mail server, each optional, in one home.

    async with LocalStack(home=Path(".hub"), progress=print).running() as addresses:
        addresses.kafka      # "127.0.0.1:20123", or None when kafka=False
        addresses.postgres   # "postgresql://hub:…@127.0.0.1:20124/hub"
        addresses.smtp       # "smtp://127.0.0.1:20125"

    LocalStack.find(home)          # RunningStack (addresses, pids, kill_kafka() …) or None; from any process
    await LocalStack.stop(home)    # ends the stack of whatever process; True when one ran
    LocalStack.forget(home)        # removes its data: topics, tables, mails

A second ``running()`` in the same home, of any process, finds the first stack and leaves it running when it
ends; ``owned`` says which of both it was. Servers that die are started again, on the same ports and data. When the
owner ends, however it does, nothing is left running. ``python -m hub.adapters.localstack HOME`` runs one in a
process of its own.
"""

import asyncio
import os
import sys
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from hub.adapters.localstack import keeper, running
from hub.adapters.localstack.errors import PartMissingError, StackBusyError
from hub.adapters.localstack.guard import Guard
from hub.adapters.localstack.home import forget, make_home
from hub.adapters.localstack.kafka import KafkaServer
from hub.adapters.localstack.mail import MailCatcher
from hub.adapters.localstack.ownership import Ownership
from hub.adapters.localstack.ports import Ports
from hub.adapters.localstack.postgres import PostgresServer
from hub.adapters.localstack.probes import wait_until
from hub.adapters.localstack.processes import ProcessIdentity, end_all, processes_of
from hub.adapters.localstack.running import RunningStack
from hub.adapters.localstack.server import Server
from hub.adapters.localstack.state import Addresses, State, remove_state, write_state

_OTHER_STARTS_WITHIN = 300.0
_GRACE = 15.0


def _quiet(text: str) -> None:
    """Progress for nobody."""


class LocalStack:
    """The stack of one home. Ports are free ones, remembered; a wanted one (not 0) is taken if it is free.

    ``fresh`` forgets the data first. ``cache`` is the folder of Kafka's jars (default: shared by the user's
    clones). ``progress`` gets short sentences while a first start takes its time.
    """

    def __init__(
        self,
        *,
        home: Path,
        kafka: bool = True,
        postgres: bool = True,
        smtp: bool = True,
        progress: Callable[[str], None] = _quiet,
        fresh: bool = False,
        cache: Path | None = None,
        kafka_port: int = 0,
        postgres_port: int = 0,
        smtp_port: int = 0,
    ) -> None:
        self.owned = False
        self._home = home.resolve()
        self._wanted = {"kafka": kafka, "postgres": postgres, "smtp": smtp}
        self._asked = {"kafka": kafka_port, "postgres": postgres_port, "smtp": smtp_port}
        self._progress, self._fresh, self._cache = progress, fresh, cache
        self._ports = Ports(self._home)
        self._run = uuid.uuid4().hex
        self._guards: dict[str, Guard] = {}
        self._mail: MailCatcher | None = None
        self._complete = False

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Addresses]:
        """Start the stack, or find the one that runs; end it afterwards if it was started here.

        Raises:
            LocalStackError: a part did not start, a jar was changed, the running stack lacks a part.
        """
        await asyncio.to_thread(make_home, self._home)
        ownership = Ownership(self._home)
        found = await self._own_or_find(ownership)
        if found:
            yield self._checked(found.addresses)
            return
        try:
            async with AsyncExitStack() as exits:
                await self._start(exits)
                yield self._addresses()
        finally:
            ownership.leave()

    @staticmethod
    def find(home: Path) -> RunningStack | None:
        """The stack that runs in this home, started by whatever process."""
        return running.find(home)

    @staticmethod
    async def stop(home: Path) -> bool:
        """End the stack of this home, whatever process owns it; whether one ran."""
        return await asyncio.to_thread(running.stop, home)

    @staticmethod
    def forget(home: Path) -> None:
        """Remove topics, tables and mails of a home whose stack does not run. Ports and jars are kept."""
        forget(home.resolve())

    async def _own_or_find(self, ownership: Ownership) -> RunningStack | None:
        """Nothing when the home is ours now, else the stack of the process that has it."""
        found: RunningStack | None = None

        async def settled() -> bool:
            nonlocal found
            self.owned = ownership.take()
            found = None if self.owned else running.find(self._home)
            return self.owned or found is not None

        if not await wait_until(settled, _OTHER_STARTS_WITHIN):
            raise StackBusyError(
                f"Another process holds {self._home}/stack.lock but no stack came up. End it: hub down"
            )
        return found

    def _checked(self, addresses: Addresses) -> Addresses:
        missing = [name for name, wanted in self._wanted.items() if wanted and not getattr(addresses, name)]
        if missing:
            raise PartMissingError(
                f"The stack that runs in {self._home} has no {', '.join(missing)}. End it first: hub down"
            )
        return addresses

    async def _start(self, exits: AsyncExitStack) -> None:
        await asyncio.to_thread(end_all, processes_of(self._home), _GRACE)
        if self._fresh:
            await asyncio.to_thread(forget, self._home)
        await self._start_keeper(exits)
        exits.callback(remove_state, self._home)
        await self._start_mail(exits)
        self._guards = {
            server.name: Guard(
                server=server, hold=running.hold_file(self._home, server.name), changed=self._write_state
            )
            for server in await asyncio.to_thread(self._servers)
        }
        exits.push_async_callback(self._stop_servers)
        await self._start_servers()
        self._complete = True
        self._write_state()

    async def _start_servers(self) -> None:
        """All at once; when one fails the others are given up, and its error is the answer."""
        try:
            async with asyncio.TaskGroup() as starts:
                for guard in self._guards.values():
                    starts.create_task(guard.start())
        except ExceptionGroup as failures:
            raise failures.exceptions[0] from None

    def _servers(self) -> list[Server]:
        servers: list[Server] = []
        home, run, progress = self._home, self._run, self._progress
        if self._wanted["kafka"]:
            port, controller = self._port("kafka"), self._ports.choose("kafka.controller")
            servers.append(
                KafkaServer(home=home, run=run, port=port, controller=controller, progress=progress, cache=self._cache)
            )
        if self._wanted["postgres"]:
            servers.append(PostgresServer(home=home, run=run, port=self._port("postgres"), progress=progress))
        return servers

    def _port(self, name: str) -> int:
        return self._ports.choose(name, self._asked[name])

    async def _start_mail(self, exits: AsyncExitStack) -> None:
        if self._wanted["smtp"]:
            self._mail = MailCatcher(folder=self._home / "mails", port=self._port("smtp"))
            await self._mail.start()
            exits.push_async_callback(self._mail.stop)

    async def _start_keeper(self, exits: AsyncExitStack) -> None:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            keeper.__file__,
            str(self._home),
            self._run,
            stdin=asyncio.subprocess.PIPE,
            start_new_session=True,
        )

        async def end() -> None:
            if process.stdin:
                process.stdin.close()
            try:
                async with asyncio.timeout(_GRACE):
                    await process.wait()
            except TimeoutError:
                process.kill()
                await process.wait()

        exits.push_async_callback(end)

    async def _stop_servers(self) -> None:
        remove_state(self._home)
        self._complete = False
        await asyncio.gather(*(guard.stop() for guard in self._guards.values()))

    def _addresses(self) -> Addresses:
        addresses = {name: guard.server.address for name, guard in self._guards.items()}
        return Addresses(**addresses, smtp=self._mail.address if self._mail else None)

    def _write_state(self) -> None:
        """Written once all parts are up, then after each restart of one."""
        if self._complete:
            servers = {name: guard.identity for name, guard in self._guards.items()}
            owner = ProcessIdentity.of(os.getpid())
            write_state(self._home, State(owner=owner, servers=servers, addresses=self._addresses()))
