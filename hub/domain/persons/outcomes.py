"""What became of calls to ManageAccess, and the days that pass (bcss-primaweb §3.1)."""

from hub.domain.messaging.calendar import local_date
from hub.domain.messaging.cloudevent import CloudEvent
from hub.domain.messaging.decision import Decision, Delivery, Emission, Timer
from hub.domain.persons.gate import GateRules, cut
from hub.domain.persons.state import Access, Inscription, Pending, Span
from hub.domain.persons.told import change_call, list_call, rows, terms, told
from schemas.persons import (
    AccessCallEnded,
    IntegrationEnded,
    IntegrationExpiring,
    IntegrationOutcomeUnknown,
    IntegrationRegistered,
    IntegrationRejected,
    IntegrationsListed,
    IntegrationTermReached,
    IntegrationUnregistered,
)


def ended(state: Access, event: CloudEvent, data: AccessCallEnded, rules: GateRules) -> Decision[Access]:
    """A call came back, or did not."""
    if data.operation == "list":
        return listed(state, event, data, rules)
    name = data.integration or ""
    change = state.pending.get(name)
    if change is None:
        return Decision(state=state)  # a list decided meanwhile
    match data.outcome:
        case "answered":
            return settled(state, event, name, data, rules)
        case "unknown":
            return _doubted(state, event, name, data)
        case _:
            return _rejected(state, event, name, data)


def settled(state: Access, event: CloudEvent, name: str, data: AccessCallEnded, rules: GateRules) -> Decision[Access]:
    """The change was done: the gate opens on its days, or closes for good on them."""
    change = state.pending[name]
    before = _without(state, name)
    if change.operation == "unregister":
        return _cut(before, event, change, rules)
    kept = {**before.inscriptions, name: Inscription(code=change.code, spans=(change.span,))}
    after = before.model_copy(update={"inscriptions": kept})
    fact = IntegrationRegistered(
        dossier=event.partitionkey,
        cpas=state.cpas,
        integration=name,
        code=change.code,
        begin=change.begin,
        end=change.end or change.begin,
        overlaps=data.others,
        ticket=data.ticket,
        ticket_bcss=data.ticket_bcss,
        listed=data.operation == "list",
    )
    return Decision(
        state=after,
        rows=rows(state, event, name, change, to="registered"),
        events=(told(state, event, fact),),
        timers=terms(state, event, name, change.end, rules),
    )


def _cut(state: Access, event: CloudEvent, change: Pending, rules: GateRules) -> Decision[Access]:
    """Days are gone from every integration of the code that had them (D4)."""
    kept, found, events, timers = dict(state.inscriptions), [], [], []  # type: ignore[var-annotated]
    for name, one in state.inscriptions.items():
        if one.code != change.code or not any(span.meets(change.span) for span in one.spans):
            continue
        left = cut(one.spans, change.span)
        if left:
            kept[name] = one.model_copy(update={"spans": left})
        else:
            del kept[name]
        whole = _whole(one.model_copy(update={"spans": left or one.spans}))
        found += rows(state, event, name, whole, to="registered" if left else "unregistered")
        timers += terms(state, event, name, left[-1].end if left else None, rules)
        fact = IntegrationUnregistered(
            dossier=event.partitionkey,
            cpas=state.cpas,
            integration=name,
            code=one.code,
            begin=change.begin,
            end=change.end,
        )
        events.append(told(state, event, fact))
    after = state.model_copy(update={"inscriptions": kept})
    return Decision(state=after, rows=tuple(found), events=tuple(events), timers=tuple(timers))


def _doubted(state: Access, event: CloudEvent, name: str, data: AccessCallEnded) -> Decision[Access]:
    """It was sent and nobody knows: a list decides."""
    change = state.pending[name].model_copy(update={"unknown": True})
    after = state.model_copy(update={"pending": {**state.pending, name: change}})
    fact = IntegrationOutcomeUnknown(
        dossier=event.partitionkey,
        cpas=state.cpas,
        integration=name,
        operation=change.operation,
        ticket=data.ticket,
    )
    shown = rows(state, event, name, change, to="unknown") if change.operation == "register" else ()
    return Decision(state=after, rows=shown, events=(told(state, event, fact),), deliveries=(list_call(after, event),))


def _rejected(state: Access, event: CloudEvent, name: str, data: AccessCallEnded) -> Decision[Access]:
    """It was certainly not done; file and integration are two things, so the file stays as it is (D7)."""
    change = state.pending[name]
    fact = IntegrationRejected(
        dossier=event.partitionkey,
        cpas=state.cpas,
        integration=name,
        operation=change.operation,
        reasons=data.reasons,
        ticket=data.ticket,
        ticket_bcss=data.ticket_bcss,
    )
    reason = " ".join(data.reasons)
    shown = rows(state, event, name, change, to="rejected", reason=reason) if change.operation == "register" else ()
    return Decision(state=_without(state, name), rows=shown, events=(told(state, event, fact),))


