"""A mail per event and effect, whatever is redelivered, cut off or run side by side."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from hub.adapters.localstack.mail import MailCatcher
from hub.adapters.localstack.mail_archive import MailArchive
from hub.adapters.localstack.mail_faults import MailFault
from hub.adapters.localstack.ports import is_free
from hub.adapters.localstack.running import RunningStack
from hub.adapters.postgres.database import Database
from hub.application.deliver.ports import DueDelivery
from hub.bootstrap.hub import Hub
from hub.domain.messaging.breaker import Breaker
from hub.domain.messaging.cloudevent import Sealed
from tests.integration.post_office import PostOffice, event_ids, opened, until
from tests.integration.proxy import Proxy

pytestmark = pytest.mark.integration


@pytest.fixture
async def post(hub: Hub, stack: RunningStack) -> AsyncIterator[PostOffice]:
    post = PostOffice(hub, stack)
    yield post
    await post.close()


@contextlib.asynccontextmanager
async def running(*workers: Any) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(worker.run()) for worker in workers]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def sealed(hub: Hub, cause_id: Any, subject: str) -> Sealed:
    plain = b'{"niss":"61021399111","name":"Zebulon","first_name":"Test","phone":"unused"}'
    (box,) = await hub.vault.seal_many([(subject, cause_id, plain)])
    return Sealed(event=cause_id, subject=subject, box=box)


async def test_a_mail_goes_out_with_its_reference_its_person_and_its_outcome(post: PostOffice, hub: Hub) -> None:
    office = await post.office("o991", language="nl")
    cause = opened(f"d{uuid4().hex}")
    await post.put(
        office, dossier=cause.partitionkey, cause=cause, personal=await sealed(hub, cause.id, "p" + "1" * 32)
    )

    assert await post.worker().once() == 1

    (mail,) = post.mails(office)
    assert mail.subject == f"Uitnodiging om uw schuldvorderingen mee te delen – ref. {cause.partitionkey}.{office}"
    assert mail.message_id == f"<{cause.id}.invitation/{office}@mediation-hub.invalid>"
    assert "Test Zebulon" in (mail.text or "")
    assert "61.02.13-991.11" in (mail.html or "")
    assert "17 maart 2026" in (mail.text or "")
    assert dict(mail.headers)["Auto-Submitted"] == "auto-generated"
    (told,) = await post.outcomes()
    assert (told["topic"], told["key"]) == ("mail-outcomes", cause.partitionkey)
    assert told["ce_type"] == "be.mediationhub.mail.sent.v1"
    assert told["ce_causationid"] == str(cause.id)
    assert told["ce_correlationid"] == cause.correlationid
    assert told["ce_traceparent"] == cause.traceparent
    assert (told["office"], told["possibly_doubled"]) == (office, False)
    (ledger,) = await post.pool.fetch("SELECT * FROM effect")
    assert (ledger["event_id"], ledger["reference"]) == (cause.id, mail.message_id)
    assert [row["outcome"] for row in await post.pool.fetch("SELECT * FROM delivery_attempt")] == ["sent"]
    assert post.meter.counted == ["invitation sent"]


async def test_effect_asked_for_again_makes_no_second_mail(post: PostOffice) -> None:
    office = await post.office("o991")
    cause = await post.put(office)
    await post.put(office, dossier=cause.partitionkey, cause=cause)
    await post.worker().once()
    await post.put(office, dossier=cause.partitionkey, cause=cause)

    assert await post.worker().once() == 0
    assert len(post.mails(office)) == 1


async def test_effect_in_the_ledger_is_done_without_sending(post: PostOffice) -> None:
    office = await post.office("o991")
    cause = await post.put(office)
    await post.pool.execute(
        "INSERT INTO effect (event_id, effect, reference) VALUES ($1, $2, '<before@test.invalid>')",
        cause.id,
        f"invitation/{office}",
    )

    await post.worker().once()

    assert await post.states() == ["done"]
    assert post.mails(office) == []
    assert await post.outcomes() == []
    assert await post.pool.fetchval("SELECT reference FROM effect") == "<before@test.invalid>"


async def test_mails_of_a_key_go_out_in_order_and_a_waiting_head_holds_the_later_ones(post: PostOffice) -> None:
    first, second = await post.office("o991"), await post.office("o992")
    dossier = f"d{uuid4().hex}"
    await post.put(first, dossier=dossier)
    await post.put(second, dossier=dossier)
    other = await post.office("o993")
    await post.put(other)
    post.faults.set(post.address(first), MailFault.DEFER, times=1)
    worker = post.worker()

    assert await worker.once() == 2
    assert await post.states() == ["waiting", "waiting", "done"]
    assert await worker.once() == 0
    assert post.mails(second) == []

    await post.all_due()
    assert [await worker.once(), await worker.once(), await worker.once()] == [1, 1, 0]
    assert [mail.recipients[0] for mail in post.mails(first, second)] == [post.address(first), post.address(second)]


async def test_mail_given_up_does_not_hold_the_later_ones(post: PostOffice) -> None:
    first, second = await post.office("o991"), await post.office("o992")
    dossier = f"d{uuid4().hex}"
    cause = await post.put(first, dossier=dossier)
    await post.put(second, dossier=dossier)
    post.faults.set(post.address(first), MailFault.REFUSE, times=1)
    worker = post.worker()

    assert [await worker.once(), await worker.once()] == [1, 1]

    assert await post.states() == ["failed", "done"]
    failed, sent = await post.outcomes()
    assert failed["ce_type"] == "be.mediationhub.mail.failed.v1"
    assert (failed["rule"], failed["key"], failed["office"]) == ("recipient-refused", cause.partitionkey, first)
    assert sent["office"] == second
    assert post.meter.counted == ["invitation failed recipient-refused", "invitation sent"]


@pytest.mark.parametrize(
    ("email", "rule"),
    [(None, "address-missing"), ("nobody", "address-invalid"), ("a@b.invalid\r\nBcc: c@d.invalid", "address-invalid")],
)
async def test_office_without_a_usable_address_is_a_failure_that_is_told(
    post: PostOffice, email: str | None, rule: str
) -> None:
    await post.put(await post.office("o991", email=email))

    await post.worker().once()

    (told,) = await post.outcomes()
    assert (told["ce_type"], told["rule"]) == ("be.mediationhub.mail.failed.v1", rule)


async def test_office_nobody_listed_is_a_failure_that_is_told(post: PostOffice) -> None:
    await post.put("o994-unlisted")
    await post.worker().once()
    assert [told["rule"] for told in await post.outcomes()] == ["office-unknown"]


async def test_mail_about_an_erased_person_is_not_sent(post: PostOffice, hub: Hub) -> None:
    office = await post.office("o991")
    subject = f"p{uuid4().hex}"
    cause = opened(f"d{uuid4().hex}")
    await post.put(office, dossier=cause.partitionkey, cause=cause, personal=await sealed(hub, cause.id, subject))
    await post.pool.execute("UPDATE person_key SET wrapped = NULL, erased_at = now() WHERE subject = $1", subject)
    hub.vault.invalidate(subject)

    await post.worker().once()

    assert post.mails(office) == []
    assert [told["rule"] for told in await post.outcomes()] == ["subject-erased"]


async def test_attempts_run_out_and_that_is_told_once(post: PostOffice) -> None:
    office = await post.office("o991")
    await post.put(office)
    post.faults.set(post.address(office), MailFault.DEFER)
    worker = post.worker()
    try:
        for _ in range(4):
            await worker.once()
            await post.all_due()
    finally:
        post.faults.clear()

    assert await post.states() == ["failed"]
    attempts = await post.pool.fetch("SELECT n, outcome, reason FROM delivery_attempt ORDER BY n")
    assert [tuple(row) for row in attempts] == [
        (1, "unreachable", "recipient-deferred"),
        (2, "unreachable", "recipient-deferred"),
        (3, "refused", "attempts-exhausted:recipient-deferred"),
    ]
    assert [told["rule"] for told in await post.outcomes()] == ["attempts-exhausted"]


async def test_mail_taken_by_a_server_that_hangs_up_is_sent_again_under_its_message_id(post: PostOffice) -> None:
    office = await post.office("o991")
    await post.put(office)
    post.faults.set(post.address(office), MailFault.HANG_UP, times=1)
    worker = post.worker()

    await worker.once()
    assert await post.states() == ["waiting"]
    await post.all_due()
    await worker.once()

    one, two = post.mails(office)
    assert one.message_id == two.message_id
    (told,) = await post.outcomes()
    assert told["possibly_doubled"] is True
    assert post.meter.counted == ["invitation retried cut-off", "invitation doubled"]


_KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from hub.adapters.localstack.running import find
from hub.bootstrap.hub import opened
from hub.settings import PostgresSettings, Settings
from tests.integration.post_office import PostOffice

class Killed:
    def __init__(self, gateway):
        self.gateway = gateway

    async def send(self, delivery, personal):
        await self.gateway.send(delivery, personal)
        os.kill(os.getpid(), signal.SIGKILL)

async def main(stack_home, home, dsn):
    settings = Settings(home=home, kafka={"bootstrap": "127.0.0.1:1"}, postgres={"dsn": dsn}, smtp={"url": "smtp://127.0.0.1:1"})
    async with opened(settings) as hub:
        post = PostOffice(hub, find(Path(stack_home)))
        await post.worker(Killed(post.gateway())).run()

asyncio.run(main(*sys.argv[1:]))
"""


