"""What mails suggest: told once for each institution, case, kind and day, and again only when there is more of it."""

from hub.domain.messaging.cloudevent import CloudEvent
from hub.domain.messaging.decision import Emission
from hub.domain.rcd.state import ActionRow
from schemas.rcd_actions import RcdActionAnnounced, RcdActionSuggested


def action_key(data: RcdActionAnnounced) -> str:
    """What makes two hints the same: the alert of a message and the line of that day's overview."""
    return f"{data.institution}/{data.kind}/{data.on}"


def suggested(data: RcdActionAnnounced, event: CloudEvent) -> Emission:
    """To the institution whose mailbox it was, to nobody else."""
    told = RcdActionSuggested(
        case=data.case,
        case_ref=data.case_ref,
        institution=data.institution,
        kind=data.kind,
        on=data.on,
        count=data.count,
        layout=data.layout,
    )
    return Emission(data=told, key=event.partitionkey, subject=event.subject, feeds=(data.institution,))


def action_row(data: RcdActionAnnounced, event: CloudEvent) -> ActionRow:
    """How it is read."""
    return ActionRow(
        institution=data.institution,
        on_day=data.on,
        case_id=data.case,
        kind=data.kind,
        case_ref=data.case_ref,
        times=data.count,
        layout=data.layout,
        suggested_at=event.recordedtime,
    )
