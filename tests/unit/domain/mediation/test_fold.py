from datetime import timedelta

import pytest

from hub.domain.mediation.fold import mediation, process_manager
from hub.domain.mediation.state import Dossier
from hub.domain.messaging.decision import Decision
from hub.domain.messaging.errors import RuleError
from schemas.claims import ClaimsFound
from schemas.deliveries import MailFailed, MailSent
from schemas.event import Event
from schemas.mediation import (
    AnswerDue,
    AnswerOption,
    CloseDossier,
    ClosingProposalLapsed,
    ClosingProposed,
    CommandRefused,
    Consent,
    DossierClosed,
    DossierClosingReasonRecorded,
    DossierOpened,
    InvitationBounced,
    OfficeAnswered,
    OfficeDeclined,
    OfficeInvited,
    OfficeJoined,
    OfficeReminded,
    RegisterClient,
)
from schemas.notices import KnownBailiffsFound, KnownOffice
from schemas.rcd import RcdDetected
from tests.unit.domain.happenings import CPAS, DOSSIER, NOW, PERSON, Happenings

TERM = timedelta(days=15)
FOLD = mediation(TERM)


def register(*, registration: bool = True, sharing: bool = True) -> RegisterClient:
    consent = Consent(registration=registration, sharing=sharing, text_version="1", given_at=NOW)
    return RegisterClient(cpas=CPAS, stage="new", consent=consent)


def found(*offices: str) -> KnownBailiffsFound:
    known = tuple(KnownOffice(office=office, notices=("A",)) for office in offices)
    return KnownBailiffsFound(dossier=DOSSIER, cpas=CPAS, offices=known)


def answer(option: AnswerOption, office: str = "o1") -> OfficeAnswered:
    return OfficeAnswered(dossier=DOSSIER, office=office, option=option, terms_version="1", answered_at=NOW)


CLAIMS = ClaimsFound(dossier=DOSSIER, cpas=CPAS, office="o1")
CLOSE = CloseDossier(cpas=CPAS, dossier=DOSSIER, reason="R4")
DUE = AnswerDue(dossier=DOSSIER, office="o1")


def after(*events: Event) -> Decision[Dossier]:
    happened = Happenings()
    decision: Decision[Dossier] | None = None
    for data in events:
        box = "1.closed" if isinstance(data, RegisterClient) else None
        decision = FOLD(decision.state if decision else None, happened(data, box=box))
    assert decision is not None
    return decision


def kinds(decision: Decision[Dossier]) -> list[type[Event]]:
    return [type(one.data) for one in decision.events]


def rule(decision: Decision[Dossier]) -> str:
    (emission,) = decision.events
    assert isinstance(emission.data, CommandRefused)
    return emission.data.rule


def test_registration_with_consent_opens_the_dossier_for_its_cpas() -> None:
    decision = after(register())
    assert kinds(decision) == [DossierOpened]
    assert decision.events[0].feeds == (CPAS,)
    assert decision.state.open


@pytest.mark.parametrize("consent", [{"registration": False}, {"sharing": False}])
def test_registration_without_consent_is_refused_to_its_sender_only(consent: dict[str, bool]) -> None:
    decision = after(register(**consent))
    assert rule(decision) == "consent-missing"
    assert decision.events[0].feeds == (CPAS,)
    assert decision.deliveries == ()


def test_second_registration_of_an_open_dossier_is_refused_and_after_closing_it_opens_again() -> None:
    assert rule(after(register(), register())) == "dossier-already-open"
    assert kinds(after(register(), CLOSE, register())) == [DossierOpened]


def test_each_known_office_is_invited_once_with_mail_term_and_the_clients_identity_sealed() -> None:
    decision = after(register(), found("o1", "o2"))
    assert kinds(decision) == [OfficeInvited, OfficeInvited]
    assert [one.feeds for one in decision.events] == [(CPAS, "o1"), (CPAS, "o2")]
    assert [one.effect for one in decision.deliveries] == ["invitation/o1", "invitation/o2"]
    assert [one.due for one in decision.timers] == [NOW + TERM] * 2
    assert all(one.personal is not None and one.personal.subject == PERSON for one in decision.deliveries)

    assert kinds(after(register(), found("o1"), found("o1", "o2"))) == [OfficeInvited]
    assert after(register(), found("o1"), found("o1")).events == ()


def test_silent_office_is_reminded_once() -> None:
    reminded = after(register(), found("o1"), DUE)
    assert kinds(reminded) == [OfficeReminded]
    assert [one.effect for one in reminded.deliveries] == ["reminder/o1"]
    assert after(register(), found("o1"), DUE, DUE).deliveries == ()


