"""Plans and jobs: a frozen list, the present code asked first, canary steps, stops, pauses, a second administrator."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from hub.application.dead_letters.job_ports import Job, JobOptions, JobRefusedError, PlanRefusedError
from hub.application.dead_letters.selection import Selection
from hub.bootstrap.hub import Hub
from tests.integration.broken import GROUP, number_of, of, person, release
from tests.integration.test_consume import count, notice, strike

pytestmark = pytest.mark.integration
ALL = Selection()
QUICK = JobOptions(canary=(), stop_share=1, stop_lag=0)


async def parked(hub: Hub, persons: int, *, behind: int = 0, rule: str = "bad-release") -> list[UUID]:
    """A bad release makes a letter of each person's first notice; others wait behind."""
    with release(hub, lambda event: number_of(event) == "A", rule):
        for n in range(persons):
            await hub.consume(GROUP).handle(of(person(n), "A", *(f"B{one}" for one in range(behind))))
    rows = await hub.database.pool.fetch("SELECT id FROM dead_letter ORDER BY recorded_at, id")
    return [row[0] for row in rows]


async def asked(hub: Hub, what: Selection | Sequence[UUID], *, who: str = "anna", options: JobOptions = QUICK) -> Job:
    plan = await hub.plans.make(what, verb="replay", who=who)
    typed = hub.jobs.confirmation(plan) or ""
    return await hub.jobs.ask(plan.id, who=who, reason="fixed", typed=typed, options=options)


async def outcomes(hub: Hub, job: Job) -> dict[str, int]:
    counts = (await hub.jobs.shown(job.id))["outcomes"]
    return {name: n for name, n in counts.items() if name != "released" or n}


async def settled(hub: Hub) -> bool:
    """Whether nothing is parked and nothing waits."""
    return await count(hub, "parked_key") == await count(hub, "parked_record") == 0


# ── plan ───────────────────────────────────────────────────────────────────────────────────────────────────
async def test_plan_says_what_the_present_code_would_do_and_changes_nothing(hub: Hub) -> None:
    await parked(hub, 2, behind=3)
    await hub.consume(GROUP).handle([strike(person(9), "never registered")])

    plan = await hub.plans.shown((await hub.plans.make(ALL, verb="replay", who="anna")).id)

    counts = {row["verdict"]: row for row in plan["verdicts"]}
    assert (plan["letters"], plan["stale"]) == (3, None)
    assert (counts["would succeed"]["letters"], counts["would succeed"]["behind"]) == (2, 6)
    assert counts["would succeed"]["releases"] == 6
    assert counts["fails again"]["letters"] == 1
    assert await count(hub, "parked_key") == 3
    assert await count(hub, "projection_notice") == 0
    assert await count(hub, "dead_letter", "attempts = 1 AND state = 'waiting'") == 3


async def test_plan_of_the_release_that_fails_says_fails_again_and_names_the_fingerprint(hub: Hub) -> None:
    (letter,) = await parked(hub, 1)
    with release(hub, lambda event: number_of(event) == "A"):
        plan = await hub.plans.make([letter], verb="replay", who="anna")
        (row,) = await hub.plans.letters(plan.id)

        with pytest.raises(JobRefusedError) as refused:
            await hub.jobs.ask(plan.id, who="anna", reason="try")

    assert (row["verdict"], row["fingerprint"]) == ("fails again", row["was"])
    assert refused.value.rule == "job-empty"


async def test_plan_tells_what_fails_behind_a_letter(hub: Hub) -> None:
    with release(hub, lambda event: number_of(event) == "A"):
        await hub.consume(GROUP).handle([notice(person(1), "A"), notice(person(1), "B"), strike(person(1), "unknown")])

    plan = await hub.plans.make(ALL, verb="replay", who="anna")
    (row,) = await hub.plans.letters(plan.id)

    assert (row["verdict"], row["behind"], row["releases"]) == ("would succeed", 2, 1)
    assert row["next_fingerprint"] is not None


