"""Dossiers as the OpenAPI document describes them. Amounts are EUR with two decimals, as strings."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel


class DossierSummary(BaseModel):
    """A dossier in a list. ``stage`` for its CPAS alone."""

    dossier: str
    cpas: str
    stage: str | None
    state: Literal["open", "closed"]
    openedAt: datetime  # noqa: N815 - the published name
    closedAt: datetime | None  # noqa: N815


class DossierList(BaseModel):
    """A page of dossiers; ``next`` is the cursor of the next page."""

    dossiers: list[DossierSummary]
    next: str | None


class ParticipationAnswer(BaseModel):
    """An office in a dossier: P1 invited, P2 reminded, P3 takes part, P4 to P7 declined, P8 silent, P9 released."""

    office: str
    state: str
    invitation: str
    invitedAt: datetime  # noqa: N815
    changedAt: datetime  # noqa: N815


class Sums(BaseModel):
    """What living claims sum up to, per head."""

    claims: int
    principal: str
    interest: str
    clientCosts: str  # noqa: N815
    bailiffCosts: str  # noqa: N815
    total: str


class OfficeSums(Sums):
    """Of one office."""

    office: str


class Totals(Sums):
    """Of the dossier, and by office."""

    offices: list[OfficeSums]


class Dossier(DossierSummary):
    """A dossier. ``client`` is absent once erased, and for an office that takes no part."""

    client: dict[str, Any] | None
    participations: list[ParticipationAnswer]
    totals: Totals


class Claim(BaseModel):
    """A claim. ``details`` are its personal fields; ``erased``: they are gone with the person's key."""

    claim: UUID
    office: str
    version: int
    phase: str | None
    withdrawn: bool
    principal: str
    interest: str
    clientCosts: str  # noqa: N815
    penaltyClause: str | None  # noqa: N815
    administrative: str | None
    bailiffCosts: str  # noqa: N815
    total: str
    details: dict[str, Any] | None
    erased: bool


class ClaimList(BaseModel):
    """A page of claims; ``next`` is the cursor of the next page."""

    claims: list[Claim]
    next: UUID | None


class KnownNotice(BaseModel):
    """A living notice that names the office."""

    notice: str
    kind: str
    state: str
    expires_on: date


class KnownOffice(BaseModel):
    """An office with the notices that make it known; ``name`` as the directory lists it."""

    office: str
    name: str | None
    notices: list[KnownNotice]


class Bailiffs(BaseModel):
    """The known offices of a client."""

    offices: list[KnownOffice]