@pytest.mark.parametrize(("option", "state"), [("O2", "P4"), ("O3", "P5"), ("O4", "P6"), ("O5", "P7")])
def test_answers_that_decline(option: AnswerOption, state: str) -> None:
    decision = after(register(), found("o1"), answer(option))
    assert kinds(decision) == [OfficeDeclined]
    assert decision.state.offices["o1"].state == state
    assert [(one.name, one.due) for one in decision.timers] == [("answer/o1", None)]
    assert after(register(), found("o1"), answer(option), DUE).deliveries == ()


@pytest.mark.parametrize("joins", [answer("O1"), CLAIMS])
def test_office_takes_part_by_its_answer_or_by_telling_claims_and_once(joins: Event) -> None:
    decision = after(register(), found("o1"), joins)
    assert kinds(decision) == [OfficeJoined]
    assert decision.state.offices["o1"].state == "P3"
    assert after(register(), found("o1"), joins, CLAIMS).events == ()


def test_answer_of_an_office_that_was_not_invited_is_refused_to_it_and_stops_nobody() -> None:
    decision = after(register(), found("o1"), answer("O1", "intruder"))
    assert rule(decision) == "invitation-unknown"
    assert decision.events[0].feeds == ("intruder",)
    assert rule(after(answer("O1"))) == "invitation-unknown"  # a dossier that does not exist


def test_term_counts_from_the_sending_of_the_mail_and_a_bounce_is_told_to_the_cpas_only() -> None:
    later = NOW + timedelta(hours=3)
    sent = MailSent(dossier=DOSSIER, office="o1", effect="invitation/o1", delivery="x", sent_at=later)
    (timer,) = after(register(), found("o1"), sent).timers
    assert timer.due == later + TERM

    failed = MailFailed(
        dossier=DOSSIER, office="o1", effect="invitation/o1", delivery="x", failed_at=later, rule="address-missing"
    )
    bounced = after(register(), found("o1"), failed)
    assert kinds(bounced) == [InvitationBounced]
    assert bounced.events[0].feeds == (CPAS,)


def test_closing_tells_every_concerned_office_once_and_why_only_to_the_cpas() -> None:
    decision = after(register(), found("o1", "o2", "o3"), answer("O3", "o2"), answer("O1", "o3"), CLOSE)
    told: list[type[Event]] = [DossierClosed, DossierClosingReasonRecorded]
    assert kinds(decision) == told
    assert [one.feeds for one in decision.events] == [(CPAS, "o1", "o3"), (CPAS,)]
    assert [one.effect for one in decision.deliveries] == ["closing/o1", "closing/o3"]
    assert {one.due for one in decision.timers} == {None}
    assert kinds(after(register(), found("o1"), CLOSE, CLAIMS)) == []


def test_only_the_owner_closes() -> None:
    stranger = CloseDossier(cpas="cpas-2", dossier=DOSSIER, reason="R4")
    assert rule(after(register(), stranger)) == "dossier-unknown"
    assert rule(after(register(), CLOSE, CLOSE)) == "dossier-closed"


def test_what_happens_to_a_dossier_that_was_never_opened_is_a_failure() -> None:
    with pytest.raises(RuleError) as refused:
        after(found("o1"))
    assert refused.value.rule == "dossier-unknown"


def test_every_handled_type_has_a_branch() -> None:
    assert len(process_manager(TERM).handles) == 9


def in_settlement(*, running: bool = True) -> RcdDetected:
    return RcdDetected(
        dossier=DOSSIER, cpas=CPAS, running=running, told_by="register", admitted_on=NOW.date() if running else None
    )


def test_settlement_is_proposed_as_a_reason_to_close_once_and_to_the_cpas_only() -> None:
    decision = after(register(), found("o1"), in_settlement())

    (emission,) = decision.events
    assert emission.data == ClosingProposed(
        dossier=DOSSIER, cpas=CPAS, reason="R2A", told_by="register", since=NOW.date()
    )
    assert emission.feeds == (CPAS,)
    assert decision.state.open
    assert decision.deliveries == ()
    assert after(register(), in_settlement(), in_settlement()).events == ()


def test_end_of_a_settlement_is_told_where_it_was_proposed_and_never_of_a_closed_dossier() -> None:
    assert kinds(after(register(), in_settlement(), in_settlement(running=False))) == [ClosingProposalLapsed]
    assert after(register(), in_settlement(running=False)).events == ()
    assert after(register(), CLOSE, in_settlement()).events == ()
    assert kinds(after(register(), in_settlement(), CLOSE, register(), in_settlement())) == [ClosingProposed]
