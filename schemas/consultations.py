"""A CPAS consults a flow of the Crossroads Bank (BCSS) about a person it integrated; bcss-primaweb §2, §3, §5.

No answer ever stands in an event: ``answer`` names where it lies sealed.
"""

from datetime import date, datetime
from typing import ClassVar, Literal

from schemas.event import DossierId, Event, InstitutionId, KeyKind, Personal
from schemas.persons import CallOutcome, FlowName, IntegrationId, PensionFocus, Reason

FlowStatus = Literal["DATA_FOUND", "NO_DATA_FOUND", "NO_RESULT", "INCOMPLETE_DATA"]
"""``StatusType`` of CommonV3, and DGPH's INCOMPLETE_DATA (bcss-primaweb §1.3, §2.8)."""


class ConsultFlow(Event):
    """Command of a CPAS: consult one of the seven flows about a person (I8)."""

    type: ClassVar[str] = "be.mediationhub.flow.consult.v1"
    identifier_field: ClassVar[str | None] = "niss"

    cpas: InstitutionId
    flow: FlowName
    begin: date | None = None
    end: date | None = None
    focus: PensionFocus | None = None
    language: Literal["fr", "nl", "de"] = "fr"
    niss: Personal[str] = None


class FlowConsultationAuthorised(Event):
    """The gate was open when a consultation was asked; it is looked at again at the moment of sending (D3)."""

    type: ClassVar[str] = "be.mediationhub.flow-consultation.authorised.v1"

    dossier: DossierId
    cpas: InstitutionId
    consultation: str
    flow: FlowName
    integration: IntegrationId


class FlowConsultationDenied(Event):
    """The gate was closed, for the hub or for the bank (``MSG00012``); nothing is integrated by itself."""

    type: ClassVar[str] = "be.mediationhub.flow-consultation.denied.v1"

    dossier: DossierId
    cpas: InstitutionId
    consultation: str
    flow: FlowName
    reason: Reason
    ticket_bcss: str | None = None


class FlowAnswered(Event):
    """A consultation was answered. ``filtered``: not communicated to this client, which is not the same as none."""

    type: ClassVar[str] = "be.mediationhub.flow.answered.v1"

    dossier: DossierId
    cpas: InstitutionId
    consultation: str
    flow: FlowName
    integration: IntegrationId
    status: FlowStatus
    reasons: tuple[Reason, ...]
    filtered: tuple[str, ...]
    answer: str | None
    """Where it lies sealed; read it at ``/v1/answers/{answer}`` while the gate is open."""
    asked_at: datetime
    ticket: str
    ticket_bcss: str | None = None


class FlowFailed(Event):
    """A consultation was given up without an answer."""

    type: ClassVar[str] = "be.mediationhub.flow.failed.v1"

    dossier: DossierId
    cpas: InstitutionId
    consultation: str
    flow: FlowName
    reasons: tuple[Reason, ...]


class PersonNumberReplaced(Event):
    """The bank says that the number asked about was replaced; integrate the new one first (``MSG00006``)."""

    type: ClassVar[str] = "be.mediationhub.person-number.replaced.v1"

    dossier: DossierId
    cpas: InstitutionId
    answer: str | None = None


class PersonNumberCancelled(Event):
    """The bank says that the number asked about was cancelled: a person must look (``MSG00007``)."""

    type: ClassVar[str] = "be.mediationhub.person-number.cancelled.v1"

    dossier: DossierId
    cpas: InstitutionId
    answer: str | None = None


class FlowCallEnded(Event):
    """What became of a call to a flow."""

    type: ClassVar[str] = "be.mediationhub.flow-call.ended.v1"

    dossier: DossierId
    cpas: InstitutionId
    consultation: str
    flow: FlowName
    outcome: CallOutcome
    status: FlowStatus | None = None
    reasons: tuple[Reason, ...] = ()
    filtered: tuple[str, ...] = ()
    integration: IntegrationId | None = None
    answer: str | None = None
    asked_at: datetime | None = None
    ticket: str | None = None
    ticket_bcss: str | None = None


class AdapterSuspended(Event):
    """Nothing more is sent to a service: the bank said that contract or authorisation is wrong, or a person did."""

    type: ClassVar[str] = "be.mediationhub.adapter.suspended.v1"
    keyed_by: ClassVar[KeyKind] = "adapter"

    adapter: str
    reason: Reason
    by: str


class AdapterResumed(Event):
    """A service is asked again; what waited leaves now."""

    type: ClassVar[str] = "be.mediationhub.adapter.resumed.v1"
    keyed_by: ClassVar[KeyKind] = "adapter"

    adapter: str
    by: str