async def test_plan_that_is_stale_is_refused(hub: Hub) -> None:
    (letter, other) = await parked(hub, 2)
    plan = await hub.plans.make([letter, other], verb="replay", who="anna")
    await hub.replay.letter(other)

    with pytest.raises(JobRefusedError) as changed:
        await hub.jobs.ask(plan.id, who="anna", reason="late")
    old = await hub.plans.make([letter], verb="replay", who="anna")
    await hub.database.pool.execute("UPDATE replay_plan SET release = 'another' WHERE id = $1", old.id)
    with pytest.raises(JobRefusedError) as released:
        await hub.jobs.ask(old.id, who="anna", reason="late")
    unfinished = await hub.plans.make([letter], verb="replay", who="anna")
    await hub.database.pool.execute("UPDATE replay_plan SET expires_at = made_at WHERE id = $1", unfinished.id)
    with pytest.raises(JobRefusedError) as broken:
        await hub.jobs.ask(unfinished.id, who="anna", reason="late")

    assert (changed.value.rule, released.value.rule) == ("plan-letters-changed", "plan-of-another-release")
    assert broken.value.rule == "plan-unfinished"
    assert await count(hub, "replay_job") == 0
    assert await count(hub, "audit", "verb = 'ask' AND outcome = 'refused'") == 3


async def test_plan_of_nothing_of_too_much_and_of_unknown_letters_is_refused(hub: Hub) -> None:
    await parked(hub, 3)
    hub.plans._rules = replace(hub.plans._rules, most=2)

    for what, rule in ((Selection(type="none"), "plan-empty"), (ALL, "plan-large"), ([uuid4()], "letter-unknown")):
        with pytest.raises(PlanRefusedError) as refused:
            await hub.plans.make(what, verb="replay", who="anna")
        assert refused.value.rule == rule
    assert await count(hub, "replay_plan") == 0


async def test_record_without_body_or_headers_is_said_to_be_invalid_and_can_only_be_skipped(hub: Hub) -> None:
    good = notice(person(1), "A")
    await hub.consume(GROUP).handle([good._replace(value=None), good._replace(headers=(), key=b"other", offset=1)])

    plan = await hub.plans.make(ALL, verb="replay", who="anna")
    skip = await hub.plans.make(ALL, verb="skip", who="anna")

    assert {row["verdict"] for row in await hub.plans.letters(plan.id)} == {"schema invalid"}
    assert {row["verdict"] for row in await hub.plans.letters(skip.id)} == {"would succeed"}


# ── jobs ───────────────────────────────────────────────────────────────────────────────────────────────────
async def test_job_replays_its_letters_and_releases_what_waits_behind_them(hub: Hub) -> None:
    letters = await parked(hub, 40, behind=4)
    job = await asked(hub, ALL)

    assert await hub.run_jobs.once()

    assert (await hub.jobs.found(job.id)).state == "done"
    assert await outcomes(hub, job) == {"done": 40, "released": 160}
    assert await settled(hub)
    assert await count(hub, "projection_notice") == 200
    assert await count(hub, "audit", f"what = 'letter {letters[0]}' AND verb = 'replayed'") == 1
    assert await count(hub, "letter_attempt", f"job = '{job.id}' AND who = 'anna'") == 40


async def test_query_wide_action_wants_its_confirmation_typed_and_a_reason(hub: Hub) -> None:
    await parked(hub, 2)
    plan = await hub.plans.make(ALL, verb="replay", who="anna")

    for reason, typed, rule in (("why", "", "confirmation-missing"), (" ", "REPLAY 2", "reason-missing")):
        with pytest.raises(JobRefusedError) as refused:
            await hub.jobs.ask(plan.id, who="anna", reason=reason, typed=typed)
        assert refused.value.rule == rule
    assert (await hub.jobs.ask(plan.id, who="anna", reason="why", typed="REPLAY 2")).state == "running"


