"""What mails of the register say is to be done: hints of low trust, never acts (ADR 0022)."""

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from schemas.event import Event, InstitutionId, KeyKind
from schemas.rcd import CaseId, RegisterRef

ActionKind = Literal["invitation", "claim", "plan", "objection", "hearing", "decision", "message"]
MailLayoutName = Literal["daily-overview", "message-alert"]
Count = Annotated[int, Field(ge=1, le=500)]


class RcdActionAnnounced(Event):
    """A mail of the register, in an institution's mailbox, said that something happened in a case."""

    type: ClassVar[str] = "be.mediationhub.rcd-action.announced.v1"
    keyed_by: ClassVar[KeyKind] = "case"

    case: CaseId
    case_ref: RegisterRef
    institution: InstitutionId
    kind: ActionKind
    on: date
    count: Count = 1
    layout: MailLayoutName


class RcdActionSuggested(Event):
    """Something may have to be done in the register. Low trust: look there; nothing follows from it by law."""

    type: ClassVar[str] = "be.mediationhub.rcd-action.suggested.v1"
    keyed_by: ClassVar[KeyKind] = "case"

    case: CaseId
    case_ref: RegisterRef
    institution: InstitutionId
    kind: ActionKind
    on: date
    count: Count
    layout: MailLayoutName
    trust: Literal["low"] = "low"
