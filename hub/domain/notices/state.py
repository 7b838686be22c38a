"""What is known of a person's notices, and the row each one is read from."""

from datetime import date
from typing import Literal, NamedTuple
from uuid import UUID

from pydantic import Field

from hub.domain.messaging.decision import State
from schemas.rcd import AvisState

NoticeState = Literal["active", "suspended", "struck", "expired"]


class Notice(State):
    """One notice: its kind, holder's office, version and term."""

    kind: str
    office: str | None
    version: int
    expires_on: date
    state: NoticeState
    since: date | None = None
    """When it was registered; kept of a collective settlement's (N10) only."""
    origin: UUID
    """The event that told its present version; its box holds the personal part."""


class Watcher(State):
    """An open dossier that is told when an office becomes known."""

    cpas: str


class Settlement(State):
    """A collective settlement of the person, as the register's acts say."""

    running: bool
    admitted_on: date | None = None
    court: str | None = None
    avis: AvisState | None = None
    effects_from: date | None = None


class PersonNotices(State):
    """All notices of a person by number, her collective settlements by case, and who waits for news."""

    notices: dict[str, Notice] = Field(default_factory=dict)
    settlements: dict[str, Settlement] = Field(default_factory=dict)
    watchers: dict[str, Watcher] = Field(default_factory=dict)

    def offices(self) -> dict[str, tuple[str, ...]]:
        """Offices known through notices that still run, with their numbers."""
        found: dict[str, tuple[str, ...]] = {}
        for number, notice in sorted(self.notices.items()):
            if notice.office and notice.state in {"active", "suspended"}:
                found[notice.office] = (*found.get(notice.office, ()), number)
        return found


class _NoticeColumns(NamedTuple):
    subject: str
    notice: str
    kind: str
    office: str | None
    state: str
    version: int
    expires_on: date
    event_id: UUID
    box: str | None


class NoticeRow(_NoticeColumns):
    """``projection_notice``; ``box`` is the personal part of the event ``event_id``."""

    __slots__ = ()
    table = "projection_notice"
    identity = ("subject", "notice")
    guard = "version"
    kept = ("box",)