async def test_worker_killed_between_the_servers_acceptance_and_the_ledger(
    post: PostOffice, home: Path, database_dsn: str, stack: RunningStack
) -> None:
    office = await post.office("o991")
    await post.put(office)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _KILLED, str(stack.home), str(home), database_dsn, cwd=Path.cwd(), env=os.environ.copy()
    )
    assert await asyncio.wait_for(process.wait(), 60) == -signal.SIGKILL
    assert len(post.mails(office)) == 1
    assert await post.states() == ["sending"]
    assert await post.worker().once() == 0  # the dead worker's lease holds

    await post.all_due()
    await post.worker().once()

    one, two = post.mails(office)
    assert one.message_id == two.message_id
    assert [told["possibly_doubled"] for told in await post.outcomes()] == [True]
    assert post.meter.counted == ["invitation doubled"]
    attempts = await post.pool.fetch("SELECT outcome FROM delivery_attempt ORDER BY n")
    assert [row["outcome"] for row in attempts] == ["started", "sent"]


async def test_two_workers_side_by_side_send_everything_once_in_order(post: PostOffice, database_dsn: str) -> None:
    offices = [await post.office(f"o99{number}") for number in range(1, 8)]
    dossiers = [f"d{uuid4().hex}" for _ in range(20)]
    for office in offices:
        for dossier in dossiers:
            await post.put(office, dossier=dossier)
    rival = await Database.open(database_dsn)
    try:
        async with running(post.worker(batch=30), post.worker(database=rival, batch=30)):
            await until(lambda: _all_done(post))
    finally:
        await rival.close()

    mails = post.mails(*offices)
    assert len(mails) == len({mail.message_id for mail in mails}) == 140
    told = await post.outcomes()
    assert len(set(event_ids(told))) == len(told) == 140
    for dossier in dossiers:  # in the order in which they were asked for
        assert [one["office"] for one in told if one["key"] == dossier] == offices


