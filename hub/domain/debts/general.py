"""The general file of a person at a CPAS: what every debt file needs first (bcss-primaweb §4.1)."""

from hub.domain.debts.rows import GeneralFileRow
from hub.domain.debts.state import GeneralFile
from hub.domain.debts.told import refused, told
from hub.domain.messaging.calendar import local_date
from hub.domain.messaging.cloudevent import CloudEvent
from hub.domain.messaging.decision import Decision
from hub.domain.messaging.identity import Identity
from schemas.debt_commands import ModifyGeneralFile, OpenGeneralFile
from schemas.debts import GeneralFileModified, GeneralFileOpened


def opened(state: GeneralFile, event: CloudEvent, data: OpenGeneralFile) -> Decision[GeneralFile]:
    """One per person and CPAS, for ever."""
    if state.opened_on is not None:
        return refused(state, event, data.cpas, "general-file-exists")
    day = data.opened_on or local_date(event.recordedtime)
    update = {
        "cpas": data.cpas,
        "subject": event.subject or "",
        "person": Identity.of(event),
        "opened_on": day,
    }
    after = state.model_copy(update=update)
    fact = GeneralFileOpened(dossier=event.partitionkey, cpas=data.cpas, opened_on=day)
    return Decision(state=after, rows=(_row(after, event, details=True),), events=(told(after, event, fact),))


def modified(state: GeneralFile, event: CloudEvent, data: ModifyGeneralFile) -> Decision[GeneralFile]:
    """Its date, or the person as she is known from now on."""
    details = bool(data.name)
    day = data.opened_on or state.opened_on
    if day is None or (day == state.opened_on and not details):
        return Decision(state=state)
    after = state.model_copy(update={"opened_on": day, "person": Identity.of(event) if details else state.person})
    fact = GeneralFileModified(dossier=event.partitionkey, cpas=state.cpas, opened_on=day)
    return Decision(state=after, rows=(_row(after, event, details=details),), events=(told(after, event, fact),))


def _row(state: GeneralFile, event: CloudEvent, *, details: bool) -> GeneralFileRow:
    day = state.opened_on or local_date(event.recordedtime)
    return GeneralFileRow(
        event.partitionkey,
        state.cpas,
        state.subject,
        day,
        event.id if details else None,
        event.box if details else None,
        event.recordedtime,
    )
