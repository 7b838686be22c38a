"""Which collective settlements a document edits: each is an access that is logged with it (ADR 0027)."""

from collections.abc import Iterable, Mapping

from hub.application.intake.submission import Submission
from hub.application.read.case_access import CaseAccess, by_administrator, by_institution
from hub.domain.messaging.cloudevent import CloudEvent
from schemas.event import CaseData
from schemas.rcd_notices import AccessQuality

_QUALITY: Mapping[CaseData, AccessQuality] = {"claims": "mediator"}
"""Of an institution that is not the register: its connector lets nobody else edit that."""


def edited(events: Iterable[CloudEvent], submission: Submission) -> tuple[CaseAccess, ...]:
    """One edition a case and kind of data, in the order of the document."""
    found = dict.fromkeys((event.partitionkey, event.data.edits) for event in events if event.data.edits)
    return tuple(_edition(case, what, submission) for case, what in found if what)


def _edition(case: str, what: CaseData, submission: Submission) -> CaseAccess:
    if submission.edited_by:
        return by_administrator(submission.edited_by, case, what=what)
    caller = submission.caller
    return by_institution(
        caller.institution,
        case,
        quality="register" if caller.kind == "register" else _QUALITY[what],
        what=what,
        origin=submission.origin,
        action="EDIT",
    )
