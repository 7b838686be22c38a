"""An edit: a new signed event in a letter's place, linked both ways; the original untouched; never a second time."""

import hashlib
from typing import Any
from uuid import UUID

import pytest
from pydantic_core import from_json

from hub.application.dead_letters.job_ports import Job, JobRefusedError, PlanRefusedError
from hub.bootstrap.hub import Hub
from hub.bootstrap.receipts import opened_receipt
from tests.integration.broken import GROUP
from tests.integration.test_consume import PERSON, count, notice, strike

pytestmark = pytest.mark.integration


async def failed(hub: Hub) -> UUID:
    """A strike of a notice whose number is wrong; the right one is registered, another waits behind."""
    await hub.consume(GROUP).handle([notice(PERSON, "A"), strike(PERSON, "a"), notice(PERSON, "B")])
    letter: UUID = await hub.database.pool.fetchval("SELECT id FROM dead_letter")
    return letter


async def edited(hub: Hub, letter: UUID, **options: Any) -> Job:
    plan = await hub.plans.make([letter], verb="edit", who="anna", options=options)
    job = await hub.jobs.ask(plan.id, who="anna", reason="capital letter, agreed with the Chamber")
    assert job.state == "asked"
    await hub.jobs.approve(job.id, who="bert")
    await hub.run_jobs.once()
    return await hub.jobs.found(job.id)


async def test_edit_solves_a_letter(hub: Hub) -> None:
    letter = await failed(hub)
    form = await hub.edits.form(letter)
    body = {**form["body"], "notice": "A"}

    job = await edited(hub, letter, body=body)

    row = await hub.database.pool.fetchrow("SELECT state, value, replaced_by, event_id FROM dead_letter")
    assert row is not None
    event = row["replaced_by"]
    new = await hub.database.pool.fetchrow("SELECT attributes, value FROM timeline WHERE event_id = $1", event)
    assert new is not None
    told = from_json(new["attributes"])
    assert (job.state, row["state"], from_json(row["value"])["notice"]) == ("done", "edited", "a")
    assert told["ce_edits"] == told["ce_causationid"] == str(row["event_id"])
    signed = opened_receipt(told["hub_signature"], hub.signer.key_set())
    assert signed is not None
    assert signed["sha256"] == hashlib.sha256(new["value"]).hexdigest()
    states = {one[0]: one[1] for one in await hub.database.pool.fetch("SELECT notice, state FROM projection_notice")}
    assert states == {"A": "struck", "B": "active"}
    assert await count(hub, "parked_key") == 0
    assert await count(hub, "outbox", "topic = 'fca-notices'") == 0  # the other groups do not see it


async def test_diff_shows_the_approver_what_changes(hub: Hub) -> None:
    letter = await failed(hub)
    body = (await hub.edits.form(letter))["body"]

    lines = await hub.edits.diff(letter, {"body": {**body, "notice": "A"}})

    assert '-  "notice": "a",' in lines
    assert '+  "notice": "A",' in lines


async def test_edit_of_an_edit_and_of_a_closed_letter_is_refused(hub: Hub) -> None:
    letter = await failed(hub)
    body = (await hub.edits.form(letter))["body"]
    plan = await hub.plans.make([letter], verb="edit", who="anna", options={"body": {**body, "notice": "A"}})
    second = await hub.plans.make([letter], verb="edit", who="bert", options={"body": {**body, "notice": "A"}})
    job = await hub.jobs.ask(plan.id, who="anna", reason="first")
    with pytest.raises(JobRefusedError, match="another job"):
        await hub.jobs.ask(second.id, who="bert", reason="second")
    await hub.jobs.approve(job.id, who="bert")
    await hub.run_jobs.once()

    with pytest.raises(PlanRefusedError) as closed:
        await hub.edits.form(letter)
    await hub.database.pool.execute("UPDATE dead_letter SET state = 'waiting'")
    with pytest.raises(PlanRefusedError) as again:
        await hub.edits.form(letter)

    assert (closed.value.rule, again.value.rule) == ("letter-edited", "edit-exists")


async def test_edit_that_is_invalid_locked_or_fails_again_is_refused_and_says_where(hub: Hub) -> None:
    letter = await failed(hub)
    body = (await hub.edits.form(letter))["body"]

    for options, rule, where in (
        ({"body": {**body, "struck_on": "never"}}, "edit-invalid", "/struck_on"),
        ({"body": []}, "edit-body", "/"),
        ({"body": body, "headers": {"ce_partitionkey": "p2"}}, "edit-locked", "/ce_partitionkey"),
        ({"body": body, "headers": {"ce_type": "unknown"}}, "edit-invalid", "ce_type"),
    ):
        with pytest.raises(PlanRefusedError) as refused:
            await hub.plans.make([letter], verb="edit", who="anna", options=options)
        assert refused.value.rule == rule
        assert where in str(refused.value)
    plan = await hub.plans.make([letter], verb="edit", who="anna", options={"body": {**body, "notice": "z"}})
    assert (await hub.plans.letters(plan.id))[0]["verdict"] == "fails again"
    assert await count(hub, "letter_edit") == 0
    assert await count(hub, "dead_letter", "state = 'waiting' AND attempts = 1") == 1
