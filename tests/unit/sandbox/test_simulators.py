"""The simulators' own memory: feeds, mailboxes, ledgers, what they foresee."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from sandbox.feed import FeedFollower
from sandbox.ledger import DocumentLedger
from sandbox.mailroom import Mailroom
from sandbox.roles import option_of, role_of
from sandbox.summary import Check, Summary
from sandbox.waiting import AwaitedTooLongError, until
from sandbox.wire import Answer, HubClient, Page, UnexpectedAnswerError

DOSSIER = "d" + "0" * 32


class FakeHub(HubClient):
    """Answers a feed with prepared pages; then with nothing."""

    def __init__(self, *pages: Page) -> None:
        super().__init__("http://hub.invalid", institution="cpas-001", key="none")
        self.pages = list(pages)
        self.asked: list[str] = []

    async def feed(self, after: str, *, wait: int = 0, limit: int = 500) -> Page:
        del wait, limit
        self.asked.append(after)
        return self.pages.pop(0) if self.pages else Page(cursor=after)


def event(number: int) -> Mapping[str, Any]:
    return {"id": f"e{number}", "type": "be.mediationhub.office.invited.v1", "data": {"n": number}}


async def test_feed_is_followed_from_its_cursor_and_counts_what_comes_twice() -> None:
    hub = FakeHub(Page(events=(event(1), event(2)), cursor="c1"), Page(events=(event(2), event(3)), cursor="c2"))
    follower = FeedFollower(hub)

    copy = await follower.read_again()

    assert hub.asked == ["", "c1", "c2"]
    assert [data["n"] for data in copy.of("office.invited")] == [1, 2, 3]
    assert copy.doubled == 1
    assert follower.count("office.invited") == 0


def test_mailbox_tells_kind_and_reference_of_a_mail(tmp_path: Path) -> None:
    room = Mailroom(tmp_path)
    (tmp_path / "1.eml").write_text(
        "X-Envelope-To: etude-001@x.invalid\r\nSubject: Invitation\r\n"
        f"Message-ID: <00000000-0000-0000-0000-000000000001.invitation/etude-001@hub.invalid>\r\n\r\n"
        f"Reference: {DOSSIER}.etude-001.\r\n"
    )

    assert room.count("invitation") == 1
    (mail,) = room.to("etude-001@x.invalid", "invitation")
    assert mail.reference == f"{DOSSIER}.etude-001"


def test_ledger_refuses_an_answer_that_must_not_be() -> None:
    ledger = DocumentLedger("fca", "run")
    ledger.keep("fca", ledger.next_id(), b"<a/>", Answer(status=201, body={"state": "accepted"}))

    with pytest.raises(UnexpectedAnswerError, match=r"expected accepted, got 422"):
        ledger.keep("fca", ledger.next_id(), b"<b/>", Answer(status=422, body={"code": "schema"}))

    assert ledger.states == Counter(accepted=1)


def test_role_of_an_office_is_the_same_with_the_same_seed() -> None:
    roles = Counter(role_of(1, str(niss), "etude-001") for niss in range(600))

    assert role_of(1, "1", "etude-001") == role_of(1, "1", "etude-001")
    assert set(roles) == {"shares", "tells", "early", "silent", "O2", "O3", "O4", "O5"}
    assert option_of("shares") == "O1"
    assert option_of("silent") is None


async def test_waiting_in_vain_says_what_for_and_how_far() -> None:
    with pytest.raises(AwaitedTooLongError, match=r"waited 0 s for ten mails; so far: 3"):
        await until(lambda: False, "ten mails", within=0, progress=lambda: 3)


def test_summary_fails_with_one_count_or_one_fact() -> None:
    good = Check(name="mails", where="hub", ledger="3", found="3")
    bad = Check(name="mails", where="hub", ledger="3", found="2")

    assert Summary(run="r", checks=[good], facts={"held": True}).ok
    assert not Summary(run="r", checks=[good, bad], facts={}).ok
    assert not Summary(run="r", checks=[good], facts={"held": False}).ok
    assert Summary(run="r", checks=[bad], facts={}).json()["checks"][0]["ok"] is False