async def test_same_letter_asked_twice_by_group_and_alone_belongs_to_one_job(hub: Hub) -> None:
    letters = await parked(hub, 2)
    plan = await hub.plans.make([letters[0]], verb="replay", who="bert")
    job = await asked(hub, ALL)

    with pytest.raises(JobRefusedError) as second:
        await hub.jobs.ask(plan.id, who="bert", reason="me too")
    with pytest.raises(JobRefusedError) as alone:
        await hub.replay_letter.run(letters[0], who="bert")
    await hub.run_jobs.once()

    assert (second.value.rule, alone.value.rule) == ("job-empty", "letter-in-job")
    assert await outcomes(hub, job) == {"done": 2}


async def test_one_letter_cannot_be_sent_and_the_rest_go_on(hub: Hub) -> None:
    letters = await parked(hub, 4)
    job = await asked(hub, ALL)
    await hub.replay.letter(letters[1])  # while the job waited for its runner, it was dealt with otherwise

    await hub.run_jobs.once()

    assert await outcomes(hub, job) == {"done": 3, "passed over": 1}
    (row,) = [row for row in await hub.jobs.outcomes(job.id) if row["outcome"] == "passed over"]
    assert (row["letter"], row["reason"]) == (letters[1], "letter-closed")


async def test_canary_stops_at_a_new_fingerprint_and_goes_on_after_the_fix(hub: Hub) -> None:
    await parked(hub, 12, behind=1)
    job = await asked(hub, ALL, options=JobOptions(canary=(1, 2), stop_share=1))

    with release(hub, lambda event: event.subject == person(1), "worse"):
        await hub.run_jobs.once()
        stopped = await hub.jobs.found(job.id)
        first = await outcomes(hub, job)
    await hub.jobs.resume(job.id, who="anna")
    await hub.run_jobs.once()

    assert stopped.state == "stopped"
    assert "a failure that the plan did not know" in str(stopped.why_stopped)
    assert first == {"done": 2, "failed": 1, "released": 2, "waiting": 9}
    assert await outcomes(hub, job) == {"done": 11, "failed": 1, "released": 11}
    assert await count(hub, "dead_letter", "state = 'waiting' AND attempts = 2") == 1


async def test_too_many_failures_stop_a_job(hub: Hub) -> None:
    with release(hub, lambda event: number_of(event) == "A"):
        for n in range(30):
            await hub.consume(GROUP).handle(of(person(n), "A"))
        plan = await hub.plans.make(ALL, verb="replay", who="anna")
        options = JobOptions(canary=(), together=5, stop_share=0.5)
        job = await hub.jobs.ask(plan.id, who="anna", reason="try", typed="REPLAY 30", everything=True, options=options)
        await hub.run_jobs.once()

    assert (await hub.jobs.found(job.id)).why_stopped == "10 of 10 letters failed"
    assert await outcomes(hub, job) == {"failed": 10, "waiting": 20}


async def test_paused_job_stays_paused_over_a_restart_and_goes_on_when_resumed(hub: Hub) -> None:
    await parked(hub, 3)
    job = await asked(hub, ALL)
    await hub.jobs.pause(job.id, who="anna")
    hub.__dict__.pop("run_jobs", None)

    assert not await hub.run_jobs.once()
    await hub.jobs.resume(job.id, who="anna")
    assert await hub.run_jobs.once()

    assert await outcomes(hub, job) == {"done": 3}


async def test_error_nobody_foresaw_stops_the_job_and_not_its_runner(hub: Hub) -> None:
    await parked(hub, 2)
    job = await asked(hub, ALL)
    await hub.database.pool.execute("UPDATE replay_job_letter SET consumer_group = 'hub.gone'")

    assert await hub.run_jobs.once()

    stopped = await hub.jobs.found(job.id)
    assert (stopped.state, stopped.why_stopped) == (
        "stopped", "an error nobody foresaw: KeyError in hub.application.consume.replay._step_of"
    )  # fmt: skip


async def test_letter_refused_at_the_last_moment_is_passed_over(hub: Hub) -> None:
    (letter,) = await parked(hub, 1)
    body = (await hub.edits.form(letter))["body"]
    plan = await hub.plans.make([letter], verb="edit", who="anna", options={"body": body})
    job = await hub.jobs.ask(plan.id, who="anna", reason="x")
    await hub.jobs.approve(job.id, who="bert")
    await hub.database.pool.execute("UPDATE replay_plan SET options = '{}'")

    await hub.run_jobs.once()

    assert ((await hub.jobs.found(job.id)).state, await outcomes(hub, job)) == ("done", {"passed over": 1})


