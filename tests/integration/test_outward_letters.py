"""What fails on the way out or at the door stands among the dead letters: same groups, same verbs, same audit."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from hub.adapters.localstack.mail_faults import MailFault
from hub.adapters.localstack.running import RunningStack
from hub.adapters.postgres.timers import PostgresTimers
from hub.application.dead_letters.job_ports import Job, JobRefusedError, PlanRefusedError, Verb
from hub.application.dead_letters.selection import Selection
from hub.application.reveal import RevealRefusedError
from hub.bootstrap.hub import Hub
from tests.integration.intake_documents import single
from tests.integration.intake_parts import count, door, key_of, post
from tests.integration.post_office import PostOffice
from tests.integration.test_deliver import sealed

pytestmark = pytest.mark.integration


@pytest.fixture
async def mails(hub: Hub, stack: RunningStack) -> AsyncIterator[PostOffice]:
    office = PostOffice(hub, stack)
    yield office
    await office.close()


async def done(hub: Hub, verb: Verb, letter: UUID, **options: Any) -> Job:
    plan = await hub.plans.make([letter], verb=verb, who="anna", options=options)
    job = await hub.jobs.ask(plan.id, who="anna", reason="mended")
    if job.needs_approval:
        await hub.jobs.approve(job.id, who="bert")
    await hub.run_jobs.once()
    return await hub.jobs.found(job.id)


async def refused_mail(mails: PostOffice) -> tuple[str, UUID]:
    """A mail that its server refused for good."""
    office = await mails.office("o991")
    await mails.put(office, dossier=f"d{uuid4().hex}")
    mails.faults.set(mails.address(office), MailFault.REFUSE, times=1)
    await mails.worker().once()
    letter: UUID = await mails.pool.fetchval("SELECT id FROM dead_letter")
    return office, letter


async def test_delivery_that_gave_up_is_a_letter_and_a_replay_sends_it_again(hub: Hub, mails: PostOffice) -> None:
    office, letter = await refused_mail(mails)

    (group,) = await hub.letter_groups.counted(Selection(), by="origin")
    shown = await hub.letter_reads.letter(letter)
    job = await done(hub, "replay", letter)
    await mails.worker().once()

    assert (group["origin"], group["letters"]) == ("delivery", 1)
    assert shown is not None
    assert (shown["consumer_group"], shown["institution"], shown["type"]) == ("hub.deliver", office, "mail/invitation")
    assert "@" not in shown["reason"]
    assert job.state == "done"
    assert await mails.states() == ["done"]
    assert len(mails.mails(office)) == 1
    assert await count(hub, "dead_letter", "state = 'replayed' AND attempts = 2") == 1
    assert await count(hub, "audit", f"what = 'letter {letter}' AND verb = 'replay'") == 1


async def test_delivery_that_fails_again_waits_again_in_the_same_letter(hub: Hub, mails: PostOffice) -> None:
    office, letter = await refused_mail(mails)
    await done(hub, "replay", letter)
    mails.faults.set(mails.address(office), MailFault.REFUSE, times=1)

    await mails.worker().once()

    assert await count(hub, "dead_letter", "state = 'waiting' AND attempts = 3") == 1
    assert await count(hub, "dead_letter") == 1


async def test_mail_is_redirected_to_another_office_by_two_administrators(hub: Hub, mails: PostOffice) -> None:
    office, letter = await refused_mail(mails)
    other = await mails.office("o992")

    with pytest.raises(JobRefusedError):
        await hub.plans.make([letter], verb="redirect", who="anna", options={})
    unknown = await hub.plans.make([letter], verb="redirect", who="anna", options={"office": "nobody"})
    job = await done(hub, "redirect", letter, office=other)
    await mails.worker().once()

    assert (await hub.plans.letters(unknown.id))[0]["reason"] == "office-unknown"
    assert (job.needs_approval, job.approver) == (True, "bert")
    assert (len(mails.mails(office)), len(mails.mails(other))) == (0, 1)
    assert await count(hub, "dead_letter", "state = 'redirected'") == 1


async def test_mail_whose_person_is_erased_is_not_sent_again(hub: Hub, mails: PostOffice) -> None:
    office = await mails.office("o991")
    subject = "p" + "1" * 32
    cause = await mails.put(office, dossier=f"d{uuid4().hex}")
    await mails.pool.execute("DELETE FROM delivery")
    await mails.put(office, dossier=cause.partitionkey, cause=cause, personal=await sealed(hub, cause.id, subject))
    mails.faults.set(mails.address(office), MailFault.REFUSE, times=1)
    await mails.worker().once()
    letter = await mails.pool.fetchval("SELECT id FROM dead_letter")
    await hub.erase.person(subject)

    plan = await hub.plans.make([letter], verb="replay", who="anna")
    with pytest.raises(JobRefusedError) as refused:
        await hub.jobs.ask(plan.id, who="anna", reason="again")

    assert (await hub.plans.letters(plan.id))[0]["verdict"] == "subject erased"
    assert refused.value.rule == "job-empty"


async def test_refused_document_waits_for_its_correction_which_closes_it(hub: Hub) -> None:
    async with door(hub, await key_of(hub, "etude-001", "office", ["cia"])) as office:
        assert (await post(office, single(1).replace(b'version="1"', b'version="x"'))).status_code == 422
        (group,) = await hub.letter_groups.counted(Selection(state="returned"), by="institution")
        assert await hub.settle_outward() == 0
        assert (await post(office, single(1))).status_code == 201
        assert await hub.settle_outward() == 1

    row = await hub.database.pool.fetchrow("SELECT * FROM dead_letter")
    assert row is not None
    assert (group["institution"], group["letters"]) == ("etude-001", 1)
    assert (row["state"], row["origin"], row["consumer_group"]) == ("corrected", "document", "hub.intake")
    assert row["replaced_by"] == await hub.database.pool.fetchval("SELECT id FROM document WHERE state = 'accepted'")


async def test_refused_document_that_nobody_corrects_ends_with_its_retention(hub: Hub) -> None:
    async with door(hub, await key_of(hub, "etude-001", "office", ["cia"])) as office:
        await post(office, b"<broken")
    await hub.database.pool.execute("UPDATE dead_letter SET expires_at = now() - interval '1 day'")

    await hub.settle_outward()

    assert await count(hub, "dead_letter", "state = 'expired'") == 1


async def refused_document(hub: Hub) -> tuple[bytes, UUID]:
    """A claim whose version is no number; its right form, and its letter."""
    async with door(hub, await key_of(hub, "etude-001", "office", ["cia"])) as office:
        await post(office, single(1).replace(b'version="1"', b'version="x"'))
    letter: UUID = await hub.database.pool.fetchval("SELECT id FROM dead_letter")
    return single(1), letter


async def test_refused_document_is_edited_as_xml_and_taken_as_its_senders_own(hub: Hub) -> None:
    right, letter = await refused_document(hub)
    xml = await hub.document_edits.form(letter, who="anna", purpose="its sender asked for it", allowed=True)
    assert 'version="x"' in xml

    job = await done(hub, "edit", letter, **await hub.document_edits.sealed(letter, xml.replace('"x"', '"1"')))

    row = await hub.database.pool.fetchrow("SELECT state, replaced_by FROM dead_letter")
    assert row is not None
    assert (job.state, job.approver, row["state"]) == ("done", "bert", "edited")
    assert row["replaced_by"] == await hub.database.pool.fetchval("SELECT id FROM document WHERE state = 'accepted'")
    assert await count(hub, "outbox", "topic = 'cia-claims'") == 1
    assert await count(hub, "reveal", "who = 'anna'") == 1
    stored = await hub.database.pool.fetchval("SELECT options::text FROM replay_plan")
    assert "niss" not in stored
    assert right.decode()[:40] not in stored


async def test_edited_document_that_is_still_wrong_is_refused_with_its_place(hub: Hub) -> None:
    _, letter = await refused_document(hub)

    with pytest.raises(RevealRefusedError):
        await hub.document_edits.form(letter, who="anna", purpose="curiosity", allowed=False)
    with pytest.raises(RevealRefusedError):
        await hub.document_edits.form(letter, who="anna", purpose=" ", allowed=True)
    xml = await hub.document_edits.form(letter, who="anna", purpose="to mend it", allowed=True)
    options = await hub.document_edits.sealed(letter, xml)
    with pytest.raises(PlanRefusedError) as refused:
        await hub.plans.make([letter], verb="edit", who="anna", options=options)

    assert refused.value.rule == "edit-invalid"
    assert "line " in str(refused.value)
    assert "/Claim/@version" in str(refused.value)
    with pytest.raises(PlanRefusedError, match="sealed for another document"):
        await hub.plans.make([letter], verb="edit", who="anna", options={"sealed": "AAAA"})


async def unreadable_timer(hub: Hub) -> UUID:
    """A deadline of a release that is gone: nobody can make its event."""
    await hub.database.pool.execute(
        "INSERT INTO timer (consumer_group, key, name, due, type, data, event_key, correlationid)"
        " VALUES ('hub.notices', 'p1', 'expiry/a', $1, 'be.gone.v1', '{}', 'p1', 'p1')",
        datetime.now(UTC) - timedelta(days=1),
    )
    async with PostgresTimers(hub.database).begin() as batch:
        assert len(await batch.due(datetime.now(UTC), 10)) == 1
    async with hub.bell("hub_timer") as bell:
        clock = hub.fire_timers(bell)
        await clock.once()
        await clock.once()
    letter: UUID = await hub.database.pool.fetchval("SELECT id FROM dead_letter")
    return letter


async def test_timer_that_cannot_fire_is_a_letter_and_stays_where_it_is(hub: Hub) -> None:
    letter = await unreadable_timer(hub)

    plan = await hub.plans.make([letter], verb="replay", who="anna")
    assert (await hub.plans.letters(plan.id))[0]["verdict"] == "schema invalid"
    assert await count(hub, "timer") == 1
    await hub.database.pool.execute("DELETE FROM timer")  # the dossier cancels it, or a later release fires it
    assert await hub.settle_outward() == 1
    assert await count(hub, "dead_letter", "state = 'replayed'") == 1


async def test_skipping_a_timer_takes_it_away(hub: Hub) -> None:
    letter = await unreadable_timer(hub)

    job = await done(hub, "skip", letter)

    assert job.state == "done"
    assert await count(hub, "timer") == 0
    assert await count(hub, "dead_letter", "state = 'skipped'") == 1
