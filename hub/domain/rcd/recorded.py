"""What a case keeps of an act, and of a term that an act started."""

from datetime import date, datetime

from hub.domain.messaging.calendar import local_date
from hub.domain.messaging.decision import State
from hub.domain.rcd.notice_words import Language
from schemas.rcd import Act
from schemas.rcd_access import AccessAct


class RecordedAct(State):
    """An act as the case keeps it."""

    act: Act | AccessAct
    ref: str
    at: datetime
    party: str | None = None
    residence: str = "BE"
    channel: str = "register"
    institution: str | None = None
    months: int | None = None
    outage: str | None = None
    evidence: str | None = None
    court: str | None = None
    role_number: str | None = None
    language: Language | None = None
    target: str | None = None
    target_party: str | None = None

    @property
    def on(self) -> date:
        """Its day in Brussels."""
        return local_date(self.at)


class RunningTerm(State):
    """A term with both readings of its last day."""

    early: date
    late: date
    started: date
