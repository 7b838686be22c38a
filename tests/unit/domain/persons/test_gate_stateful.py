"""Whatever happens in whatever order: no answer without an open gate at the moment of sending, none outside the period.

The bank of this test has its own books. Calls get lost before it, after it, or are answered, at once or days later;
lists tell its books. What was granted is added up from the events alone, as a CPAS reads them in its feed.
"""

from datetime import UTC, date, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from hub.domain.messaging.calendar import local_date
from hub.domain.messaging.cloudevent import CloudEvent
from hub.domain.messaging.decision import Delivery
from hub.domain.persons.fold import persons
from hub.domain.persons.gate import GateRules, cut, gate, reading_gate
from hub.domain.persons.state import Access, Span
from schemas.consultations import ConsultFlow, FlowAnswered, FlowCallEnded, FlowConsultationAuthorised
from schemas.event import Event
from schemas.persons import (
    AccessCallEnded,
    EndIntegration,
    IntegrationEnded,
    IntegrationRegistered,
    IntegrationTermReached,
    IntegrationUnregistered,
    OwnRegistration,
    RequestIntegration,
)
from tests.unit.domain.happenings import CPAS, DOSSIER, Happenings

RULES = GateRules(legal_contexts={"addresses/31": "PCSA:DEBT_RECOVERY"}, file_needed=False)
FOLD = persons(RULES)
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


FATES = ("answered", "answered late", "rejected", "lost before", "lost after", "given up", "bank says no")
OUTCOMES = {"answered": "answered", "answered late": "answered", "lost before": "unknown", "lost after": "unknown"}