async def _all_done(post: PostOffice) -> bool:
    return set(await post.states()) == {"done"}


async def test_success_of_a_worker_that_lost_its_lease_is_a_fact_and_marked(post: PostOffice) -> None:
    office = await post.office("o991")
    await post.put(office)
    slow, quick = _Gate(post.gateway()), post.worker()
    worker = asyncio.create_task(post.worker(slow).once())
    await asyncio.wait_for(slow.reached.wait(), 10)
    await post.all_due()  # its lease is over while it sends
    await quick.once()
    slow.go.set()
    await worker

    assert len(post.mails(office)) == 2
    assert [told["possibly_doubled"] for told in await post.outcomes()] == [True]
    assert await post.pool.fetchval("SELECT count(*) FROM effect") == 1


async def test_success_after_a_rival_failed_still_ends_the_delivery(post: PostOffice) -> None:
    office = await post.office("o991")
    await post.put(office)
    slow = _Gate(post.gateway())
    worker = asyncio.create_task(post.worker(slow).once())
    await asyncio.wait_for(slow.reached.wait(), 10)
    await post.all_due()  # its lease is over while it sends
    post.faults.set(post.address(office), MailFault.DEFER, times=1)
    await post.worker().once()
    assert await post.states() == ["waiting"]
    slow.go.set()
    await worker

    assert await post.states() == ["done"]
    assert len(post.mails(office)) == 1
    assert [told["possibly_doubled"] for told in await post.outcomes()] == [True]


class _Gate:
    """A gateway that waits before it sends."""

    def __init__(self, gateway: Any) -> None:
        self._gateway = gateway
        self.reached, self.go = asyncio.Event(), asyncio.Event()

    async def send(self, delivery: DueDelivery, personal: Mapping[str, Any] | None) -> str:
        self.reached.set()
        await self.go.wait()
        return str(await self._gateway.send(delivery, personal))


