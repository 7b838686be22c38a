"""Places of parties in a collective settlement: invitations, mandates, sales; rcd-justrestart §1.4 (S1)."""

from datetime import datetime
from typing import ClassVar, Literal

from schemas.event import Event, InstitutionId, KeyKind
from schemas.rcd import Act, CaseId, PartyId, RegisterRef

AccessAct = Literal[
    "invited", "invitation-refused", "invitation-ceded", "mandate-granted", "claim-saved", "claim-sold-in-part",
]  # fmt: skip
"""Acts about places of parties (S1, §1.4), beside ``invitation-accepted`` and ``access-blocked``."""


class RegisterAccessRecorded(Event):
    """An act about a party's place in a case that the register recorded (S1, §1.4)."""

    type: ClassVar[str] = "be.mediationhub.register-access.recorded.v1"
    keyed_by: ClassVar[KeyKind] = "case"

    case: CaseId
    act: AccessAct
    register_ref: RegisterRef
    occurred_at: datetime
    party: PartyId | None = None
    institution: InstitutionId | None = None
    """Who was invited, or who acts."""
    target: InstitutionId | None = None
    """Who gets access by this act: in one's place, beside one, or for a part of one's claim."""
    target_party: PartyId | None = None
    """The second party that a sale of a part makes."""
    outage: RegisterRef | None = None
    evidence: RegisterRef | None = None
    case_ref: RegisterRef | None = None


class AskAccess(Event):
    """Command of an institution: what it wants with an invitation or a place in a case (S1, §1.4).

    The hub prepares the act and tells the register; the case changes when the register has recorded it.
    """

    type: ClassVar[str] = "be.mediationhub.rcd-access.ask.v1"
    keyed_by: ClassVar[KeyKind] = "case"

    institution: InstitutionId
    case: CaseId
    wish: Literal["accept", "refuse", "cede", "mandate", "sell-in-part"]
    party: PartyId
    target: InstitutionId | None = None
    target_party: PartyId | None = None


class RegisterActPrepared(Event):
    """An act that an institution asked for and the case allows, for the register to record."""

    type: ClassVar[str] = "be.mediationhub.register-act.prepared.v1"
    keyed_by: ClassVar[KeyKind] = "case"

    case: CaseId
    act: AccessAct | Literal["invitation-accepted"]
    institution: InstitutionId
    party: PartyId
    target: InstitutionId | None = None
    target_party: PartyId | None = None
    command: str
    """Id of the command that asked."""


class RcdAccessChanged(Event):
    """An institution has another access to a party's place in a case; with ``none`` it is told nothing more."""

    type: ClassVar[str] = "be.mediationhub.rcd-access.changed.v1"
    keyed_by: ClassVar[KeyKind] = "case"

    case: CaseId
    institution: InstitutionId
    party: PartyId
    access: Literal["invited", "linked", "none"]
    act: Act | AccessAct
    """The act that made it so."""
    register_ref: RegisterRef
