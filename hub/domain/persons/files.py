"""Debt files as the gate needs them: which are active, hers or of a household she belongs to (D3, D5)."""

from datetime import timedelta

from hub.domain.messaging.calendar import local_date
from hub.domain.messaging.cloudevent import CloudEvent
from hub.domain.messaging.decision import Decision
from hub.domain.persons import integrations
from hub.domain.persons.gate import GateRules
from hub.domain.persons.state import Access, Span
from schemas.persons import DebtFileStandingChanged


def changed(state: Access, event: CloudEvent, data: DebtFileStandingChanged, rules: GateRules) -> Decision[Access]:
    """A file became active or is so no longer; only a new file of her own integrates her, and nobody else (I3, I7)."""
    known = _noted(state, event, data)
    if data.created and data.active and data.role == "debtor":
        return integrations.by_default(known, event, rules)
    gone = state.files and not known.files
    if gone and rules.end_with_file:
        tomorrow = local_date(event.recordedtime) + timedelta(days=1)
        return integrations.end_left(known, event, rules.code, Span(begin=tomorrow))
    return Decision(state=known)


def _noted(state: Access, event: CloudEvent, data: DebtFileStandingChanged) -> Access:
    held = "files" if data.role == "debtor" else "households"
    before: tuple[str, ...] = getattr(state, held)
    others = tuple(one for one in before if one != data.file)
    update: dict[str, object] = {held: (*others, data.file) if data.active else others}
    return state.model_copy(update={**update, "person": state.proven(event)})
