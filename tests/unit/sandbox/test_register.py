"""The simulated register's own rules, and what it does with a hub that is away."""

from io import BytesIO
from pathlib import Path

import httpx
import pytest
from openpyxl import load_workbook

from connectors.justrestart.cases import case_of
from sandbox.feed import FeedFollower
from sandbox.register.account import RegisterAccount
from sandbox.register.book import Account, Book, RefusedError
from sandbox.register.house import RegisterHouse, StoryTime, register_house
from sandbox.register.mails import Postman, deliver, overviews
from sandbox.register.prepared import Clerk
from sandbox.register.push import Push
from sandbox.wire import Answer, HubClient

CASE = "2026/LIEGE/1"
COURT = Account(name="greffe", role="court")
CREDITOR = Account(name="creancier", role="creditor", institution="etude-001", party="cred-1")


class FakeHub(HubClient):
    """Takes documents, or is away."""

    def __init__(self) -> None:
        super().__init__("http://hub.invalid", institution="register", key="none")
        self.away = False
        self.came: list[bytes] = []

    async def send_document(
        self,
        connector: str,
        content: bytes,
        *,
        language: str = "en",
        compressed: bool = False,
        corrects: str | None = None,
    ) -> Answer:
        del connector, language, compressed, corrects
        self.came.append(content)
        if self.away:
            raise httpx.ConnectError("away")
        return Answer(status=201, body={"state": "accepted", "receipt": "r"})


def book() -> tuple[Book, StoryTime]:
    time = StoryTime()
    made = Book(time)
    made.act(COURT, CASE, "petition-filed", {})
    return made, time


def refusal(made: Book, account: Account, act: str, case: str = CASE, **said: str) -> str:
    with pytest.raises(RefusedError) as refused:
        made.act(account, case, act, said)
    return refused.value.rule


def test_each_role_does_its_own_acts_in_cases_that_exist() -> None:
    made, _ = book()

    assert refusal(made, CREDITOR, "admitted") == "not-of-this-role"
    assert refusal(made, COURT, "claim-submitted") == "not-of-this-role"
    assert refusal(made, COURT, "admitted", case="2026/X") == "case-unknown"
    made.act(CREDITOR, CASE, "invitation-accepted", {})
    claim = made.act(CREDITOR, CASE, "claim-submitted", {"party": "cred-9", "institution": "etude-9"})
    assert (claim.said["party"], claim.said["institution"]) == ("cred-1", "etude-001"), "nobody acts as another"


def test_nothing_is_done_while_the_register_is_away_and_only_its_outage_is_caught_up_with_evidence() -> None:
    made, time = book()
    made.act(CREDITOR, CASE, "invitation-accepted", {})
    time.to(2)
    outage = made.switch(away=True)
    assert refusal(made, CREDITOR, "claim-submitted") == "register-away"
    time.to(6)
    made.switch(away=False)

    inside, outside = time.day(4).isoformat(), time.day(1).isoformat()
    assert refusal(made, CREDITOR, "claim-submitted", outage=outage, at=inside) == "catch-up-incomplete"
    assert refusal(made, CREDITOR, "claim-submitted", outage=outage, at=outside, evidence="D-1") == "not-in-the-outage"
    claim = made.act(CREDITOR, CASE, "claim-submitted", {"outage": outage, "at": inside, "evidence": "D-1"})

    assert (claim.at, claim.entered) == (time.day(4), time.day(6))
    started = next(act for act in made.acts if act.act == "outage-started")
    assert claim.said["outage"] == started.reference
    with pytest.raises(RefusedError):
        made.switch(away=False)


def test_creditor_that_ceded_its_place_loses_it_and_who_accepts_takes_it() -> None:
    made, _ = book()
    successor = Account(name="creancier", role="creditor", institution="etude-002", party="cred-1")
    assert refusal(made, CREDITOR, "claim-submitted") == "not-your-place"
    made.act(CREDITOR, CASE, "invitation-accepted", {})
    assert refusal(made, successor, "invitation-accepted") == "not-your-place"

    made.cede(CREDITOR, CASE, "etude-002")

    assert refusal(made, CREDITOR, "claim-submitted") == "not-your-place"
    assert made.act(successor, CASE, "claim-submitted", {}).said["institution"] == "etude-002"
    told = [(act.act, act.said.get("institution"), act.said.get("target")) for act in made.acts[1:3]]
    assert told == [("invitation-accepted", "etude-001", None), ("invitation-ceded", "etude-001", "etude-002")]
    with pytest.raises(RefusedError):
        made.cede(CREDITOR, CASE, "etude-003")
    with pytest.raises(RefusedError):
        made.cede(successor, CASE, "etude-002")