def listed(state: Access, event: CloudEvent, data: AccessCallEnded, rules: GateRules) -> Decision[Access]:
    """The bank told what it knows: doubts are settled, and what it does not list is no longer relied on."""
    if data.outcome != "answered":
        return Decision(state=state)  # the doubt stays, and with it the closed gate; a person may ask again
    fact = IntegrationsListed(
        dossier=event.partitionkey,
        cpas=state.cpas,
        own=data.own,
        others=data.others,
        answer=data.answer,
        ticket=data.ticket,
        ticket_bcss=data.ticket_bcss,
    )
    decision: Decision[Access] = Decision(state=state, events=(told(state, event, fact),))
    for name, change in state.pending.items():
        if change.unknown:
            decision = _after(decision, _decided(decision.state, event, name, data, rules))
    for name in list(decision.state.inscriptions):
        if name in state.inscriptions:
            decision = _after(decision, _believed(decision.state, event, name, data, rules))
    return decision


def _decided(state: Access, event: CloudEvent, name: str, data: AccessCallEnded, rules: GateRules) -> Decision[Access]:
    """A list settles a change whose outcome was unknown; only what was not done is asked again."""
    change = state.pending[name]
    own = [Span(begin=one.begin, end=one.end) for one in data.own if one.code == change.code]
    if change.operation == "register":
        done = any(one.covers(change.span) for one in own)
    else:
        done = not any(one.meets(change.span) for one in own)
    if done:
        return settled(state, event, name, data, rules)
    if change.tries >= rules.tries:
        return _rejected(state, event, name, data.model_copy(update={"reasons": ("NOT_LISTED",)}))
    again = change.model_copy(update={"unknown": False, "tries": change.tries + 1})
    after = state.model_copy(update={"pending": {**state.pending, name: again}})
    return Decision(state=after, deliveries=(change_call(after, event, name, again),))


def _believed(state: Access, event: CloudEvent, name: str, data: AccessCallEnded, rules: GateRules) -> Decision[Access]:
    """An integration that the bank does not list on a day it should hold is over: the bank is believed."""
    one = state.inscriptions[name]
    today = local_date(event.recordedtime)
    own = [Span(begin=kept.begin, end=kept.end) for kept in data.own if kept.code == one.code]
    missing = any(span.holds(today) and not any(kept.holds(today) for kept in own) for span in one.spans)
    return _over(state, event, name, "not-listed", rules) if missing else Decision(state=state)


def term_reached(state: Access, event: CloudEvent, data: IntegrationTermReached, rules: GateRules) -> Decision[Access]:
    """The warning before an end, or the end."""
    one = state.inscriptions.get(data.integration)
    if one is None:
        return Decision(state=state)
    last = one.spans[-1].end
    if data.term == "end":
        over = last is not None and last < local_date(event.time)
        return _over(state, event, data.integration, "expired", rules) if over else Decision(state=state)
    if last is None:
        return Decision(state=state)
    fact = IntegrationExpiring(dossier=event.partitionkey, cpas=state.cpas, integration=data.integration, end=last)
    return Decision(state=state, events=(told(state, event, fact),))


def _over(state: Access, event: CloudEvent, name: str, why: str, rules: GateRules) -> Decision[Access]:
    one = state.inscriptions[name]
    fact = IntegrationEnded(
        dossier=event.partitionkey,
        cpas=state.cpas,
        integration=name,
        why="expired" if why == "expired" else "not-listed",
    )
    after = state.model_copy(
        update={"inscriptions": {kept: value for kept, value in state.inscriptions.items() if kept != name}}
    )
    return Decision(
        state=after,
        rows=rows(state, event, name, _whole(one), to="ended", reason=why),
        events=(told(state, event, fact),),
        timers=terms(state, event, name, None, rules),
    )


def _whole(one: Inscription) -> Pending:
    """From the first to the last day of an integration, as its rows show it."""
    return Pending(operation="register", code=one.code, begin=one.spans[0].begin, end=one.spans[-1].end)


def _without(state: Access, name: str) -> Access:
    return state.model_copy(update={"pending": {kept: one for kept, one in state.pending.items() if kept != name}})


def _after(one: Decision[Access], then: Decision[Access]) -> Decision[Access]:
    """Two decisions of one event, the second made on the first's state."""
    rows_, events = (*one.rows, *then.rows), (*one.events, *then.events)
    deliveries: tuple[Delivery, ...] = (*one.deliveries, *then.deliveries)
    timers: tuple[Timer, ...] = (*one.timers, *then.timers)
    emissions: tuple[Emission, ...] = events
    return Decision(state=then.state, rows=rows_, events=emissions, deliveries=deliveries, timers=timers)
