"""A settlement among a person's notices: what dossiers and offices learn, and what they do not."""

from hypothesis import given
from hypothesis import strategies as st

from hub.domain.messaging.decision import Decision, Emission
from hub.domain.notices.fold import fold
from hub.domain.notices.state import PersonNotices
from schemas.event import Event
from schemas.mediation import DossierClosed, DossierOpened
from schemas.notices import NoticeExpired, NoticeRegistered, NoticeStruck
from schemas.rcd import AvisState, RcdAvisTold, RcdDetected, RcdStandingChanged
from tests.unit.domain.happenings import CPAS, DOSSIER, EXPIRY, NOW, PERSON, Happenings

CASE = "c" + "1" * 32
OPENED = DossierOpened(dossier=DOSSIER, cpas=CPAS, stage="new", opened_at=NOW)
CLOSED = DossierClosed(dossier=DOSSIER, cpas=CPAS, closed_at=NOW)
OVER = RcdStandingChanged(case=CASE, standing="over")


def notice(number: str = "A", office: str | None = "office-1", kind: str = "N2") -> NoticeRegistered:
    return NoticeRegistered.model_validate(
        {"notice": number, "kind": kind, "office": office, "registered_at": NOW, "expires_on": EXPIRY}
    )


def struck(number: str) -> NoticeStruck:
    return NoticeStruck(notice=number, struck_on=NOW.date())


def running(avis: AvisState | None = None) -> RcdStandingChanged:
    return RcdStandingChanged(case=CASE, standing="running", admitted_on=NOW.date(), avis=avis)


def after(*events: Event) -> list[Decision[PersonNotices]]:
    happened, made = Happenings(), list[Decision[PersonNotices]]()
    for data in events:
        made.append(fold(made[-1].state if made else None, happened(data, key=PERSON)))
    return made


def told(*events: Event) -> list[Emission]:
    return [one for decision in after(*events) for one in decision.events]


def to_dossiers(*events: Event) -> list[bool]:
    return [one.data.running for one in told(*events) if isinstance(one.data, RcdDetected)]


def to_offices(*events: Event) -> list[tuple[str, tuple[str, ...], str]]:
    found = [one for one in told(*events) if isinstance(one.data, RcdAvisTold)]
    assert all(isinstance(one.data, RcdAvisTold) and one.feeds == (one.data.office,) for one in found)
    return [(one.data.office, one.data.notices, one.data.avis) for one in found if isinstance(one.data, RcdAvisTold)]


def test_dossier_is_told_when_a_settlement_runs_and_when_it_no_longer_does() -> None:
    assert to_dossiers(OPENED, running(), running("posted"), OVER) == [True, False]
    assert to_dossiers(running(), OPENED) == [True]
    assert to_dossiers(OPENED, CLOSED, running()) == []


def test_admission_that_a_later_act_takes_away_is_taken_back() -> None:
    assert to_dossiers(OPENED, running(), RcdStandingChanged(case=CASE, standing="withdrawn")) == [True, False]


def test_register_and_fca_tell_the_same_settlement_once_and_it_is_over_when_both_say_so() -> None:
    n10 = notice("S", None, "N10")
    assert to_dossiers(OPENED, n10, running(), OVER, struck("S")) == [True, False]
    assert to_dossiers(OPENED, running(), n10, struck("S"), OVER) == [True, False]


def test_notice_of_a_settlement_that_expires_ends_no_settlement() -> None:
    assert to_dossiers(OPENED, notice("S", None, "N10"), NoticeExpired(notice="S", expires_on=EXPIRY)) == [True]


def test_office_whose_notices_run_is_told_of_each_avis_by_its_own_numbers_and_by_mail() -> None:
    events = (notice("A"), notice("B"), notice("C", "office-2"), struck("C"), running("posted"), running("radiated"))
    assert to_offices(*events) == [("office-1", ("A", "B"), "posted"), ("office-1", ("A", "B"), "radiated")]
    mails = [one for decision in after(*events) for one in decision.deliveries]
    assert [(one.content["office"], one.content["avis"], one.personal) for one in mails] == [
        ("office-1", "posted", None),
        ("office-1", "radiated", None),
    ]


def test_office_that_comes_later_is_told_while_the_avis_stands_and_not_of_one_that_is_gone() -> None:
    assert to_offices(running("posted"), notice("A")) == [("office-1", ("A",), "posted")]
    assert to_offices(running("posted"), running("radiated"), notice("A")) == []


def test_office_is_told_that_a_settlement_was_taken_back_or_was_somebody_elses() -> None:
    withdrawn = RcdStandingChanged(case=CASE, standing="withdrawn")

    assert to_offices(notice("A"), running("posted"), withdrawn) == [
        ("office-1", ("A",), "posted"),
        ("office-1", ("A",), "radiated"),
    ]
    assert to_offices(notice("A"), running(), withdrawn) == []
    assert len(to_offices(notice("A"), running("posted"), running("radiated"), withdrawn)) == 2


def test_settlement_without_an_avis_is_told_to_no_office() -> None:
    assert to_offices(notice("A"), running(), OVER) == []


@given(st.permutations([OPENED, running("posted"), notice("A"), notice("S", None, "N10")]))
def test_in_any_order_of_arrival_dossier_and_office_are_told_once(events: list[Event]) -> None:
    assert to_dossiers(*events) == [True]
    assert to_offices(*events) == [("office-1", ("A",), "posted")]
