"""The CPC dossier: registration with consent, invitations, answers, closing; domain page fca-cpc §4."""

from datetime import date, datetime
from typing import ClassVar, Literal

from schemas.event import DossierId, Event, InstitutionId, OfficeId, Personal, Value
from schemas.notices import Address

AnswerOption = Literal["O1", "O2", "O3", "O4", "O5"]
"""The five answers of the manual §3.3: shares · principal refuses · no files · never · not for this one."""

ClosingReason = Literal["R1", "R2A", "R2B", "R3", "R4", "R5", "R6", "R7", "R8", "R9", "R10"]
"""Manual §4.6; R2 is split into A (collective settlement) and B (judicial protection), fca-cpc §4.7."""


class Consent(Value):
    """Prior, explicit consent of the client, given to the CPAS (manual §2.1)."""

    registration: bool
    sharing: bool
    text_version: str
    given_at: datetime
    evidence: str | None = None


class CaseWorker(Value):
    """Account details of the CPAS on the registration form (manual §3.2)."""

    desk: str
    reference: str
    manager: str
    email: str
    phone: str | None = None


class RegisterClient(Event):
    """Command of a CPAS: register a client; the dossier is opened by it (manual §3.2–3.3)."""

    type: ClassVar[str] = "be.mediationhub.client.register.v1"
    identifier_field: ClassVar[str | None] = "niss"

    cpas: InstitutionId
    stage: str
    consent: Consent
    language: Literal["fr", "nl", "de"] = "fr"
    niss: Personal[str] = None
    name: Personal[str] = None
    first_name: Personal[str] = None
    sex: Personal[Literal["M", "F"]] = None
    born: Personal[date] = None
    address: Personal[Address] = None
    phone: Personal[str] = None
    email: Personal[str] = None
    worker: Personal[CaseWorker] = None


class CloseDossier(Event):
    """Command of the owning CPAS: close a dossier with a reason (manual §4.6)."""

    type: ClassVar[str] = "be.mediationhub.dossier.close.v1"

    cpas: InstitutionId
    dossier: DossierId
    reason: ClosingReason


class DossierOpened(Event):
    """A dossier exists for a registered client (manual §3.3)."""

    type: ClassVar[str] = "be.mediationhub.dossier.opened.v1"

    dossier: DossierId
    cpas: InstitutionId
    stage: str
    opened_at: datetime


class OfficeInvited(Event):
    """A known office was invited to tell its claims; a mail with the reference goes to it (manual §3.3)."""

    type: ClassVar[str] = "be.mediationhub.office.invited.v1"

    dossier: DossierId
    cpas: InstitutionId
    office: OfficeId
    invitation: str
    """Reference that binds the answer: in the mail, in the answer, in the office's feed."""
    answer_by: datetime
    niss: Personal[str] = None
    name: Personal[str] = None
    first_name: Personal[str] = None


class AnswerDue(Event):
    """The term T1 of an invitation passed without an answer (manual §3.3: 15 days, then a reminder)."""

    type: ClassVar[str] = "be.mediationhub.answer.due.v1"

    dossier: DossierId
    office: OfficeId


class OfficeReminded(Event):
    """An office that had not answered was reminded (manual §3.3)."""

    type: ClassVar[str] = "be.mediationhub.office.reminded.v1"

    dossier: DossierId
    cpas: InstitutionId
    office: OfficeId


class OfficeAnswered(Event):
    """An office chose one of the five answers to an invitation (manual §3.3)."""

    type: ClassVar[str] = "be.mediationhub.office.answered.v1"

    dossier: DossierId
    office: OfficeId
    option: AnswerOption
    terms_version: str
    answered_at: datetime


class OfficeJoined(Event):
    """An office takes part in a dossier: it answered O1 or told a claim after its invitation."""

    type: ClassVar[str] = "be.mediationhub.office.joined.v1"

    dossier: DossierId
    cpas: InstitutionId
    office: OfficeId
    joined_at: datetime


class OfficeDeclined(Event):
    """An office takes no part (answers O2 to O5)."""

    type: ClassVar[str] = "be.mediationhub.office.declined.v1"

    dossier: DossierId
    cpas: InstitutionId
    office: OfficeId
    option: AnswerOption


class DossierClosed(Event):
    """A dossier was closed; offices learn that, never why (fca-cpc §4.9, minimised)."""

    type: ClassVar[str] = "be.mediationhub.dossier.closed.v1"

    dossier: DossierId
    cpas: InstitutionId
    closed_at: datetime


class DossierClosingReasonRecorded(Event):
    """Why a dossier was closed, for its CPAS alone."""

    type: ClassVar[str] = "be.mediationhub.dossier.closing-reason-recorded.v1"

    dossier: DossierId
    cpas: InstitutionId
    reason: ClosingReason


class ClosingProposed(Event):
    """The hub proposes to close a dossier for a reason it learned of; only its CPAS closes (manual §2.1, §4.6)."""

    type: ClassVar[str] = "be.mediationhub.closing.proposed.v1"

    dossier: DossierId
    cpas: InstitutionId
    reason: ClosingReason
    told_by: Literal["register", "fca"]
    since: date | None = None
    court: str | None = None


class ClosingProposalLapsed(Event):
    """What a proposal to close was made for is over, or was taken back; the dossier is as before."""

    type: ClassVar[str] = "be.mediationhub.closing-proposal.lapsed.v1"

    dossier: DossierId
    cpas: InstitutionId
    reason: ClosingReason


class InvitationBounced(Event):
    """The mail of an invitation could not be delivered; the CPAS may look for another way."""

    type: ClassVar[str] = "be.mediationhub.invitation.bounced.v1"

    dossier: DossierId
    cpas: InstitutionId
    office: OfficeId
    rule: str


class CommandRefused(Event):
    """A command or answer could not be obeyed; its sender learns the rule that forbids it."""

    type: ClassVar[str] = "be.mediationhub.command.refused.v1"

    institution: InstitutionId
    command: str
    """Id of the refused event."""
    rule: str
