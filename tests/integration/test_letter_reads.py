"""Dead letters as administrators read them: counted, filtered, paged, with their queue, causes and history."""

from datetime import timedelta
from uuid import uuid4

import pytest

from hub.application.audit import Deed
from hub.application.consume.replay_ports import LetterUnknownError
from hub.application.dead_letters.groups import GroupRefusedError
from hub.application.dead_letters.selection import Selection
from hub.bootstrap.hub import Hub
from schemas.notices import NoticeStruck
from tests.integration.test_consume import NOW, OTHER, PERSON, notice, opened_dossier, record, strike

pytestmark = pytest.mark.integration
THIRD = "p" + "3" * 32


async def failing(hub: Hub) -> None:
    """Three letters that failed alike, one otherwise; two records wait behind the first."""
    consume = hub.consume("hub.notices")
    await consume.handle([strike(PERSON, "A"), notice(PERSON, "B"), opened_dossier(PERSON)])
    await consume.handle([strike(OTHER, "A")])
    await consume.handle([strike(THIRD, "A")])
    await consume.handle([opened_dossier("p" + "4" * 32)._replace(value=b"{}")])


async def test_letters_are_counted_by_what_failed_alike(hub: Hub) -> None:
    await failing(hub)

    large, small = await hub.letter_groups.counted(Selection())

    assert (large["letters"], large["parked_keys"], large["parked_behind"], large["last_hour"]) == (3, 3, 2, 3)
    assert (large["state"], large["owner"], large["classification"]) == ("new", None, "permanent")
    assert large["reason"] == "the notice was never registered: its registration must come first"
    assert (small["letters"], small["classification"]) == (1, "partner")


async def test_letters_are_counted_by_type_and_dossier(hub: Hub) -> None:
    await failing(hub)

    by_type = await hub.letter_groups.counted(Selection(), by="type")
    by_key = await hub.letter_groups.counted(Selection(), by="key", limit=2)

    assert {row["type"]: row["letters"] for row in by_type} == {NoticeStruck.type: 3, None: 1}
    assert [row["letters"] for row in by_key] == [1, 1]
    with pytest.raises(GroupRefusedError, match="counted by one of: fingerprint"):
        await hub.letter_groups.counted(Selection(), by="colour")


async def test_deadline_of_a_waiting_dossier_is_at_risk(hub: Hub) -> None:
    await failing(hub)
    await hub.database.pool.execute(
        "INSERT INTO timer (consumer_group, key, name, due, type, data, event_key, correlationid)"
        " VALUES ('hub.notices', $1, 'expiry', now() + interval '2 days', 't', '{}', $1, $1),"
        " ('hub.notices', $2, 'expiry', now() + interval '9 days', 't', '{}', $2, $2)",
        PERSON,
        OTHER,
    )

    large, small = await hub.letter_groups.counted(Selection())

    assert (large["deadlines_at_risk"], small["deadlines_at_risk"]) == (1, 0)
    assert large["next_deadline"] is not None


async def test_pages_hold_every_letter_once_and_filters_leave_out_the_rest(hub: Hub) -> None:
    await failing(hub)

    first = await hub.letter_reads.letters(Selection(), after=None, limit=3)
    second = await hub.letter_reads.letters(Selection(), after=first.after, limit=3)

    assert (len(first.letters), len(second.letters), second.after) == (3, 1, None)
    assert len({one["id"] for one in (*first.letters, *second.letters)}) == 4
    assert "value" not in first.letters[0]
    for wanted, number in (
        (Selection(key=PERSON), 1),
        (Selection(type=NoticeStruck.type), 3),
        (Selection(text="NEVER REGISTERED"), 3),
        (Selection(state="replayed"), 0),
        (Selection(origin="delivery"), 0),
        (Selection(state=None, consumer_group="hub.notices"), 4),
    ):
        assert len((await hub.letter_reads.letters(wanted, after=None, limit=10)).letters) == number