class Gate(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.happened = Happenings()
        self.state: Access | None = None
        self.bank: tuple[Span, ...] = ()
        self.calls: list[tuple[CloudEvent, Delivery]] = []
        self.timers: dict[str, tuple[datetime, IntegrationTermReached]] = {}
        self.facts: list[Event] = []
        self.changes_sent: list[str] = []
        self.sent_with_open_gate: dict[str, datetime] = {}
        self.granted: dict[str, set[date]] = {}
        self.flying: list[FlowCallEnded] = []

    def tell(self, data: Event) -> None:
        event = self.happened(data, at=self.now, box="1.closed")
        decision = FOLD(self.state, event)
        self.state = decision.state
        self.calls += [(event, one) for one in decision.deliveries]
        for one in decision.events:
            self.facts.append(one.data)
            self.granting(one.data)
        for timer in decision.timers:
            self.timers.pop(timer.name, None)
            if timer.due is not None and isinstance(timer.event, IntegrationTermReached):
                self.timers[timer.name] = (timer.due, timer.event)

    def granting(self, fact: Event) -> None:
        """The days of each integration that the CPAS was told it has, and still has."""
        match fact:
            case IntegrationRegistered(integration=name, begin=begin, end=end):
                self.granted[name] = {begin + timedelta(days=n) for n in range((end - begin).days + 1)}
            case IntegrationUnregistered(integration=name, begin=begin, end=end):
                self.granted[name] = {day for day in self.granted[name] if day < begin or (end and day > end)}
            case IntegrationEnded(integration=name):
                self.granted[name] = {day for day in self.granted[name] if day < local_date(self.now)}
            case _:
                pass

    @rule(days=st.integers(0, 12), fires=st.booleans())
    def time_passes(self, *, days: int, fires: bool) -> None:
        self.now += timedelta(days=days)
        for name, (due, data) in list(self.timers.items()):
            if fires and due <= self.now:
                del self.timers[name]
                self.tell(data)

    @rule(ahead=st.integers(0, 3), length=st.none() | st.integers(0, 40))
    def integrate(self, *, ahead: int, length: int | None) -> None:
        begin = local_date(self.now) + timedelta(days=ahead)
        end = None if length is None else begin + timedelta(days=length)
        self.tell(RequestIntegration(cpas=CPAS, begin=begin, end=end))

    @rule(back=st.integers(0, 5), length=st.none() | st.integers(0, 20))
    def end(self, *, back: int, length: int | None) -> None:
        begin = local_date(self.now) - timedelta(days=back)
        self.tell(EndIntegration(cpas=CPAS, begin=begin, end=begin + timedelta(days=length) if length else None))

    @rule()
    def consult(self) -> None:
        self.tell(ConsultFlow(cpas=CPAS, flow="addresses"))

    @rule()
    def late_answer_comes(self) -> None:
        if self.flying:
            self.tell(self.flying.pop(0))

    @rule(fate=st.sampled_from(FATES))
    def deliver(self, *, fate: str) -> None:
        if not self.calls:
            return
        _, call = self.calls.pop(0)
        if call.kind == "bcss-flow":
            self.flow(call, fate)
        else:
            self.change(call, fate)

    def flow(self, call: Delivery, fate: str) -> None:
        today = local_date(self.now)
        name = call.content["consultation"]
        base = {"dossier": DOSSIER, "cpas": CPAS, "consultation": name, "flow": "addresses"}
        verdict = gate(self.state, "addresses", today, RULES)
        if not verdict.open:
            self.tell(FlowCallEnded.model_validate({**base, "outcome": "denied", "reasons": (verdict.reason,)}))
        elif fate in {"lost before", "lost after"}:
            self.calls.append((self.happened(ConsultFlow(cpas=CPAS, flow="addresses")), call))
        elif fate == "bank says no" or not any(span.holds(today) for span in self.bank):
            self.tell(FlowCallEnded.model_validate({**base, "outcome": "denied", "reasons": ("BCSS_MSG00012",)}))
        elif fate == "given up":
            self.tell(FlowCallEnded.model_validate({**base, "outcome": "failed", "reasons": ("x",)}))
        else:
            self.sent_with_open_gate[name] = self.now
            said = {"outcome": "answered", "status": "DATA_FOUND", "asked_at": self.now, "ticket": "t"}
            answer = FlowCallEnded.model_validate({**base, **said, "integration": verdict.integration})
            assert today in self.granted[str(verdict.integration)], "sent outside what the integration still grants"
            if fate == "answered late":
                self.flying.append(answer)
            else:
                self.tell(answer)

    def change(self, call: Delivery, fate: str) -> None:
        operation, name = call.content["operation"], call.content.get("integration")
        base = {"dossier": DOSSIER, "cpas": CPAS, "operation": operation, "integration": name}
        if operation == "list":
            own = tuple(OwnRegistration(code=31, begin=one.begin, end=one.end) for one in self.bank)
            outcome = "failed" if fate in {"lost before", "lost after", "given up"} else "answered"
            self.tell(AccessCallEnded.model_validate({**base, "outcome": outcome, "own": own}))
            return
        self.changes_sent.append(call.effect)
        if fate in {"answered", "answered late", "lost after"}:
            self.books(operation, call)
        told = {
            "answered": "answered",
            "answered late": "answered",
            "lost before": "unknown",
            "lost after": "unknown",
        }.get(fate, "rejected")
        self.tell(AccessCallEnded.model_validate({**base, "outcome": told}))

    def books(self, operation: str, call: Delivery) -> None:
        span = Span.model_validate({"begin": call.content["begin"], "end": call.content.get("end")})
        self.bank = cut(self.bank, span)
        if operation == "register":
            self.bank = (*self.bank, span)

    @invariant()
    def every_answer_had_an_open_gate_when_it_was_sent(self) -> None:
        answered = [one for one in self.facts if isinstance(one, FlowAnswered)]
        authorised = {one.consultation for one in self.facts if isinstance(one, FlowConsultationAuthorised)}

        assert all(one.asked_at == self.sent_with_open_gate.get(one.consultation) for one in answered)
        assert {one.consultation for one in answered} <= authorised
        assert len({one.consultation for one in answered}) == len(answered)

    @invariant()
    def every_answer_lies_inside_the_period_that_its_integration_was_granted(self) -> None:
        periods = {one.integration: one for one in self.facts if isinstance(one, IntegrationRegistered)}
        for one in self.facts:
            if isinstance(one, FlowAnswered):
                period = periods[one.integration]
                assert period.begin <= local_date(one.asked_at) <= period.end

    @invariant()
    def nothing_is_read_on_a_day_that_is_not_granted(self) -> None:
        today = local_date(self.now)
        verdict = reading_gate(self.state, today, RULES)
        assert not verdict.open or today in self.granted[str(verdict.integration)]

    @invariant()
    def no_change_was_sent_twice(self) -> None:
        assert len(set(self.changes_sent)) == len(self.changes_sent)

    @invariant()
    def open_days_are_never_longer_than_a_month(self) -> None:
        for one in self.state.inscriptions.values() if self.state else ():
            for span in one.spans:
                assert span.end is not None
                assert span.end <= RULES.last_day(span.begin)


TestGate = Gate.TestCase
TestGate.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
