"""What the next decision about a person at a CPAS needs, and the rows it is read from."""

from datetime import date, datetime
from typing import Literal, NamedTuple
from uuid import UUID

from pydantic import Field

from hub.domain.messaging.cloudevent import CloudEvent
from hub.domain.messaging.decision import State
from hub.domain.messaging.identity import Identity
from schemas.mutations import Change, Source
from schemas.persons import FlowName


class Span(State):
    """Days, both included; ``end`` None: open."""

    begin: date
    end: date | None = None

    def holds(self, day: date) -> bool:
        """Whether a day is one of them."""
        return self.begin <= day and (self.end is None or day <= self.end)

    def covers(self, other: "Span") -> bool:
        """Whether every day of another span is one of them."""
        return self.begin <= other.begin and (self.end is None or (other.end is not None and other.end <= self.end))

    def meets(self, other: "Span") -> bool:
        """Whether they share a day."""
        return (self.end is None or other.begin <= self.end) and (other.end is None or self.begin <= other.end)


class Inscription(State):
    """An integration that the bank has: the days on which the gate is open."""

    code: int
    spans: tuple[Span, ...]


class Pending(State):
    """A change asked of the bank and not yet answered. ``unknown``: sent, and only a list tells what became of it."""

    operation: Literal["register", "unregister"]
    code: int
    begin: date
    end: date | None = None
    unknown: bool = False
    tries: int = 1
    of: str = ""
    """The integration to cut, for unregister."""

    @property
    def span(self) -> Span:
        """Its days."""
        return Span(begin=self.begin, end=self.end)


class Consulting(State):
    """A consultation on its way."""

    flow: FlowName
    integration: str


class WaitingMutation(State):
    """A mutation that came before one that precedes it; its personal part stays where the event sealed it."""

    sealed: Identity
    notification: UUID
    source: Source
    ticket: str | None = None
    changes: tuple[Change, ...]
    at: datetime


class Access(State):
    """One person at one CPAS."""

    cpas: str
    subject: str
    person: Identity | None = None
    files: tuple[str, ...] = ()
    """Active debt files of hers."""
    households: tuple[str, ...] = ()
    """Active debt files of debtors in whose household she is."""
    inscriptions: dict[str, Inscription] = Field(default_factory=dict)
    pending: dict[str, Pending] = Field(default_factory=dict)
    consultations: dict[str, Consulting] = Field(default_factory=dict)
    searches: tuple[str, ...] = ()
    """Searches on their way; a state that has any is of a search, not of a person."""
    nobody_at: datetime | None = None
    """When a search by sound found nobody; None again once a BIS number was asked for."""
    asked_bis: str | None = None
    """The request for a BIS number that is on its way."""
    mutation: int = 0
    """The number of the last mutation that was told; 0: none was."""
    mutations: dict[int, WaitingMutation] = Field(default_factory=dict)
    """What came after a number that is still missing, by its own number."""
    renumbered: int = 0
    """The number of the mutation that gave the person her present number."""

    def proven(self, event: CloudEvent) -> Identity | None:
        """Whom the bank is asked about: as the newest command proves, unless the bank itself gave a newer number."""
        return self.person if self.renumbered else Identity.of(event) or self.person


IntegrationState = Literal["requested", "unknown", "registered", "rejected", "ended", "unregistered"]


class _IntegrationColumns(NamedTuple):
    dossier: str
    integration: str
    cpas: str
    subject: str
    code: int
    begins_on: date
    ends_on: date | None
    state: str
    reason: str | None
    changed_at: datetime


class IntegrationRow(_IntegrationColumns):
    """``projection_integration``: how an integration stands."""

    __slots__ = ()
    table = "projection_integration"
    identity = ("dossier", "integration")
    guard = None
    kept = ()


class _HistoryColumns(NamedTuple):
    dossier: str
    integration: str
    event_id: UUID
    state: str
    begins_on: date
    ends_on: date | None
    reason: str | None
    at: datetime


class IntegrationHistoryRow(_HistoryColumns):
    """``projection_integration_history``: every step of an integration; a row per event, never changed (D4)."""

    __slots__ = ()
    table = "projection_integration_history"
    identity = ("dossier", "integration", "event_id")
    guard = None
    kept = ()


class _ConsultationColumns(NamedTuple):
    consultation: str
    dossier: str
    cpas: str
    subject: str
    flow: str
    state: str
    status: str | None
    reason: str | None
    answer: UUID | None
    asked_at: datetime | None
    changed_at: datetime


class ConsultationRow(_ConsultationColumns):
    """``projection_consultation``: authorised · denied · answered · failed."""

    __slots__ = ()
    table = "projection_consultation"
    identity = ("consultation",)
    guard = None
    kept = ("asked_at",)


class _FlowMutationColumns(NamedTuple):
    dossier: str
    flow: str
    mutated_at: datetime


class FlowMutationRow(_FlowMutationColumns):
    """``projection_flow_mutation``: since when answers of a flow about a person are stale."""

    __slots__ = ()
    table = "projection_flow_mutation"
    identity = ("dossier", "flow")
    guard = "mutated_at"
    kept = ()
