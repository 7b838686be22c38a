"""The local stack on real processes: what it promises about data, restarts, leftovers and changed files."""

import asyncio
import contextlib
import os
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from email.message import EmailMessage
from pathlib import Path

import aiosmtplib
import asyncpg
import psutil
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from hub.adapters.localstack.errors import JarChangedError, PartMissingError
from hub.adapters.localstack.kafka_jars import default_cache
from hub.adapters.localstack.mail_archive import MailArchive
from hub.adapters.localstack.mail_faults import MailFault, MailFaults
from hub.adapters.localstack.probes import wait_until
from hub.adapters.localstack.processes import processes_of
from hub.adapters.localstack.running import RunningStack
from hub.adapters.localstack.stack import LocalStack
from hub.adapters.localstack.state import Addresses

pytestmark = [pytest.mark.integration, pytest.mark.enable_socket]
TOPIC = "kept"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path.resolve() / "home"
    yield place
    LocalStack.forget(place)


@pytest.fixture
async def mails(home: Path) -> AsyncIterator[tuple[Addresses, Path]]:
    async with LocalStack(home=home, kafka=False, postgres=False).running() as addresses:
        yield addresses, home / "mails"


async def _write(addresses: Addresses, word: str) -> None:
    """One record and one row."""
    async with AIOKafkaProducer(bootstrap_servers=addresses.kafka, acks="all") as producer:
        await producer.send_and_wait(TOPIC, word.encode())
    async with _connection(addresses) as connection:
        await connection.execute("INSERT INTO kept VALUES ($1)", word)


async def _read(addresses: Addresses, count: int) -> tuple[list[str], list[str]]:
    """The records and the rows."""
    async with AIOKafkaConsumer(TOPIC, bootstrap_servers=addresses.kafka, auto_offset_reset="earliest") as consumer:
        records = [(await asyncio.wait_for(consumer.getone(), 20)).value.decode() for _ in range(count)]
    async with _connection(addresses) as connection:
        return records, [row[0] for row in await connection.fetch("SELECT word FROM kept ORDER BY word")]


@contextlib.asynccontextmanager
async def _connection(addresses: Addresses) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(addresses.postgres)
    try:
        yield connection
    finally:
        await connection.close()


async def _prepare(addresses: Addresses) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=addresses.kafka)
    await admin.start()
    await admin.create_topics([NewTopic(TOPIC, num_partitions=1, replication_factor=1)])
    await admin.close()
    async with _connection(addresses) as connection:
        await connection.execute("CREATE TABLE kept (word text)")


def _found(home: Path) -> RunningStack:
    stack = LocalStack.find(home)
    assert stack
    return stack


async def _true(condition: Callable[[], bool], within: float = 30.0) -> bool:
    async def asked() -> bool:
        return condition()

    return await wait_until(asked, within)


async def test_data_survive_a_restart_on_the_same_addresses(home: Path) -> None:
    async with LocalStack(home=home).running() as first:
        await _prepare(first)
        await _write(first, "one")

    assert LocalStack.find(home) is None
    assert processes_of(home) == []
    async with LocalStack(home=home).running() as second:
        assert second == first
        assert await _read(second, 1) == (["one"], ["one"])


async def test_killed_servers_come_back_with_their_data(home: Path) -> None:
    async with LocalStack(home=home).running() as addresses:
        await _prepare(addresses)
        await _write(addresses, "one")
        stack = _found(home)
        killed = {"kafka": stack.kill_kafka(stay_down=True), "postgres": stack.kill_postgres(stay_down=True)}
        assert await _true(lambda: stack.pids() == {})
        assert not await stack.answers("kafka")
        assert not await stack.answers("postgres")

        assert await stack.start_postgres()
        assert await stack.start_kafka()
        await _write(addresses, "two")

        assert await _read(addresses, 2) == (["one", "two"], ["one", "two"])
        assert stack.pids().keys() == killed.keys()
        assert not set(stack.pids().values()) & set(killed.values())


async def test_killed_server_is_restarted_by_itself(home: Path) -> None:
    async with LocalStack(home=home, kafka=False).running() as addresses:
        stack = _found(home)
        killed = stack.kill_postgres()

        assert await _true(lambda: stack.pids().get("postgres", killed) != killed)
        assert await stack.answering("postgres")
        async with _connection(addresses) as connection:
            assert await connection.fetchval("SHOW synchronous_commit") == "on"


async def test_second_start_finds_the_first_and_leaves_it_running(home: Path) -> None:
    first, second = LocalStack(home=home, kafka=False), LocalStack(home=home, kafka=False)
    async with first.running() as addresses:
        async with second.running() as found:
            assert found == addresses
        assert (first.owned, second.owned) == (True, False)
        assert await _found(home).answers("postgres")
        with pytest.raises(PartMissingError, match="kafka"):
            async with LocalStack(home=home).running():
                pass