def test_claims_are_exported_with_their_amounts_for_the_mediator_of_the_case_alone() -> None:
    made, time = book()
    mediator = Account(name="m", role="mediator", institution="cpas-1")
    with pytest.raises(RefusedError):
        made.export(mediator, CASE)
    made.act(COURT, CASE, "admitted", {"institution": "cpas-1"})
    made.act(CREDITOR, CASE, "invitation-accepted", {})
    claim = made.act(CREDITOR, CASE, "claim-submitted", {"principal": "1250.10", "costs": "65.00"})
    assert "principal" not in claim.said, "an act tells no amounts"

    sheet = load_workbook(BytesIO(made.export(mediator, CASE))).worksheets[0]

    head, row = [[str(cell.value) for cell in line] for line in sheet.iter_rows(min_row=2)]
    told = dict(zip(head, row, strict=True))
    assert (told["Numéro du créancier"], told["Principal"], told["Total"]) == ("cred-1", "1250.1", "1315.1")
    assert told["Introduite le"].startswith(time().date().isoformat())
    made.switch(away=True)
    with pytest.raises(RefusedError):
        made.export(mediator, CASE)


def test_invited_creditor_acts_once_it_accepted_and_the_clerk_records_what_the_hub_prepared() -> None:
    made, _ = book()
    clerk = Clerk(made)
    made.act(COURT, CASE, "invited", {"party": "cred-1", "institution": "etude-001"})
    assert refusal(made, CREDITOR, "claim-submitted") == "not-your-place"

    said = {"case": case_of(CASE), "institution": "etude-001", "party": "cred-1", "target": "etude-002"}
    kind = "be.mediationhub.register-act.prepared.v1"
    clerk.hear({"type": "be.mediationhub.rcd-case.changed.v1", "data": {}})
    clerk.hear({"type": kind, "data": {**said, "act": "invitation-ceded"}})
    clerk.hear({"type": kind, "data": {**said, "act": "invitation-accepted"}})

    assert (made.acts[-1].act, made.acts[-1].said["target"]) == ("invitation-ceded", "etude-002")
    assert clerk.refused == ["not-your-place"]


async def test_hub_that_is_away_is_told_later_under_the_same_message_id_and_bytes() -> None:
    hub, (made, time) = FakeHub(), book()
    push = Push(hub, None, run="t", now=time)
    made.on_act(push.hear)
    made.act(COURT, CASE, "admitted", {"institution": "cpas-1"})
    hub.away = True
    assert await push.once() == 0
    made.act(COURT, CASE, "avis-posted", {})

    hub.away = False
    assert (await push.once(), push.waiting) == (1, 1)
    assert (await push.once(), push.waiting) == (1, 0)

    assert hub.came[0] == hub.came[1] != hub.came[2]
    assert list(push.documents.sent) == ["t.register.00001", "t.register.00002"]


async def test_counter_knows_accounts_by_their_token_and_tells_no_number_of_a_person(tmp_path: Path) -> None:
    hub, time = FakeHub(), StoryTime()
    async with register_house(time, Push(hub, None, run="t", now=time), FeedFollower(hub), tmp_path) as house:
        court = house.account("greffe", "court")
        assert await court.act(CASE, "petition-filed")
        assert await court.act(CASE, "admitted", niss="30010299171")
        stranger = RegisterAccount(house.http, "nonsense")
        assert await stranger.act(CASE, "closed") is None
        assert stranger.refused == ["account-unknown"]
        assert await _operated(house, "/journal", "nonsense") == (401, "operator-only")
        status, journal = await _operated(house, "/journal", house.desk.operator)
        assert status == 200
        assert "admitted" in journal
        assert "30010299171" not in journal
        assert (await house.http.post("/acts", content=b"{", headers={})).status_code == 400


async def _operated(house: RegisterHouse, path: str, token: str) -> tuple[int, str]:
    answer = await house.http.post(path, headers={"Authorization": f"Bearer {token}"})
    return answer.status_code, str(answer.json().get("rule", answer.text))


def test_daily_overview_is_one_mail_a_day_of_what_others_did_in_mediated_cases(tmp_path: Path) -> None:
    made, time = book()
    made.act(COURT, CASE, "admitted", {"institution": "cpas-1", "niss": "30010299171"})
    time.to(3)
    made.act(CREDITOR, CASE, "invitation-accepted", {})
    made.act(CREDITOR, CASE, "claim-submitted", {"principal": "10.00"})
    made.act(Account(name="m", role="mediator", institution="cpas-1"), CASE, "drafting-started", {})
    time.to(5)

    found = list(overviews(made, "cpas-1"))
    mails = [deliver(tmp_path, made, one) for one in found]

    assert [len(one.lines) for one in found] == [1, 2], "own acts and quiet days make no mail"
    assert list(overviews(made, "cpas-2")) == []
    assert sorted((tmp_path / "cpas-1" / "new").iterdir()) == sorted(mails)
    postman = Postman(tmp_path, made)
    assert (postman.rounds(), postman.rounds()) == (2, 0), "once a day, whatever is asked again"
    text = mails[1].read_bytes().decode()
    assert f"dossier {CASE} : nouvelle invitation" in text
    assert "30010299171" not in text
