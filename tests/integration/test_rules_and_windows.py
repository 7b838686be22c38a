"""Fingerprint rules that wait for a release, windows of a topic for one group, letters as a file."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hub.adapters.postgres.bulk import write_outbox
from hub.application.dead_letters.export import exported
from hub.application.dead_letters.job_ports import PlanRefusedError
from hub.application.dead_letters.rules import RuleRefusedError
from hub.application.dead_letters.selection import Selection
from hub.application.dead_letters.window import Window
from hub.application.envelope import decode, outbox_row
from hub.bootstrap.hub import Hub
from hub.bootstrap.release import release as running
from tests.integration.broken import GROUP, number_of, of, person, release
from tests.integration.test_consume import count, notice, strike
from tests.integration.test_replay_jobs import parked

pytestmark = pytest.mark.integration
WEEK = timedelta(days=7)


async def fingerprint_of(hub: Hub) -> str:
    return str(await hub.database.pool.fetchval("SELECT fingerprint FROM dead_letter LIMIT 1"))


async def test_rule_waits_for_its_release_then_replays_and_ends(hub: Hub) -> None:
    await parked(hub, 3)
    fingerprint = await fingerprint_of(hub)
    await hub.fingerprint_rules.add(fingerprint, release="99.0", lasts=WEEK, who="anna", reason="known, fixed in 99")
    assert await hub.fingerprint_rules.once() == 0
    await hub.fingerprint_rules.remove(fingerprint, who="anna")
    await hub.fingerprint_rules.add(fingerprint, release=running(), lasts=WEEK, who="anna", reason="fixed now")

    assert await hub.fingerprint_rules.once() == 1
    await hub.run_jobs.once()

    assert await count(hub, "fingerprint_rule") == 0
    assert await count(hub, "dead_letter", "state = 'replayed'") == 3
    assert await count(hub, "replay_job", "who = 'rule of anna' AND state = 'done'") == 1


async def test_rule_expires_and_nonsense_is_refused(hub: Hub) -> None:
    await parked(hub, 1)
    fingerprint = await fingerprint_of(hub)
    for of_, release_, lasts, rule in (
        ("unknown", "1", WEEK, "group-unknown"),
        (fingerprint, " ", WEEK, "rule-incomplete"),
        (fingerprint, "1", timedelta(days=365), "rule-lasts"),
    ):
        with pytest.raises(RuleRefusedError) as refused:
            await hub.fingerprint_rules.add(of_, release=release_, lasts=lasts, who="anna", reason="x")
        assert refused.value.rule == rule
    await hub.fingerprint_rules.add(fingerprint, release="99", lasts=WEEK, who="anna", reason="x")
    with pytest.raises(RuleRefusedError, match="has a rule"):
        await hub.fingerprint_rules.add(fingerprint, release="98", lasts=WEEK, who="bert", reason="x")
    await hub.database.pool.execute("UPDATE fingerprint_rule SET expires_at = now() - interval '1 day'")

    await hub.fingerprint_rules.once()

    assert await count(hub, "fingerprint_rule") == 0
    assert await count(hub, "audit", "verb = 'rule' AND outcome = 'refused'") == 3


async def relayed(hub: Hub, *records: object) -> datetime:
    """Records in Kafka; a moment after the last of them."""
    async with hub.database.transaction() as connection:
        await write_outbox(connection, [outbox_row(decode(one), hub.topics) for one in records])  # type: ignore[arg-type]
    while await hub.relay.once():
        pass
    return datetime.now(UTC) + timedelta(seconds=1)


@pytest.mark.usefixtures("topics_ready")
async def test_window_of_a_topic_is_replayed_for_one_group_without_its_offsets(hub: Hub) -> None:
    since = datetime.now(UTC) - timedelta(seconds=1)
    known = notice(person(1), "A")
    await hub.consume(GROUP).handle([known])
    until = await relayed(hub, known, notice(person(1), "B"), notice(person(2), "C"), strike(person(3), "unknown"))
    window = Window(topic="fca-notices", group=GROUP, since=since, until=until)

    plan = await hub.windows.plan(window, who="anna")
    before = await count(hub, "projection_notice")
    job = await hub.jobs.ask(plan.id, who="anna", reason="lost by a reset", typed=f"WINDOW {plan.letters}")
    await hub.jobs.approve(job.id, who="bert")
    await hub.run_jobs.once()

    assert (before, plan.letters) == (1, 3)
    assert plan.options["would"]["failed"] == 1
    assert (await hub.jobs.found(job.id)).state == "done"
    assert await count(hub, "projection_notice") == 3
    assert await count(hub, "dead_letter") == 1
    assert [row for row in await hub.lag() if row["group"] == GROUP and row.get("committed")] == []
    with pytest.raises(PlanRefusedError) as again:
        await hub.windows.plan(window, who="anna")
    assert again.value.rule == "window-empty"


async def test_window_of_an_unknown_group_or_of_another_groups_topic_is_refused(hub: Hub) -> None:
    now = datetime.now(UTC)
    right = Window(topic="fca-notices", group=GROUP, since=now, until=now)
    for window, rule in ((replace(right, group="x"), "window-group"), (replace(right, topic="y"), "window-topic")):
        with pytest.raises(PlanRefusedError) as refused:
            await hub.windows.plan(window, who="anna")
        assert refused.value.rule == rule


async def test_letters_are_exported_without_what_is_sealed(hub: Hub, tmp_path: Path) -> None:
    with release(hub, lambda event: number_of(event) == "A"):
        for n in range(3):
            await hub.consume(GROUP).handle(of(person(n), "A"))
    rows = [one async for one in exported(hub.letter_reads, hub.audit, Selection(), who="anna", limit=2)]

    assert len(rows) == 2
    assert rows[0]["headers"]["ce_type"] == "be.mediationhub.notice.registered.v1"
    assert rows[0]["body"]["notice"] == "A"
    (tmp_path / "x").write_text(json.dumps(rows, default=str))
    assert await count(hub, "audit", "verb = 'export' AND who = 'anna'") == 1


async def test_body_that_is_no_event_and_headers_of_other_tools_leave_the_hub_closed(hub: Hub) -> None:
    """Nobody knows what in them is personal: neither export, nor API, nor command, nor the form of an edit shows it."""
    secret = b'{"niss": "61021399111"}'
    good = notice(person(1), "A")
    strange = good._replace(value=secret, headers=(*good.headers, ("x-debtor", b"61021399111")))
    await hub.consume(GROUP).handle([strange, good._replace(headers=(), value=secret, key=b"k", offset=9)])

    rows = [one async for one in exported(hub.letter_reads, hub.audit, Selection(), who="anna", limit=9)]
    forms = [await hub.edits.form(one["id"]) for one in rows]

    assert len(rows) == 2
    assert "61021399111" not in json.dumps(rows, default=str)
    assert {tuple(one["closed"]) for one in rows} == {("body",)}
    assert all("61021399111" not in json.dumps(form["body"]) for form in forms)
    assert "61021399111" not in json.dumps(forms, default=str)