async def test_job_cancelled_half_way_keeps_what_it_did_and_frees_the_rest(hub: Hub) -> None:
    letters = await parked(hub, 12)
    job = await asked(hub, ALL, options=JobOptions(canary=(3,), stop_share=1))
    with release(hub, lambda event: event.subject == person(2), "worse"):
        await hub.run_jobs.once()

    await hub.jobs.cancel(job.id, who="bert", reason="enough")
    again = await asked(hub, letters[5:])
    await hub.run_jobs.once()

    assert await outcomes(hub, job) == {"done": 2, "failed": 1, "passed over": 9}
    assert await outcomes(hub, again) == {"done": 7}
    with pytest.raises(JobRefusedError, match="this job is cancelled; resume wants: paused, stopped"):
        await hub.jobs.resume(job.id, who="anna")


async def test_new_failures_of_the_same_group_are_not_taken_by_a_running_job(hub: Hub) -> None:
    await parked(hub, 2)
    job = await asked(hub, ALL)
    with release(hub, lambda event: number_of(event) == "A"):
        await hub.consume(GROUP).handle(of(person(77), "A"))

    await hub.run_jobs.once()

    assert await outcomes(hub, job) == {"done": 2}
    assert await count(hub, "dead_letter", "state = 'waiting'") == 1


async def test_letter_fails_again_with_another_fingerprint_and_moves_to_its_group(hub: Hub) -> None:
    (letter,) = await parked(hub, 1)
    before = await hub.database.pool.fetchval("SELECT fingerprint FROM dead_letter")

    with release(hub, lambda event: number_of(event) == "A", "another-rule"):
        report = await hub.replay.letter(letter)

    after = await hub.database.pool.fetchrow("SELECT fingerprint, attempts, reason, state FROM dead_letter")
    assert not report.succeeded
    assert after is not None
    assert (after["attempts"], after["state"]) == (2, "waiting")
    assert after["fingerprint"] != before
    assert "another-rule" in after["reason"]


async def test_parked_key_with_a_hundred_records_behind_is_released_in_order(hub: Hub) -> None:
    await parked(hub, 1, behind=100)
    first = await hub.database.pool.fetchval("SELECT event_id FROM dead_letter")
    waiting = await hub.database.pool.fetch("SELECT event_id FROM parked_record ORDER BY seq")
    order = [first, *(row[0] for row in waiting)]
    job = await asked(hub, ALL, options=replace(QUICK, together=1))

    await hub.run_jobs.once()

    assert await outcomes(hub, job) == {"done": 1, "released": 100}
    rows = await hub.database.pool.fetch("SELECT event_id FROM timeline WHERE consumer_group = $1 ORDER BY seq", GROUP)
    assert [row[0] for row in rows] == order
    assert await settled(hub)


async def test_two_letters_of_one_key_in_one_job_are_of_two_groups(hub: Hub) -> None:
    await parked(hub, 1)
    await hub.consume("hub.claims").handle([strike(person(0), "A")._replace(headers=())])
    job = await asked(hub, ALL)

    await hub.run_jobs.once()

    assert (await outcomes(hub, job))["done"] == 1


# ── four eyes ──────────────────────────────────────────────────────────────────────────────────────────────
async def test_many_letters_and_every_skip_want_a_second_administrator(hub: Hub) -> None:
    letters = await parked(hub, 3)
    hub.jobs._rules = replace(hub.jobs._rules, four_eyes=2)
    many = await asked(hub, letters)

    assert (many.state, many.needs_approval) == ("asked", True)
    assert not await hub.run_jobs.once()
    with pytest.raises(JobRefusedError) as own:
        await hub.jobs.approve(many.id, who="anna")
    approved = await hub.jobs.approve(many.id, who="bert")
    await hub.run_jobs.once()

    assert own.value.rule == "approver-is-asker"
    assert (approved.state, approved.approver) == ("running", "bert")
    assert await outcomes(hub, many) == {"done": 3}
    assert await count(hub, "audit", "verb = 'approve' AND outcome = 'refused' AND who = 'anna'") == 1


