"""What happened to the debt files of a person at a CPAS; bcss-primaweb §4 and §5.

In order per person and CPAS. Nothing personal stands here: the CPAS reads descriptions, accounts and comments where
they lie sealed. Amounts are euros; ``remaining`` may be negative and then says ``overpaid``.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, ClassVar

from pydantic import Field

from schemas.debt_commands import FileId, Mode, RefundId, Relation
from schemas.event import DossierId, Event, InstitutionId, Money

Balance = Annotated[Decimal, Field(max_digits=14, decimal_places=2)]
"""Euro, at most two decimals, of either sign; a string in JSON."""

MemberId = Annotated[str, Field(pattern=r"^p[0-9a-f]{32}$")]
"""A person's pseudonym."""


class GeneralFileOpened(Event):
    """A CPAS has a general file of a person; debt files can be opened (§4.1)."""

    type: ClassVar[str] = "be.mediationhub.general-file.opened.v1"

    dossier: DossierId
    cpas: InstitutionId
    opened_on: date


class GeneralFileModified(Event):
    """A general file was changed."""

    type: ClassVar[str] = "be.mediationhub.general-file.modified.v1"

    dossier: DossierId
    cpas: InstitutionId
    opened_on: date


class DebtFileOpened(Event):
    """A debt file exists and is active (§4.2)."""

    type: ClassVar[str] = "be.mediationhub.debt-file.opened.v1"

    dossier: DossierId
    cpas: InstitutionId
    file: FileId
    number: int
    """1, 2, 3 … per general file, for ever."""
    opened_on: date
    due: Money
    mode: Mode
    repaid: Money


class DebtFileModified(Event):
    """General data of a debt file were changed; ``fields`` names them."""

    type: ClassVar[str] = "be.mediationhub.debt-file.modified.v1"

    dossier: DossierId
    cpas: InstitutionId
    file: FileId
    fields: tuple[str, ...]


class AlreadyRepaidModeChanged(Event):
    """« Montant déjà remboursé » is known in another way from now on; the new amount replaces the old (A3)."""

    type: ClassVar[str] = "be.mediationhub.already-repaid-mode.changed.v1"

    dossier: DossierId
    cpas: InstitutionId
    file: FileId
    mode_before: Mode
    mode: Mode
    repaid_before: Money
    repaid: Money


class RefundPlanned(Event):
    """A refund is expected (*Effectué: Non*)."""

    type: ClassVar[str] = "be.mediationhub.refund.planned.v1"

    dossier: DossierId
    cpas: InstitutionId
    file: FileId
    refund: RefundId
    on: date
    amount: Money


class RefundMade(Event):
    """A refund was received (*Effectué: Oui*): a new one, or a planned one that arrived."""

    type: ClassVar[str] = "be.mediationhub.refund.made.v1"

    dossier: DossierId
    cpas: InstitutionId
    file: FileId
    refund: RefundId
    on: date
    amount: Money


class RefundModified(Event):
    """A refund was changed in another way than from planned to made."""

    type: ClassVar[str] = "be.mediationhub.refund.modified.v1"

    dossier: DossierId
    cpas: InstitutionId
    file: FileId
    refund: RefundId
    on: date
    amount: Money
    made: bool
    on_before: date
    amount_before: Money
    made_before: bool


class RefundDeleted(Event):
    """A refund is gone."""

    type: ClassVar[str] = "be.mediationhub.refund.deleted.v1"

    dossier: DossierId
    cpas: InstitutionId
    file: FileId
    refund: RefundId
    on: date
    amount: Money
    made: bool


class DebtBalanceChanged(Event):
    """An amount of a debt file is another: ``remaining`` is always ``due`` less ``repaid``."""

    type: ClassVar[str] = "be.mediationhub.debt-balance.changed.v1"

    dossier: DossierId
    cpas: InstitutionId
    file: FileId
    mode: Mode
    due: Money
    repaid: Money
    remaining: Balance
    overpaid: bool = False
    """*Trop-perçu*: more came than was due."""


class DebtFileClosed(Event):
    """A debt file is closed (*Clôturé*); it keeps its number (§4.5)."""

    type: ClassVar[str] = "be.mediationhub.debt-file.closed.v1"

    dossier: DossierId
    cpas: InstitutionId
    file: FileId
    closed_on: date
    remaining: Balance


class DebtFileReactivated(Event):
    """A closed debt file is active again and has no closing date; ``closed_on_before`` was it (§4.5)."""

    type: ClassVar[str] = "be.mediationhub.debt-file.reactivated.v1"

    dossier: DossierId
    cpas: InstitutionId
    file: FileId
    closed_on_before: date


class HouseholdMemberAdded(Event):
    """A person lives with the debtor, as the CPAS found (*ménage de fait*, §4.6)."""

    type: ClassVar[str] = "be.mediationhub.household-member.added.v1"

    dossier: DossierId
    cpas: InstitutionId
    member: MemberId
    relation: Relation


class HouseholdMemberRemoved(Event):
    """A person lives with the debtor no longer, as the CPAS found."""

    type: ClassVar[str] = "be.mediationhub.household-member.removed.v1"

    dossier: DossierId
    cpas: InstitutionId
    member: MemberId


class OfficialHouseholdRefreshed(Event):
    """The household as the National Register tells it replaced the one before; the de-facto one stays (§4.6)."""

    type: ClassVar[str] = "be.mediationhub.official-household.refreshed.v1"

    dossier: DossierId
    cpas: InstitutionId
    taken_at: datetime
    members: int
