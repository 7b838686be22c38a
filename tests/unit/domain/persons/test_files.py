from datetime import UTC, datetime, timedelta

from hub.domain.messaging.decision import Decision
from hub.domain.persons.fold import persons
from hub.domain.persons.gate import GateRules, reading_gate
from hub.domain.persons.state import Access
from schemas.consultations import ConsultFlow, FlowConsultationDenied
from schemas.event import Event
from schemas.mediation import CommandRefused
from schemas.persons import (
    AccessCallEnded,
    DebtFileStandingChanged,
    IntegrationRejected,
    IntegrationRequested,
    RequestIntegration,
)
from tests.unit.domain.happenings import CPAS, DOSSIER, Happenings

RULES = GateRules(legal_contexts={"addresses/31": "PCSA:DEBT_RECOVERY"})
AT = datetime(2015, 6, 5, 9, 0, tzinfo=UTC)


def standing(*, active: bool = True, created: bool = False, file: str = "f1", role: str = "debtor") -> Event:
    return DebtFileStandingChanged.model_validate(
        {"dossier": DOSSIER, "cpas": CPAS, "file": file, "role": role, "active": active, "created": created}
    )


class Person:
    def __init__(self, rules: GateRules = RULES) -> None:
        self.fold, self.happened = persons(rules), Happenings()
        self.state: Access | None = None
        self.at = AT

    def __call__(self, data: Event) -> Decision[Access]:
        decision = self.fold(self.state, self.happened(data, at=self.at, box="1.closed"))
        self.state = decision.state
        return decision

    def answered(self, call: Decision[Access], outcome: str = "answered") -> Decision[Access]:
        content = call.deliveries[0].content
        said = {
            "dossier": DOSSIER,
            "cpas": CPAS,
            "operation": content["operation"],
            "integration": content["integration"],
            "outcome": outcome,
            "reasons": ("22007007",) if outcome == "rejected" else (),
        }
        return self(AccessCallEnded.model_validate(said))


def test_new_file_integrates_its_debtor_from_today_for_a_month() -> None:
    call = Person()(standing(created=True))

    (asked,) = [one.data for one in call.events]
    assert isinstance(asked, IntegrationRequested)
    assert (asked.begin.isoformat(), asked.end.isoformat(), asked.code, asked.origin) == (
        "2015-06-05",
        "2015-07-04",
        31,
        "debt-file",
    )
    assert call.deliveries[0].content["operation"] == "register"


def test_member_of_the_household_and_a_reactivated_file_integrate_nobody() -> None:
    assert Person()(standing(created=True, role="household")).deliveries == ()
    assert Person()(standing()).deliveries == ()


def test_second_file_of_the_same_day_asks_nothing_more() -> None:
    person = Person()
    person(standing(created=True))

    assert person(standing(created=True, file="f2")).deliveries == ()


def test_gate_wants_an_active_file_beside_the_integration() -> None:
    person = Person()
    person.answered(person(standing(created=True)))
    assert reading_gate(person.state, AT.date(), RULES).open

    person(standing(active=False))

    assert reading_gate(person.state, AT.date(), RULES).reason == "NO_ACTIVE_FILE"
    denied = person(ConsultFlow(cpas=CPAS, flow="addresses")).events[0].data
    assert isinstance(denied, FlowConsultationDenied)
    person(standing(role="household", file="f9"))
    assert reading_gate(person.state, AT.date(), RULES).open


def test_closing_the_last_file_ends_the_integration_only_where_it_is_set() -> None:
    person = Person()
    person.answered(person(standing(created=True)))
    assert person(standing(active=False)).deliveries == ()

    ending = Person(GateRules(end_with_file=True))
    ending.answered(ending(standing(created=True)))
    (call,) = ending(standing(active=False)).deliveries
    assert (call.content["operation"], call.content["begin"]) == ("unregister", "2015-06-06")


def test_rejected_integration_leaves_the_file_and_blocks_consulting() -> None:
    person = Person()
    rejected = person.answered(person(standing(created=True)), "rejected")

    fact = rejected.events[0].data
    assert isinstance(fact, IntegrationRejected)
    assert fact.reasons == ("22007007",)
    assert person.state is not None
    assert person.state.files == ("f1",)
    assert reading_gate(person.state, AT.date(), RULES).reason == "NOT_INTEGRATED"


def test_what_a_cpas_may_not_ask_is_refused_with_its_rule() -> None:
    today = AT.date()
    days = timedelta(days=1)
    asked = {
        "period-too-long": RequestIntegration(cpas=CPAS, begin=today, end=today + 30 * days),
        "period-order": RequestIntegration(cpas=CPAS, begin=today, end=today - days),
        "period-over": RequestIntegration(cpas=CPAS, begin=today - 9 * days, end=today - days),
        "code-not-configured": RequestIntegration(cpas=CPAS, code=1),
        "period-and-focus-required": ConsultFlow(cpas=CPAS, flow="pensions"),
    }
    for rule, command in asked.items():
        refusal = Person()(command).events[0].data
        assert isinstance(refusal, CommandRefused)
        assert refusal.rule == rule


def test_second_request_while_the_first_is_on_its_way_is_refused() -> None:
    person = Person()
    person(RequestIntegration(cpas=CPAS))

    refusal = person(RequestIntegration(cpas=CPAS)).events[0].data

    assert isinstance(refusal, CommandRefused)
    assert refusal.rule == "integration-pending"
