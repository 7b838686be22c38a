"""The office directory, as the Chamber lists it (fca-cpc §1.1, FCIAGetOffices)."""

from typing import NamedTuple

from hub.domain.messaging.cloudevent import CloudEvent
from hub.domain.messaging.decision import Decision, ProcessManager, State
from hub.domain.messaging.errors import RuleError
from schemas.access import OfficeListed


class ListedOffice(State):
    """Nothing to remember: the last listing counts."""


class _OfficeColumns(NamedTuple):
    office: str
    name: str
    street: str | None
    number: str | None
    postcode: str | None
    city: str | None
    email: str | None
    phone: str | None
    web: str | None
    language: str
    registered: bool


class OfficeRow(_OfficeColumns):
    """``projection_office``."""

    __slots__ = ()
    table = "projection_office"
    identity = ("office",)
    guard = None
    kept = ()


def fold(_state: ListedOffice | None, event: CloudEvent) -> Decision[ListedOffice]:
    """Replace what is known of an office by its newest listing."""
    data = event.data
    if not isinstance(data, OfficeListed):
        raise RuleError("event-not-handled", "the directory does not know this event")
    row = OfficeRow(*(getattr(data, name) for name in OfficeRow._fields))
    return Decision(state=ListedOffice(), rows=(row,))


DIRECTORY = ProcessManager(group="hub.directory", state=ListedOffice, fold=fold, handles=frozenset({OfficeListed.type}))