async def test_skip_leaves_the_letter_out_and_releases_its_queue(hub: Hub) -> None:
    (letter,) = await parked(hub, 1, behind=2)
    plan = await hub.plans.make([letter], verb="skip", who="anna")
    job = await hub.jobs.ask(plan.id, who="anna", reason="sent in error, agreed by phone")
    await hub.jobs.approve(job.id, who="bert")

    await hub.run_jobs.once()

    assert await outcomes(hub, job) == {"done": 1, "released": 2}
    assert await count(hub, "dead_letter", "state = 'skipped'") == 1
    assert await count(hub, "projection_notice") == 2
    assert await hub.database.pool.fetchval("SELECT reason FROM letter_attempt WHERE outcome = 'skipped'") == (
        "sent in error, agreed by phone"
    )


async def test_approval_expires(hub: Hub) -> None:
    (letter,) = await parked(hub, 1)
    hub.jobs._rules = replace(hub.jobs._rules, four_eyes=0, approval_life=timedelta(0))
    job = await asked(hub, [letter])

    with pytest.raises(JobRefusedError) as late:
        await hub.jobs.approve(job.id, who="bert")
    await hub.jobs.expire()

    assert late.value.rule == "approval-expired"
    assert (await hub.jobs.found(job.id)).state == "expired"
    assert await outcomes(hub, job) == {"passed over": 1}


async def test_letter_whose_person_is_erased_is_not_replayed_and_can_be_skipped(hub: Hub) -> None:
    subject = person(5)
    good = notice(subject, "A")
    event = UUID(dict(good.headers)["ce_id"].decode())
    (box,) = await hub.vault.seal_many([(subject, event, b'{"debtor_identifier":"x"}')])
    value = (good.value or b"")[:-1] + b',"sealed":"' + box.encode() + b'"}'
    with release(hub, lambda one: number_of(one) == "A"):
        await hub.consume(GROUP).handle([good._replace(value=value)])
    letter = await hub.database.pool.fetchval("SELECT id FROM dead_letter")
    await hub.erase.person(subject)

    plan = await hub.plans.make([letter], verb="replay", who="anna")
    with pytest.raises(JobRefusedError) as refused:
        await hub.replay_letter.run(letter, who="anna")
    skip = await hub.plans.make([letter], verb="skip", who="anna")

    assert (await hub.plans.letters(plan.id))[0]["verdict"] == "subject erased"
    assert refused.value.rule == "letter-subject-erased"
    assert (await hub.plans.letters(skip.id))[0]["verdict"] == "would succeed"
    assert await count(hub, "dead_letter", "state = 'waiting' AND attempts = 1") == 1
    assert await count(hub, "audit", "verb = 'replay' AND outcome = 'refused'") == 1


# ── archive ────────────────────────────────────────────────────────────────────────────────────────────────
async def test_group_is_archived_restored_and_replayed(hub: Hub) -> None:
    letters = await parked(hub, 3, behind=1)
    fingerprint = await hub.database.pool.fetchval("SELECT fingerprint FROM dead_letter LIMIT 1")

    async def done(verb: str, state: str) -> None:
        plan = await hub.plans.make(Selection(state=state, fingerprint=fingerprint), verb=verb, who="anna")  # type: ignore[arg-type]
        await hub.jobs.ask(plan.id, who="anna", reason="later", typed=f"{verb.upper()} 3", options=QUICK)
        await hub.run_jobs.once()

    await done("archive", "waiting")
    assert await count(hub, "dead_letter", "state = 'archived' AND expires_at > now() + interval '29 days'") == 3
    assert await count(hub, "parked_key") == 3
    with pytest.raises(Exception, match="restore it first"):
        await hub.replay.letter(letters[0])
    await done("restore", "archived")
    assert await count(hub, "dead_letter", "state = 'waiting' AND expires_at IS NULL") == 3
    await done("replay", "waiting")

    assert await settled(hub)
    assert await count(hub, "projection_notice") == 6
