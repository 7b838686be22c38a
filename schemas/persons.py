"""A CPAS integrates a person at the Crossroads Bank (BCSS): the legal gate of every consultation; bcss-primaweb §3.

Everything here is about one person at one CPAS and keeps its order by that dossier (ADR 0004). No answer of the bank
ever stands in an event: ``answer`` names where it lies sealed.
"""

from datetime import date
from typing import Annotated, ClassVar, Literal, get_args

from pydantic import Field

from schemas.event import DossierId, Event, InstitutionId, Personal, Value

FlowName = Literal["identification", "addresses", "employment", "pensions", "self-employed", "handicap", "income"]
"""The seven flows of the manual (bcss-primaweb §2)."""

FLOWS: tuple[FlowName, ...] = get_args(FlowName)

PensionFocus = Literal["reference-period", "month-of-payment"]
"""How the pension register is asked (bcss-primaweb §2.6)."""

QualityCode = Annotated[int, Field(ge=0, le=999)]
"""Why a person is integrated; 31: debts outside any social debt (bcss-primaweb I2)."""

IntegrationId = Annotated[str, Field(min_length=1, max_length=64)]
"""An integration as the hub knows it: the id of the event that asked for it."""

Reason = Annotated[str, Field(max_length=64)]
"""A rule of the hub or a reason code of the bank (bcss-primaweb §1.5)."""

CallOutcome = Literal["answered", "rejected", "unknown", "failed", "denied"]
"""``unknown``: it may have been done; ``failed``: given up, certainly not done; ``denied``: the gate was closed."""


# ── what a CPAS asks ───────────────────────────────────────────────────────────────────────────────────────
class RequestIntegration(Event):
    """Command of a CPAS: integrate a person under a quality code (screen *Intégration*, I5)."""

    type: ClassVar[str] = "be.mediationhub.integration.request.v1"
    identifier_field: ClassVar[str | None] = "niss"

    cpas: InstitutionId
    code: QualityCode = 31
    begin: date | None = None
    """First day; today when absent."""
    end: date | None = None
    """Last day; one month when absent (I4)."""
    niss: Personal[str] = None
    name: Personal[str] = None
    first_name: Personal[str] = None
    born: Personal[date] = None


class EndIntegration(Event):
    """Command of a CPAS: de-integrate a person for some days (screen *Désintégration*, I5)."""

    type: ClassVar[str] = "be.mediationhub.integration.end.v1"
    identifier_field: ClassVar[str | None] = "niss"

    cpas: InstitutionId
    code: QualityCode = 31
    begin: date
    end: date | None = None
    niss: Personal[str] = None
    name: Personal[str] = None
    first_name: Personal[str] = None
    born: Personal[date] = None


class ListIntegrations(Event):
    """Command of a CPAS: ask the bank which integrations of a person it knows (screen *Consultation*, I5)."""

    type: ClassVar[str] = "be.mediationhub.integration.list.v1"
    identifier_field: ClassVar[str | None] = "niss"

    cpas: InstitutionId
    niss: Personal[str] = None


# ── what the debts tell ────────────────────────────────────────────────────────────────────────────────────
class DebtFileStandingChanged(Event):
    """A debt file that concerns a person became active, or is so no longer (D3).

    Told of its debtor and of each member of her household, on that person's own dossier.
    """

    type: ClassVar[str] = "be.mediationhub.debt-file-standing.changed.v1"
    identifier_field: ClassVar[str | None] = "niss"

    dossier: DossierId
    cpas: InstitutionId
    file: Annotated[str, Field(min_length=1, max_length=64)]
    role: Literal["debtor", "household"]
    active: bool
    created: bool = False
    """The file is new: its debtor is integrated by default (I3); reactivating integrates nobody."""
    niss: Personal[str] = None
    name: Personal[str] = None
    first_name: Personal[str] = None
    born: Personal[date] = None


