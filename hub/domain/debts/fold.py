"""The process manager of a person's debt files at a CPAS (bcss-primaweb §4).

``(none) → active → closed(date) → active``. Debt file and integration are two aggregates linked by events (D7): this
one tells how files stand, the gate of each person concerned listens.
"""

from collections.abc import Callable

from hub.domain.debts import files, general, household, refunds
from hub.domain.debts.rules import DebtRules
from hub.domain.debts.state import GeneralFile
from hub.domain.debts.told import refused
from hub.domain.messaging.cloudevent import CloudEvent
from hub.domain.messaging.decision import Decision, ProcessManager
from hub.domain.messaging.errors import RuleError
from schemas.debt_commands import (
    AddHouseholdMember,
    AddRefund,
    CloseDebtFile,
    DeleteRefund,
    ModifyDebtFile,
    ModifyGeneralFile,
    ModifyRefund,
    NoteOfficialMember,
    OpenDebtFile,
    OpenGeneralFile,
    ReactivateDebtFile,
    RemoveHouseholdMember,
)

GROUP = "hub.debts"
_OF_A_FILE = (ModifyDebtFile, CloseDebtFile, ReactivateDebtFile, AddRefund, ModifyRefund, DeleteRefund)
_OF_HOUSEHOLDS = (AddHouseholdMember, RemoveHouseholdMember, NoteOfficialMember)
_HANDLED = (OpenGeneralFile, ModifyGeneralFile, OpenDebtFile, *_OF_A_FILE, *_OF_HOUSEHOLDS)
_TYPES = frozenset(kind.type for kind in _HANDLED)
_OPENED = (OpenDebtFile, ModifyDebtFile, ModifyGeneralFile, ModifyRefund)
"""Whose personal part says something that decides: a description that is missing, an account that is none."""


def debts(rules: DebtRules) -> Callable[[GeneralFile | None, CloudEvent], Decision[GeneralFile]]:
    """The fold of a person's debt files at a CPAS."""

    def fold(state: GeneralFile | None, event: CloudEvent) -> Decision[GeneralFile]:
        if event.type not in _TYPES:
            raise RuleError("event-not-handled", "the debt files of a person do not know this event")
        known, data = state or GeneralFile(), event.data
        if isinstance(data, OpenGeneralFile):
            return general.opened(known, event, data)
        cpas = getattr(data, "cpas", "")
        if known.opened_on is None or cpas != known.cpas:
            return refused(known, event, cpas, "general-file-unknown")
        if isinstance(data, _OF_A_FILE):
            return _in_file(known, event, rules)
        return _in_general(known, event, rules)

    return fold


def _in_general(state: GeneralFile, event: CloudEvent, rules: DebtRules) -> Decision[GeneralFile]:
    """What is asked of the general file, of a household, or for a new debt file."""
    match event.data:
        case ModifyGeneralFile() as data:
            return general.modified(state, event, data)
        case OpenDebtFile() as data:
            return files.opened(state, event, data, rules)
        case AddHouseholdMember() as data:
            return household.added(state, event, data)
        case RemoveHouseholdMember() as data:
            return household.removed(state, event, data)
        case NoteOfficialMember() as data:
            return household.noted(state, event, data)
        case _:
            raise RuleError("event-not-handled", "a general file does not know this event")


def _in_file(state: GeneralFile, event: CloudEvent, rules: DebtRules) -> Decision[GeneralFile]:
    """What is asked of one debt file; a closed one is only made active again, unless the rules say otherwise."""
    data = event.data
    file = state.files.get(getattr(data, "file", ""))
    if file is None:
        return refused(state, event, state.cpas, "debt-file-unknown")
    if isinstance(data, CloseDebtFile):
        return files.closed(state, event, data, rules)
    if isinstance(data, ReactivateDebtFile):
        return files.reactivated(state, event, data, rules)
    if not file.active and not rules.edit_closed:
        return refused(state, event, state.cpas, "debt-file-closed")
    return _edited(state, event, rules)


def _edited(state: GeneralFile, event: CloudEvent, rules: DebtRules) -> Decision[GeneralFile]:
    match event.data:
        case ModifyDebtFile() as data:
            return files.modified(state, event, data, rules)
        case AddRefund() as data:
            return refunds.added(state, event, data, rules)
        case ModifyRefund() as data:
            return refunds.modified(state, event, data, rules)
        case DeleteRefund() as data:
            return refunds.deleted(state, event, data, rules)
        case _:
            raise RuleError("event-not-handled", "a debt file does not know this event")


def process_manager(rules: DebtRules) -> ProcessManager[GeneralFile]:
    """The consumer group of debt files."""
    return ProcessManager(
        group=GROUP,
        state=GeneralFile,
        fold=debts(rules),
        handles=_TYPES,
        opens=frozenset(kind.type for kind in _OPENED),
    )
