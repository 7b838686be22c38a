"""What a CPAS asks of its general files, debt files, refunds and households; bcss-primaweb §4.

Every command speaks of one person by her number, and so reaches her file at that CPAS (ADR 0004). Those of a household
speak of the member and name the debtor's file: what identifies the member is sealed under the member's own key.
"""

from datetime import date, datetime
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from schemas.event import DossierId, Event, InstitutionId, Money, Personal
from schemas.notices import Address

FileId = Annotated[str, Field(min_length=1, max_length=64)]
"""A debt file as the hub knows it: the id of the event that opened it."""

RefundId = Annotated[str, Field(min_length=1, max_length=64)]
"""A refund as the hub knows it: the id of the event that added it."""

Mode = Literal["manual", "automatic"]
"""How « montant déjà remboursé » is known: typed, or the sum of the refunds that were made (§4.4)."""

Relation = Literal["beneficiary", "cohabitant"]
"""*Bénéficiaire*, the debtor, or *Cohabitant* (§4.6)."""


class OpenGeneralFile(Event):
    """Open the general file of a person: what every debt file needs first (screen *Créer le dossier*, §4.1)."""

    type: ClassVar[str] = "be.mediationhub.general-file.open.v1"
    identifier_field: ClassVar[str | None] = "niss"

    cpas: InstitutionId
    opened_on: date | None = None
    """Today when absent."""
    niss: Personal[str] = None
    name: Personal[str] = None
    first_name: Personal[str] = None
    born: Personal[date] = None
    sex: Personal[Literal["M", "F", "X"]] = None
    civil_state: Personal[str] = None
    nationality: Personal[str] = None
    birth_place: Personal[str] = None
    register_kind: Personal[str] = None
    """*Registre d'inscription*."""
    legal_address: Personal[Address] = None
    residence: Personal[Address] = None
    """*Adresse de résidence effective*, typed by the CPAS."""
    file_number: Personal[str] = None
    """*N° de dossier C.P.A.S.*"""


class ModifyGeneralFile(Event):
    """Change a general file: its date, or all that is known of the person (§4.1)."""

    type: ClassVar[str] = "be.mediationhub.general-file.modify.v1"
    identifier_field: ClassVar[str | None] = "niss"

    cpas: InstitutionId
    opened_on: date | None = None
    niss: Personal[str] = None
    name: Personal[str] = None
    """With a name all personal fields are replaced by those of this command; without one they stay."""
    first_name: Personal[str] = None
    born: Personal[date] = None
    sex: Personal[Literal["M", "F", "X"]] = None
    civil_state: Personal[str] = None
    nationality: Personal[str] = None
    birth_place: Personal[str] = None
    register_kind: Personal[str] = None
    legal_address: Personal[Address] = None
    residence: Personal[Address] = None
    file_number: Personal[str] = None


class OpenDebtFile(Event):
    """Open a debt file; the debtor is integrated by default (I3, §4.2)."""

    type: ClassVar[str] = "be.mediationhub.debt-file.open.v1"
    identifier_field: ClassVar[str | None] = "niss"

    cpas: InstitutionId
    opened_on: date | None = None
    """Today when absent, else free."""
    due: Money
    repaid: Money | None = None
    """*Montant déjà remboursé*, typed; nothing when absent."""
    mode: Mode = "manual"
    niss: Personal[str] = None
    description: Personal[str] = None
    """Mandatory."""
    iban: Personal[str] = None
    """*N° de compte du débiteur*."""
    payment_reference: Personal[str] = None


class ModifyDebtFile(Event):
    """Change a debt file; what is absent stays. Switching between manual and automatic is done here (A3)."""

    type: ClassVar[str] = "be.mediationhub.debt-file.modify.v1"
    identifier_field: ClassVar[str | None] = "niss"

    cpas: InstitutionId
    file: FileId
    opened_on: date | None = None
    due: Money | None = None
    repaid: Money | None = None
    mode: Mode | None = None
    niss: Personal[str] = None
    description: Personal[str] = None
    """With it description, account and reference are replaced by those of this command; without it they stay."""
    iban: Personal[str] = None
    payment_reference: Personal[str] = None