async def test_letter_is_shown_with_its_queue_and_who_looked(hub: Hub) -> None:
    await failing(hub)
    page = await hub.letter_reads.letters(Selection(key=PERSON), after=None, limit=1)
    letter = page.letters[0]["id"]
    await hub.audit.note([Deed(who="anna", verb="look", what=f"letter {letter}")])

    shown = await hub.letter_reads.letter(letter)
    queue = await hub.letter_reads.queue(letter, after=0, limit=1)
    rest = await hub.letter_reads.queue(letter, after=queue[0]["seq"], limit=10)

    assert shown is not None
    assert (shown["head"], shown["parked_behind"], shown["stage"]) == (True, 2, "fold")
    assert (len(queue), len(rest)) == (1, 1)
    assert [row["who"] for row in await hub.letter_reads.seen_by(letter)] == ["anna"]
    assert await hub.letter_reads.letter(uuid4()) is None


async def test_causes_lead_from_the_first_event_to_the_letter(hub: Hub) -> None:
    consume = hub.consume("hub.notices")
    first = notice(PERSON, "A")
    await consume.handle([first])
    cause = dict(first.headers)["ce_id"]
    later = record(NoticeStruck(notice="unknown", struck_on=NOW.date()), PERSON)
    await consume.handle([later._replace(headers=(*later.headers, ("ce_causationid", cause)))])
    page = await hub.letter_reads.letters(Selection(), after=None, limit=1)

    (known,) = await hub.letter_reads.causes(page.letters[0]["id"])

    assert (known["event_id"], known["consumer_group"]) == (cause.decode(), "hub.notices")


async def test_what_is_said_of_a_group_outlives_its_letters_and_is_audited(hub: Hub) -> None:
    await failing(hub)
    fingerprint = (await hub.letter_groups.counted(Selection()))[0]["fingerprint"]

    await hub.letter_groups.change(
        fingerprint, who="anna", owner="bert", state="acknowledged", note="asked the Chamber"
    )
    with pytest.raises(GroupRefusedError, match="a group is one of"):
        await hub.letter_groups.change(fingerprint, who="anna", state="lost")
    with pytest.raises(GroupRefusedError, match="no group"):
        await hub.letter_groups.change("0" * 16, who="anna", note="whose?")
    await hub.database.pool.execute("DELETE FROM dead_letter")

    shown = await hub.letter_groups.shown(fingerprint)

    assert (shown["owner"], shown["state"], shown["notes"][0]["text"]) == ("bert", "acknowledged", "asked the Chamber")
    listed = await hub.audit.listed(before=None, who="anna", what=None, limit=10)
    assert [(row["outcome"], row["reason"]) for row in listed] == [
        ("refused", "group-unknown"),
        ("refused", "group-state-unknown"),
        ("done", "asked the Chamber"),
    ]


async def test_letters_of_a_span_of_time(hub: Hub) -> None:
    await failing(hub)
    page = await hub.letter_reads.letters(Selection(), after=None, limit=4)
    last = page.letters[-1]["recorded_at"]

    assert len((await hub.letter_reads.letters(Selection(since=last), after=None, limit=9)).letters) == 1
    early = Selection(until=last - timedelta(hours=1))
    assert (await hub.letter_reads.letters(early, after=None, limit=9)).letters == []


async def test_replay_leaves_its_attempts_with_names_and_entries(hub: Hub) -> None:
    await failing(hub)
    page = await hub.letter_reads.letters(Selection(key=PERSON), after=None, limit=1)
    letter = page.letters[0]["id"]
    unknown = uuid4()

    await hub.replay_letter.run(letter, who="anna", reason="looks mended")
    await hub.replay_letter.run(letter, who="bert", last=True)
    with pytest.raises(LetterUnknownError):
        await hub.replay_letter.run(unknown, who="anna")

    tried = await hub.letter_reads.attempts(letter)
    assert [(one["n"], one["who"], one["outcome"]) for one in tried] == [(2, "anna", "failed")]
    entries = await hub.audit.listed(before=None, who=None, what=None, limit=10)
    assert [(one["who"], one["verb"], one["outcome"], one["reason"]) for one in entries] == [
        ("anna", "replay", "refused", "letter-unknown"),
        ("bert", "replay last", "done", ""),
        ("anna", "replay", "done", "looks mended"),
    ]