async def test_breaker_opens_spares_attempts_and_closes_after_one_trial(post: PostOffice, tmp_path: Path) -> None:
    port = next(number for number in range(32_100, 32_400) if is_free(number))
    offices = [await post.office(f"o99{number}") for number in range(1, 7)]
    for office in offices:
        await post.put(office)
    worker = post.worker(
        post.gateway(f"smtp://127.0.0.1:{port}"),
        breaker=Breaker(failures=2, pause=timedelta(seconds=30)),
        concurrency=1,
    )

    await worker.once()
    assert sorted([row["attempts"] for row in await post.rows()]) == [0, 0, 0, 0, 1, 1]
    await post.all_due()
    assert await worker.once() == 0  # open: nothing is even taken

    post.clock.now += timedelta(seconds=31)
    assert await worker.once() == 1  # one trial, which fails
    await post.all_due()
    assert await worker.once() == 0

    catcher = MailCatcher(folder=tmp_path, port=port)
    await catcher.start()
    try:
        post.clock.now += timedelta(seconds=31)
        assert await worker.once() == 1  # one trial, which succeeds
        assert await worker.once() == 5
    finally:
        await catcher.stop()
    assert await post.states() == ["done"] * 6
    assert len(MailArchive(tmp_path).list()) == 6
    assert not any(row["possibly_doubled"] for row in await post.rows())


async def test_worker_goes_on_when_the_database_comes_back(post: PostOffice, hub: Hub, database_dsn: str) -> None:
    async with Proxy.before(database_dsn) as proxy:
        database = await Database.open(proxy.dsn)
        office = await post.office("o991")
        gateway = _Gate(post.gateway())
        worker = post.worker(gateway, database=database)  # its back-off towards partners is an hour
        async with running(worker):
            await post.put(office)
            await asyncio.wait_for(gateway.reached.wait(), 10)
            await proxy.cut()
            gateway.go.set()  # the mail is accepted while the database is away
            await until(lambda: len(post.mails(office)) == 1)
            assert await post.states() == ["sending"]
            await proxy.mend()
            await until(lambda: _all_done(post))
            second = await post.office("o992")
            await post.put(second)
            await until(lambda: _all_done(post))
        await database.close()
    assert len(post.mails(office)) == 1
    assert [told["possibly_doubled"] for told in await post.outcomes()] == [False, False]
    del hub


async def test_worker_that_is_stopped_finishes_what_is_on_its_way_and_hands_back_the_rest(post: PostOffice) -> None:
    offices = [await post.office(f"o99{number}") for number in range(1, 5)]
    for office in offices:
        await post.put(office)
    gate = _Gate(post.gateway())
    task = asyncio.create_task(post.worker(gate, concurrency=1).run())
    await asyncio.wait_for(gate.reached.wait(), 10)
    task.cancel()
    await asyncio.sleep(0)
    gate.go.set()
    await asyncio.gather(task, return_exceptions=True)

    assert task.cancelled()
    assert sorted(await post.states()) == ["done", "waiting", "waiting", "waiting"]
    assert sorted(row["attempts"] for row in await post.rows()) == [0, 0, 0, 1]
    assert not any(row["possibly_doubled"] for row in await post.rows())
    assert await post.worker().once() == 3
    assert len(post.mails(*offices)) == 4


async def test_gateway_that_breaks_inside_is_tried_again_and_blames_nobody(post: PostOffice) -> None:
    await post.put(await post.office("o991"))

    class Broken:
        async def send(self, delivery: DueDelivery, personal: Mapping[str, Any] | None) -> str:
            del delivery, personal
            raise KeyError("secret")

    await post.worker(Broken()).once()

    (row,) = await post.rows()
    assert (row["state"], row["reason"]) == ("waiting", "ours:KeyError")


async def test_notification_wakes_a_worker_before_its_poll(post: PostOffice) -> None:
    office = await post.office("o991")
    worker = post.worker(poll=timedelta(minutes=10))
    async with worker._bell, running(worker):  # type: ignore[attr-defined]  # the bell of PostgreSQL
        await until(lambda: _listening(post))
        await post.put(office)
        await until(lambda: _all_done(post))
    assert len(post.mails(office)) == 1


async def _listening(post: PostOffice) -> bool:
    query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'"
    return bool(await post.pool.fetchval(query))