class CloseDebtFile(Event):
    """Close an active debt file (*Clôturer*, §4.5); nothing needs to be repaid."""

    type: ClassVar[str] = "be.mediationhub.debt-file.close.v1"
    identifier_field: ClassVar[str | None] = "niss"

    cpas: InstitutionId
    file: FileId
    closed_on: date | None = None
    """Today when absent."""
    niss: Personal[str] = None


class ReactivateDebtFile(Event):
    """Make a closed debt file active again (*Réactiver*, §4.5)."""

    type: ClassVar[str] = "be.mediationhub.debt-file.reactivate.v1"
    identifier_field: ClassVar[str | None] = "niss"

    cpas: InstitutionId
    file: FileId
    niss: Personal[str] = None


class AddRefund(Event):
    """Add a refund to a debt file: planned, or made (§4.3). Its date may lie before the opening."""

    type: ClassVar[str] = "be.mediationhub.refund.add.v1"
    identifier_field: ClassVar[str | None] = "niss"

    cpas: InstitutionId
    file: FileId
    on: date
    amount: Money
    made: bool = False
    """*Remboursement effectué*."""
    niss: Personal[str] = None
    comment: Personal[str] = None


class ModifyRefund(Event):
    """Change a refund; what is absent stays. A planned refund that arrives is made by this (§4.3)."""

    type: ClassVar[str] = "be.mediationhub.refund.modify.v1"
    identifier_field: ClassVar[str | None] = "niss"

    cpas: InstitutionId
    file: FileId
    refund: RefundId
    on: date | None = None
    amount: Money | None = None
    made: bool | None = None
    niss: Personal[str] = None
    comment: Personal[str] = None
    """With it the comment is replaced; empty takes it away."""


class DeleteRefund(Event):
    """Delete a refund, at once (§4.3)."""

    type: ClassVar[str] = "be.mediationhub.refund.delete.v1"
    identifier_field: ClassVar[str | None] = "niss"

    cpas: InstitutionId
    file: FileId
    refund: RefundId
    niss: Personal[str] = None


class AddHouseholdMember(Event):
    """Add a person to the de-facto household of a debtor (*Ajouter un membre*, §4.6)."""

    type: ClassVar[str] = "be.mediationhub.household-member.add.v1"
    identifier_field: ClassVar[str | None] = "niss"

    cpas: InstitutionId
    dossier: DossierId
    """The debtor's."""
    relation: Relation = "cohabitant"
    niss: Personal[str] = None
    name: Personal[str] = None
    first_name: Personal[str] = None
    born: Personal[date] = None
    sex: Personal[Literal["M", "F", "X"]] = None


class RemoveHouseholdMember(Event):
    """Take a person out of the de-facto household (*Supprimer*, §4.6)."""

    type: ClassVar[str] = "be.mediationhub.household-member.remove.v1"
    identifier_field: ClassVar[str | None] = "niss"

    cpas: InstitutionId
    dossier: DossierId
    niss: Personal[str] = None


class NoteOfficialMember(Event):
    """One member of the household as the National Register tells it (*Mettre à jour*, §4.6).

    A composition is told member by member; it takes the place of the one before when all ``members`` are noted.
    """

    type: ClassVar[str] = "be.mediationhub.official-member.note.v1"
    identifier_field: ClassVar[str | None] = "niss"

    cpas: InstitutionId
    dossier: DossierId
    """The debtor's."""
    taken_at: datetime
    """When the register answered: it names the composition, and an older one never replaces a newer."""
    members: Annotated[int, Field(ge=1, le=99)]
    role: Annotated[str, Field(pattern=r"^\d{2}$")]
    """Relation to the head, as the register codes it: 01 head, 02 spouse, 12 not related … (§2.4)."""
    niss: Personal[str] = None
    name: Personal[str] = None
    first_name: Personal[str] = None
    born: Personal[date] = None
    sex: Personal[Literal["M", "F", "X"]] = None