async def test_fresh_forgets_the_data(home: Path) -> None:
    async with LocalStack(home=home, kafka=False).running() as addresses, _connection(addresses) as connection:
        await connection.execute("CREATE TABLE kept (word text)")
    async with (
        LocalStack(home=home, kafka=False, fresh=True).running() as addresses,
        _connection(addresses) as connection,
    ):
        assert await connection.fetchval("SELECT to_regclass('kept')") is None


@contextlib.asynccontextmanager
async def _own_process(home: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """A stack in a process of its own, up."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "hub.adapters.localstack", str(home)),
        cwd=Path(__file__).parents[2],
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        assert await _true(lambda: LocalStack.find(home) is not None, 90)
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def test_killed_parent_leaves_nothing_running(home: Path) -> None:
    async with _own_process(home) as parent:
        servers = [psutil.Process(pid) for pid in _found(home).pids().values()]
        assert len(servers) == 2
        os.kill(parent.pid, signal.SIGKILL)
        await parent.wait()

        assert await _true(lambda: not any(server.is_running() for server in servers))
        assert await _true(lambda: processes_of(home) == [])
        assert LocalStack.find(home) is None


async def test_next_start_ends_what_a_killed_parent_and_its_killed_keeper_left(home: Path) -> None:
    async with _own_process(home) as parent:
        left = [psutil.Process(pid) for pid in _found(home).pids().values()]
        keeper = next(child for child in psutil.Process(parent.pid).children() if child not in left)
        keeper.kill()
        os.kill(parent.pid, signal.SIGKILL)
        await parent.wait()

        async with LocalStack(home=home).running():
            assert not any(server.is_running() for server in left)
            assert await _found(home).answers("postgres")


async def test_stop_ends_the_stack_of_another_process(home: Path) -> None:
    async with _own_process(home) as owner:
        assert await LocalStack.stop(home)
        await owner.wait()

        assert processes_of(home) == []
        assert not await LocalStack.stop(home)


async def test_changed_jar_is_refused(home: Path, tmp_path: Path) -> None:
    cache = tmp_path / "jars"
    shutil.copytree(default_cache(home), cache)
    jar = next(cache.glob("kafka-clients-*.jar"))
    jar.write_bytes(jar.read_bytes()[:-1] + b"?")

    stack = LocalStack(home=home, postgres=False, smtp=False, cache=cache)
    with pytest.raises(JarChangedError, match=jar.name):
        async with stack.running():
            pass


def _mail(subject: str, *recipients: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "hub@example.be", ", ".join(recipients), subject
    message["Message-ID"], message["Date"] = f"<{subject}@example.be>", "Mon, 02 Mar 2026 09:30:00 +0100"
    message.set_content("Créance reçue")
    message.add_alternative("<p>Créance reçue</p>", subtype="html")
    return message


async def _send(addresses: Addresses, message: EmailMessage) -> None:
    port = int(str(addresses.smtp).rsplit(":", 1)[1])
    await aiosmtplib.send(message, hostname="127.0.0.1", port=port, start_tls=False)


async def test_caught_mails_are_listed_in_order_and_read(mails: tuple[Addresses, Path]) -> None:
    addresses, folder = mails
    for subject in ("first", "second"):
        await _send(addresses, _mail(subject, "etude@example.be", "cpas@example.be"))

    caught = MailArchive(folder).list()
    assert [mail.subject for mail in caught] == ["first", "second"]
    mail = MailArchive(folder).read(caught[0].id)
    assert mail
    assert (mail.sender, mail.recipients) == ("hub@example.be", ("etude@example.be", "cpas@example.be"))
    assert (mail.text, mail.html) == ("Créance reçue\n", "<p>Créance reçue</p>\n")
    assert (mail.message_id, mail.date and mail.date.isoformat()) == (
        "<first@example.be>",
        "2026-03-02T09:30:00+01:00",
    )


@pytest.mark.parametrize(("fault", "code"), [(MailFault.DEFER, 451), (MailFault.REFUSE, 550)])
async def test_recipient_is_refused_as_often_as_asked(
    mails: tuple[Addresses, Path], fault: MailFault, code: int
) -> None:
    addresses, folder = mails
    MailFaults(folder).set("etude@example.be", fault, times=1)

    with pytest.raises(aiosmtplib.SMTPRecipientsRefused) as refused:
        await _send(addresses, _mail("refused", "etude@example.be"))
    await _send(addresses, _mail("taken", "etude@example.be"))

    assert [one.code for one in refused.value.recipients] == [code]
    assert [mail.subject for mail in MailArchive(folder).list()] == ["taken"]


async def test_mail_is_kept_although_its_sender_never_saw_the_answer(mails: tuple[Addresses, Path]) -> None:
    addresses, folder = mails
    MailFaults(folder).set("*", MailFault.HANG_UP, times=1)

    with pytest.raises(aiosmtplib.SMTPServerDisconnected):
        await _send(addresses, _mail("kept", "etude@example.be"))

    assert [mail.subject for mail in MailArchive(folder).list()] == ["kept"]
