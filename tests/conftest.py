"""The real local stack, once a session, for integration, e2e and chaos; a fresh database for each test.

``TEST_STACK_HOME`` names the home of a stack that runs already (``python -m hub.adapters.localstack HOME``). Of several
workers (``pytest -n``) the first takes it; each of the others starts a stack of its own.
"""

import os
import secrets
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from time import monotonic, sleep

import asyncpg
import pytest
from aiokafka.admin import AIOKafkaAdminClient
from sqlalchemy.ext.asyncio import create_async_engine

from hub.adapters.crypto.secrets import ensure_secrets
from hub.adapters.kafka.provisioning import topic_cluster
from hub.adapters.localstack.running import RunningStack, find
from hub.adapters.postgres.migrate import migrate
from hub.adapters.topics_file import read_topics
from hub.application.describe.provision import apply, plan
from hub.bootstrap.hub import Hub, opened
from hub.domain.messaging.topic_plan import Allowances
from hub.settings import HttpSettings, KafkaSettings, PostgresSettings, Settings, SmtpSettings
from tests.support import browser  # noqa: F401 - takes HUB_BROWSER out of the environment before a process starts
from tests.support.turns import turn

_TEMPLATE = "hub_template"


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """A test marked ``alone`` waits until no other worker runs one; timeouts count from there."""
    if not hasattr(item.config, "workerinput"):
        return (yield)
    shared = Path(item.config.getoption("basetemp")).parent  # the folder of each worker is in it
    with turn(shared, alone=item.get_closest_marker("alone") is not None):
        return (yield)


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """A running Kafka, PostgreSQL and mail catcher."""
    first = os.environ.get("PYTEST_XDIST_WORKER", "gw0") == "gw0"
    given = first and os.environ.get("TEST_STACK_HOME")
    if given and (running := find(Path(given))):
        yield running
        return
    home = tmp_path_factory.mktemp("stack")
    process = subprocess.Popen([sys.executable, "-m", "hub.adapters.localstack", str(home)])
    try:
        yield _found(home, process)
    finally:
        process.terminate()
        process.wait(60)


def _found(home: Path, process: subprocess.Popen[bytes], within: float = 300.0) -> RunningStack:
    deadline = monotonic() + within
    while process.poll() is None and monotonic() < deadline:
        if running := find(home):
            return running
        sleep(0.1)  # a process starts; there is nothing else to wait on
    raise AssertionError("the local stack did not start; its output is above")


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the secrets of a test hub."""
    folder = tmp_path_factory.mktemp("home")
    ensure_secrets(folder)
    return folder


async def _template(dsn: str) -> None:
    """A migrated database that every test copies."""
    connection = await asyncpg.connect(dsn)
    try:
        if await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", _TEMPLATE):
            await connection.execute(f"DROP DATABASE {_TEMPLATE} WITH (FORCE)")
        await connection.execute(f"CREATE DATABASE {_TEMPLATE}")
    finally:
        await connection.close()
    engine = create_async_engine(_named(dsn, _TEMPLATE).replace("postgresql://", "postgresql+asyncpg://"))
    await migrate(engine)
    await engine.dispose()


def _named(dsn: str, database: str) -> str:
    return f"{dsn.rsplit('/', 1)[0]}/{database}"


@pytest.fixture
async def database_dsn(stack: RunningStack, request: pytest.FixtureRequest) -> AsyncIterator[str]:
    """A fresh, migrated database of this test alone."""
    dsn = str(stack.addresses.postgres)
    if not getattr(request.config, "_template_made", False):
        await _template(dsn)
        request.config._template_made = True  # type: ignore[attr-defined]  # once a session
    name = f"test_{secrets.token_hex(6)}"
    await _said(dsn, f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
    yield _named(dsn, name)
    await _said(dsn, f"DROP DATABASE {name} WITH (FORCE)")


async def _said(dsn: str, statement: str) -> None:
    """On a connection of its own: tests kill PostgreSQL."""
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@pytest.fixture
async def topics_ready(stack: RunningStack) -> None:
    """Every topic empty; with a topic go the offsets that groups committed on it."""
    bootstrap = str(stack.addresses.kafka)
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        old = [name for name in await admin.list_topics() if not name.startswith("__")]
        if old:
            await admin.delete_topics(old)
    finally:
        await admin.close()
    async with topic_cluster(bootstrap) as cluster:
        await apply(await plan(read_topics(), cluster, Allowances()), cluster)


@pytest.fixture
def settings(stack: RunningStack, home: Path, database_dsn: str) -> Settings:
    """Settings of this test's hub."""
    return Settings(
        home=home,
        kafka=KafkaSettings(bootstrap=stack.addresses.kafka),
        postgres=PostgresSettings.model_validate({"dsn": database_dsn}),
        smtp=SmtpSettings.model_validate({"url": stack.addresses.smtp}),
        http=HttpSettings(),
    )


@pytest.fixture
async def hub(settings: Settings) -> AsyncIterator[Hub]:
    """Every part of a hub on this test's database."""
    async with opened(settings) as found:
        yield found