# ── integrations ───────────────────────────────────────────────────────────────────────────────────────────
class IntegrationRequested(Event):
    """An integration is asked of the bank: by default with a debt file (I3), or by a command."""

    type: ClassVar[str] = "be.mediationhub.integration.requested.v1"

    dossier: DossierId
    cpas: InstitutionId
    integration: IntegrationId
    code: QualityCode
    begin: date
    end: date
    origin: Literal["debt-file", "command"]


class IntegrationRegistered(Event):
    """The bank has the integration: the gate is open on its days."""

    type: ClassVar[str] = "be.mediationhub.integration.registered.v1"

    dossier: DossierId
    cpas: InstitutionId
    integration: IntegrationId
    code: QualityCode
    begin: date
    end: date
    overlaps: int = 0
    """How many other inscriptions the bank told of; whose they are is for entitled staff (I10)."""
    ticket: str | None = None
    ticket_bcss: str | None = None
    listed: bool = False
    """A list showed it after an outcome that was unknown."""


class IntegrationRejected(Event):
    """The bank did not do what was asked, or it was given up; nothing changed there."""

    type: ClassVar[str] = "be.mediationhub.integration.rejected.v1"

    dossier: DossierId
    cpas: InstitutionId
    integration: IntegrationId
    operation: Literal["register", "unregister"]
    reasons: tuple[Reason, ...]
    ticket: str | None = None
    ticket_bcss: str | None = None


class IntegrationOutcomeUnknown(Event):
    """It was sent and no answer came: a list decides, nothing is sent again before (bcss-primaweb §3.1)."""

    type: ClassVar[str] = "be.mediationhub.integration.outcome-unknown.v1"

    dossier: DossierId
    cpas: InstitutionId
    integration: IntegrationId
    operation: Literal["register", "unregister"]
    ticket: str | None = None


class OwnRegistration(Value):
    """An inscription of the asking CPAS itself, as the bank lists it."""

    code: QualityCode
    begin: date
    end: date | None = None


class IntegrationsListed(Event):
    """The bank told which integrations it knows. ``others``: how many of other CPAS; the list lies at ``answer``."""

    type: ClassVar[str] = "be.mediationhub.integrations.listed.v1"

    dossier: DossierId
    cpas: InstitutionId
    own: tuple[OwnRegistration, ...]
    others: int
    answer: str | None = None
    ticket: str | None = None
    ticket_bcss: str | None = None


class IntegrationUnregistered(Event):
    """The bank took days away from an integration; ``begin`` to ``end`` are closed (D4)."""

    type: ClassVar[str] = "be.mediationhub.integration.unregistered.v1"

    dossier: DossierId
    cpas: InstitutionId
    integration: IntegrationId
    code: QualityCode
    begin: date
    end: date | None = None


class IntegrationTermReached(Event):
    """A day of an integration came: the warning before its end, or the end."""

    type: ClassVar[str] = "be.mediationhub.integration.term-reached.v1"

    dossier: DossierId
    integration: IntegrationId
    term: Literal["warning", "end"]


class IntegrationExpiring(Event):
    """An integration ends soon; only a person may ask for a new one (D6)."""

    type: ClassVar[str] = "be.mediationhub.integration.expiring.v1"

    dossier: DossierId
    cpas: InstitutionId
    integration: IntegrationId
    end: date


class IntegrationEnded(Event):
    """An integration is over: its last day passed, or the bank no longer lists it."""

    type: ClassVar[str] = "be.mediationhub.integration.ended.v1"

    dossier: DossierId
    cpas: InstitutionId
    integration: IntegrationId
    why: Literal["expired", "not-listed"]


class AccessCallEnded(Event):
    """What became of a call to ManageAccess (bcss-primaweb §2.1)."""

    type: ClassVar[str] = "be.mediationhub.access-call.ended.v1"

    dossier: DossierId
    cpas: InstitutionId
    operation: Literal["register", "unregister", "list"]
    integration: IntegrationId | None = None
    outcome: CallOutcome
    reasons: tuple[Reason, ...] = ()
    own: tuple[OwnRegistration, ...] = ()
    others: int = 0
    answer: str | None = None
    ticket: str | None = None
    ticket_bcss: str | None = None
