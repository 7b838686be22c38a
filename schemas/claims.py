"""Claims of bailiff offices (créances, CIA synchronisation); domain page fca-cpc §4.5."""

from datetime import date
from typing import ClassVar, Literal
from uuid import UUID

from schemas.event import DossierId, Event, InstitutionId, KeyKind, Money, OfficeId, Personal, Value

Phase = Literal["amicable", "judicial"]


class Heads(Value):
    """The five heads of a claim (manual §3.3), EUR.

    ``client_costs`` is the screen's "Frais clients". Where an import knows only that sum, ``penalty_clause``
    and ``administrative`` stay unknown (``None``), never zero.
    """

    principal: Money
    interest: Money
    client_costs: Money
    penalty_clause: Money | None = None
    administrative: Money | None = None
    bailiff_costs: Money


class Line(Value):
    """One line of the detailed account (manual §4.4, "Carte de points financiers")."""

    performed_on: date
    heads: Heads
    invoice: str


class Attachment(Value):
    """A supporting document by reference: never in an event."""

    kind: str
    name: str
    sha256: str
    size: int


class Reference(Value):
    """The transaction reference: a Belgian structured communication (OGM), an RF reference or free text."""

    kind: Literal["ogm", "rf", "free"]
    value: str


class Contact(Value):
    """Who at the office answers questions on the claim."""

    name: str
    email: str


class _ClaimEvent(Event):
    keyed_by: ClassVar[KeyKind] = "person"
    identifier_field: ClassVar[str | None] = "niss"

    claim: UUID
    """UUIDv5 of office and the office's own reference."""
    office: OfficeId
    version: int
    niss: Personal[str] = None
    reference: Personal[str] = None
    """The office's own reference of the claim."""


class ClaimSubmitted(_ClaimEvent):
    """An office told a claim (first version)."""

    type: ClassVar[str] = "be.mediationhub.claim.submitted.v1"

    phase: Phase
    heads: Heads
    total: Money
    name: Personal[str] = None
    creditor: Personal[str] = None
    creditor_enterprise_number: Personal[str] = None
    client: Personal[str] = None
    client_reference: Personal[str] = None
    iban: Personal[str] = None
    transaction_reference: Personal[Reference] = None
    contact: Personal[Contact] = None
    lines: Personal[tuple[Line, ...]] = None
    attachments: Personal[tuple[Attachment, ...]] = None


class ClaimCorrected(ClaimSubmitted):
    """A later version replaces the claim whole."""

    type: ClassVar[str] = "be.mediationhub.claim.corrected.v1"


class ClaimWithdrawn(_ClaimEvent):
    """The office withdrew the claim; a later version may bring it back."""

    type: ClassVar[str] = "be.mediationhub.claim.withdrawn.v1"

    reason: Personal[str] = None


class SynchronisationReceived(Event):
    """A bulk synchronisation of an office was accepted; sequence numbers show gaps."""

    type: ClassVar[str] = "be.mediationhub.synchronisation.received.v1"
    keyed_by: ClassVar[KeyKind] = "office"

    office: OfficeId
    sequence: int
    claims: int
    refused: int


class ClaimJoined(Event):
    """A claim (or its new version) stands in a dossier of an office that was invited to it."""

    type: ClassVar[str] = "be.mediationhub.claim.joined.v1"

    dossier: DossierId
    cpas: InstitutionId
    office: OfficeId
    claim: UUID
    version: int
    phase: Phase
    heads: Heads
    total: Money


class ClaimLeft(Event):
    """A claim of a dossier was withdrawn by its office."""

    type: ClassVar[str] = "be.mediationhub.claim.left.v1"

    dossier: DossierId
    cpas: InstitutionId
    office: OfficeId
    claim: UUID
    version: int


class ClaimsFound(Event):
    """An invited office has claims that count in the dossier: told once, with its first; read them there."""

    type: ClassVar[str] = "be.mediationhub.claims.found.v1"

    dossier: DossierId
    cpas: InstitutionId
    office: OfficeId
