"""Claims of a case as they were last told: only differences are let out (ADR 0022)."""

from datetime import date
from decimal import Decimal

from hub.domain.messaging.cloudevent import CloudEvent
from hub.domain.messaging.decision import State
from hub.domain.rcd.state import ClaimRow
from schemas.rcd_claims import ClaimNature, ClaimStatus, RcdClaimChanged, RcdClaimTold


class ToldClaim(State):
    """A claim as the case keeps it."""

    party: str
    nature: ClaimNature
    principal: Decimal
    interest: Decimal
    costs: Decimal
    preferred: bool
    title: bool
    proceedings: bool
    channel: str
    status: ClaimStatus
    submitted_on: date


def told_claim(data: RcdClaimTold) -> ToldClaim:
    """What is compared: everything but who told it."""
    return ToldClaim.model_validate(data.model_dump(include=set(ToldClaim.model_fields)))


def difference(before: ToldClaim | None, after: ToldClaim, data: RcdClaimTold) -> RcdClaimChanged | None:
    """What is new of a claim; None: nothing."""
    if before == after:
        return None
    changed = (
        ()
        if before is None
        else tuple(name for name in ToldClaim.model_fields if getattr(before, name) != getattr(after, name))
    )
    return RcdClaimChanged(
        case=data.case,
        claim_ref=data.claim_ref,
        party=data.party,
        fresh=before is None,
        changed=changed,
        nature=data.nature,
        principal=data.principal,
        interest=data.interest,
        costs=data.costs,
        status=data.status,
    )


def claim_row(data: RcdClaimTold, event: CloudEvent) -> ClaimRow:
    """How it is read and exported; amounts in cents."""
    return ClaimRow(
        case_id=data.case,
        claim_ref=data.claim_ref,
        case_ref=data.case_ref,
        party=data.party,
        nature=data.nature,
        principal=_cents(data.principal),
        interest=_cents(data.interest),
        costs=_cents(data.costs),
        preferred=data.preferred,
        title=data.title,
        proceedings=data.proceedings,
        channel=data.channel,
        status=data.status,
        submitted_on=data.submitted_on,
        told_by=data.told_by,
        changed_at=event.recordedtime,
    )


def _cents(amount: Decimal) -> int:
    return int(amount * 100)
