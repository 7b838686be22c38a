"""Accesses to a collective settlement, and the debtor's notice of each (AR 11 Oct 2023, arts. 4 and 8; ADR 0027)."""

from datetime import datetime
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from schemas.event import CaseData, Event, KeyKind, Value
from schemas.rcd import CaseId

AccessQuality = Literal["mediator", "recipient", "applicant", "register", "administrator"]
"""What somebody is to a case that he looks at or edits. ``recipient``: of a mail that names it."""

AccessAction = Literal["CONSULT", "EDIT"]


class CaseAccessNoted(Event):
    """An access to a case was logged under this number."""

    type: ClassVar[str] = "be.mediationhub.case-access.noted.v1"
    keyed_by: ClassVar[KeyKind] = "case"

    case: CaseId
    entry: Annotated[int, Field(ge=1)]
    at: datetime
    quality: AccessQuality
    action: AccessAction
    what: CaseData


class NoticeText(Value):
    """The five items of art. 8, in one language."""

    language: Literal["fr", "nl", "de"]
    items: tuple[str, str, str, str, str]


class DebtorNoticeIssued(Event):
    """What the debtor can read after an access to the case: complete, in his language or, unknown, in all three."""

    type: ClassVar[str] = "be.mediationhub.debtor-notice.issued.v1"
    keyed_by: ClassVar[KeyKind] = "case"

    case: CaseId
    entry: Annotated[int, Field(ge=1)]
    at: datetime
    quality: AccessQuality
    action: AccessAction
    what: CaseData
    texts: tuple[NoticeText, ...]
