"""Claims of a collective settlement as a mediator sees them in the register (art. 1675/9 §2, ADR 0022)."""

from datetime import date
from typing import ClassVar, Literal

from schemas.event import CaseData, Event, InstitutionId, KeyKind, Money
from schemas.rcd import CaseId, PartyId, RegisterRef

ClaimNature = Literal["credit", "energy", "telecom", "rent", "tax", "fine", "maintenance", "other"]
ClaimStatus = Literal["introduced", "contested"]


class RcdClaimTold(Event):
    """A claim as an export of the register shows it; told again with every export. No act, no legal date."""

    type: ClassVar[str] = "be.mediationhub.rcd-claim.told.v1"
    keyed_by: ClassVar[KeyKind] = "case"
    documents_only: ClassVar[bool] = True
    edits: ClassVar[CaseData | None] = "claims"

    case: CaseId
    case_ref: RegisterRef
    claim_ref: RegisterRef
    party: PartyId
    nature: ClaimNature
    principal: Money
    interest: Money
    costs: Money
    preferred: bool = False
    title: bool = False
    """An enforceable title is there."""
    proceedings: bool = False
    channel: Literal["register", "paper"] = "register"
    status: ClaimStatus = "introduced"
    submitted_on: date
    """As the export says; the legal date is the register's act."""
    told_by: InstitutionId


class RcdClaimChanged(Event):
    """A claim of a case is new or stands otherwise than it was last told."""

    type: ClassVar[str] = "be.mediationhub.rcd-claim.changed.v1"
    keyed_by: ClassVar[KeyKind] = "case"

    case: CaseId
    claim_ref: RegisterRef
    party: PartyId
    fresh: bool
    """It was not known before."""
    changed: tuple[str, ...] = ()
    """Names of the fields that differ."""
    nature: ClaimNature
    principal: Money
    interest: Money
    costs: Money
    status: ClaimStatus
