"""What the registers behind the Crossroads Bank (BCSS) tell of a person who is integrated; bcss-primaweb §3.2.

A mutation makes answers about her stale; it never patches them. Its order is per person; its own id is the
notification's, so that the same one again has no second effect.
"""

from typing import Annotated, ClassVar, Literal, get_args
from uuid import UUID

from pydantic import Field

from schemas.event import DossierId, Event, InstitutionId, Personal, Value
from schemas.persons import FlowName

MutationKind = Literal[
    "SSIN_REPLACED",
    "SSIN_CANCELLED",
    "IDENTITY",
    "LEGAL_ADDRESS",
    "PROVISIONAL_ADDRESS",
    "ADDRESS_ABROAD",
    "CIVIL_STATE",
    "HOUSEHOLD",
    "NATIONALITY",
    "REGISTER",
    "DECEASE",
    "EMPLOYMENT",
    "SELF_EMPLOYED",
    "PENSION",
    "HANDICAP",
]
"""What changed."""

KINDS: tuple[MutationKind, ...] = get_args(MutationKind)

Source = Literal["RN", "BCSS", "ONSS", "INASTI", "SFP", "DGPH"]
"""Whose register it is."""

Order = Annotated[int, Field(ge=1, le=2**53)]
"""The person's mutations in order; a number that is skipped is one that has not come yet."""


class Change(Value):
    """One change. ``effective`` may be incomplete: ``2026-00-00``, ``2026-05-00``."""

    kind: MutationKind
    form: str | None = None
    """The register's own code: R001, 910M …"""
    effective: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    deleted: bool = False
    """What was told before no longer holds."""


class ChangedField(Value):
    """What a field was and is; ``change`` counts the changes from 0."""

    change: int
    name: str
    before: str | None = None
    after: str | None = None


class PersonMutationNotified(Event):
    """The bank pushed a mutation to a CPAS that has integrated the person."""

    type: ClassVar[str] = "be.mediationhub.person-mutation.notified.v1"
    identifier_field: ClassVar[str | None] = "niss"
    signed_only: ClassVar[bool] = True

    cpas: InstitutionId
    notification: UUID
    order: Order
    source: Source
    ticket: str | None = None
    changes: Annotated[tuple[Change, ...], Field(min_length=1)]
    niss: Personal[str] = None
    fields: Personal[tuple[ChangedField, ...]] = None


class PersonRenumbered(Event):
    """A number replaces another one of the same person (910M): from now on both lead to the same dossiers.

    ``merged`` False: the hub already knew somebody under the new number, so both keep their own dossiers.
    """

    type: ClassVar[str] = "be.mediationhub.person.renumbered.v1"
    identifier_field: ClassVar[str | None] = "former"
    signed_only: ClassVar[bool] = True

    cpas: InstitutionId
    notification: UUID
    order: Order
    merged: bool = True
    niss: Personal[str] = None
    """The new number."""
    former: Personal[str] = None


class MutationAwaited(Event):
    """The wait for a mutation whose number was skipped is over; those behind it go on."""

    type: ClassVar[str] = "be.mediationhub.mutation-wait.ended.v1"

    dossier: DossierId
    cpas: InstitutionId
    order: Order
    """The first number that is missing."""


class PersonMutated(Event):
    """A mutation as the CPAS reads it in its feed. Answers of ``flows`` are no longer shown: consult again."""

    type: ClassVar[str] = "be.mediationhub.person.mutated.v1"

    dossier: DossierId
    cpas: InstitutionId
    notification: UUID
    order: Order
    source: Source
    ticket: str | None = None
    changes: tuple[Change, ...]
    flows: tuple[FlowName, ...]
    late: bool = False
    """It came after one that follows it."""
    missing: int = 0
    """How many mutations before it never came."""
    task: Literal["deceased"] | None = None
    """What somebody must look at; nothing is closed by itself."""
    niss: Personal[str] = None
    fields: Personal[tuple[ChangedField, ...]] = None


class PersonNumberMerged(Event):
    """The person has a new number, and her dossier goes on under it; ``merged`` as in ``PersonRenumbered``."""

    type: ClassVar[str] = "be.mediationhub.person-number.merged.v1"

    dossier: DossierId
    cpas: InstitutionId
    notification: UUID
    merged: bool
    niss: Personal[str] = None
    former: Personal[str] = None
