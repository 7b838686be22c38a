"""Integrations of a person: asked, answered, doubted, listed, ended (bcss-primaweb §3.1).

A change has legal effect. When its outcome is unknown it is never sent again before a list of the bank told that it was
not done, and at most ``GateRules.tries`` times in all.
"""

from datetime import date

from hub.domain.messaging.calendar import local_date
from hub.domain.messaging.cloudevent import CloudEvent
from hub.domain.messaging.decision import Decision
from hub.domain.persons.gate import GateRules
from hub.domain.persons.state import Access, Pending, Span
from hub.domain.persons.told import change_call, list_call, refused, rows, told
from schemas.persons import EndIntegration, IntegrationRequested, RequestIntegration


def request(state: Access, event: CloudEvent, data: RequestIntegration, rules: GateRules) -> Decision[Access]:
    """Integrate on command of a CPAS; a person asks for each renewal (D6)."""
    begin = data.begin or local_date(event.recordedtime)
    end = data.end or rules.last_day(begin)
    if rule := _forbidden(state, data.code, Span(begin=begin, end=end), local_date(event.recordedtime), rules):
        return refused(state, event, rule)
    known = _identified(state, event)
    change = Pending(operation="register", code=data.code, begin=begin, end=end)
    return _asked(known, event, change, "command")


def _forbidden(state: Access, code: int, span: Span, today: date, rules: GateRules) -> str | None:
    """The rule that forbids to ask for an integration now."""
    if code != rules.code:
        return "code-not-configured"
    if span.end is None or span.end < span.begin:
        return "period-order"
    if span.end < today:
        return "period-over"
    if span.end > rules.last_day(span.begin):
        return "period-too-long"
    if any(change.code == code and change.span.meets(span) for change in state.pending.values()):
        return "integration-pending"
    return None


def by_default(state: Access, event: CloudEvent, rules: GateRules) -> Decision[Access]:
    """Integrate because a debt file was opened (I3), from today on (D2); not twice for the same days."""
    begin = local_date(event.recordedtime)
    span = Span(begin=begin, end=rules.last_day(begin))
    asked = any(one.operation == "register" and one.span.covers(span) for one in state.pending.values())
    there = any(one.covers(span) for kept in state.inscriptions.values() for one in kept.spans)
    if not rules.with_file or asked or there:
        return Decision(state=state)
    change = Pending(operation="register", code=rules.code, begin=span.begin, end=span.end)
    return _asked(state, event, change, "debt-file")


def _asked(state: Access, event: CloudEvent, change: Pending, origin: str) -> Decision[Access]:
    name = str(event.id)
    after = state.model_copy(update={"pending": {**state.pending, name: change}})
    fact = IntegrationRequested(
        dossier=event.partitionkey,
        cpas=state.cpas,
        integration=name,
        code=change.code,
        begin=change.begin,
        end=change.end or change.begin,
        origin="debt-file" if origin == "debt-file" else "command",
    )
    return Decision(
        state=after,
        rows=rows(state, event, name, change, to="requested"),
        events=(told(state, event, fact),),
        deliveries=(change_call(after, event, name, change),),
    )


def unregister(state: Access, event: CloudEvent, data: EndIntegration) -> Decision[Access]:
    """De-integrate on command of a CPAS; the gate closes for those days at once, whatever the bank then says."""
    if data.end is not None and data.end < data.begin:
        return refused(state, event, "period-order")
    return ending(_identified(state, event), event, data.code, Span(begin=data.begin, end=data.end))


def ending(state: Access, event: CloudEvent, code: int, away: Span) -> Decision[Access]:
    """Ask the bank to take days away from what is integrated under a code."""
    if any(change.code == code and change.span.meets(away) for change in state.pending.values()):
        return refused(state, event, "integration-pending")
    held = [name for name, one in state.inscriptions.items() if one.code == code and _meets(one.spans, away)]
    if not held:
        return refused(state, event, "integration-unknown")
    change = Pending(operation="unregister", code=code, begin=away.begin, end=away.end, of=held[0])
    name = str(event.id)
    after = state.model_copy(update={"pending": {**state.pending, name: change}})
    return Decision(state=after, deliveries=(change_call(after, event, name, change),))


def end_left(state: Access, event: CloudEvent, code: int, away: Span) -> Decision[Access]:
    """Take away what is left of an integration, if anything is and no change of it is on its way (D5)."""
    busy = any(change.code == code and change.span.meets(away) for change in state.pending.values())
    left = any(one.code == code and _meets(one.spans, away) for one in state.inscriptions.values())
    return ending(state, event, code, away) if left and not busy else Decision(state=state)


def _meets(spans: tuple[Span, ...], away: Span) -> bool:
    return any(span.meets(away) for span in spans)


def ask_list(state: Access, event: CloudEvent) -> Decision[Access]:
    """Ask the bank what it knows."""
    known = state if state.person else _identified(state, event)
    return Decision(state=known, deliveries=(list_call(known, event),))


def _identified(state: Access, event: CloudEvent) -> Access:
    """The person as the newest command proves her."""
    return state.model_copy(update={"person": state.proven(event)})
