"""What institutions read, as protocols: feeds and dossiers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NamedTuple, Protocol
from uuid import UUID


class FeedPlace(NamedTuple):
    """Where a reader of a feed stands: everything up to here was seen. Rows are ordered by these two."""

    transaction: int
    seq: int


class FeedItem(NamedTuple):
    """One event of a feed: its CloudEvents attributes (JSON) and its value (JSON with its sealed part)."""

    event_id: UUID
    attributes: str
    value: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedPage:
    """Events after a place, and where to go on. ``hidden``: there is more, as soon as older work has committed."""

    items: Sequence[FeedItem]
    after: FeedPlace
    hidden: bool


class Feeds(Protocol):
    """What institutions may see, in one order that never changes."""

    async def page(self, institution: str, after: FeedPlace, types: Sequence[str] | None, limit: int) -> FeedPage: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class DossierRow:
    """A dossier; ``box`` is the registration's personal part, sealed for its subject under its event."""

    dossier: str
    cpas: str
    subject: str
    stage: str
    state: Literal["open", "closed"]
    opened_at: datetime
    closed_at: datetime | None
    event_id: UUID | None
    box: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ParticipationRow:
    """An office in a dossier: P1 invited … P9 released (fca-cpc §4.3)."""

    office: str
    state: str
    invitation: str
    invited_at: datetime
    changed_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class TotalsRow:
    """What an office's claims in a dossier sum up to, per head, in cents."""

    office: str
    claims: int
    principal: int
    interest: int
    client_costs: int
    bailiff_costs: int
    total: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ClaimRow:
    """A claim in a dossier; amounts in cents, None where unknown."""

    claim: UUID
    subject: str
    office: str
    version: int
    phase: str | None
    withdrawn: bool
    principal: int
    interest: int
    client_costs: int
    penalty_clause: int | None
    administrative: int | None
    bailiff_costs: int
    total: int
    event_id: UUID
    box: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownOfficeRow:
    """An office that the FCA's notices make known for a person."""

    office: str
    name: str | None
    notices: Sequence[Mapping[str, str | date]]


class Dossiers(Protocol):
    """Dossiers as projected; whoever asks filters by whom they are for."""

    async def of_cpas(self, cpas: str, after: str, limit: int) -> Sequence[DossierRow]: ...
    async def of_office(self, office: str, after: str, limit: int) -> Sequence[DossierRow]: ...
    async def one(self, dossier: str) -> DossierRow | None: ...
    async def participations(self, dossier: str, office: str | None) -> Sequence[ParticipationRow]: ...
    async def totals(self, dossier: str, office: str | None) -> Sequence[TotalsRow]: ...
    async def claims(self, dossier: str, office: str | None, after: UUID, limit: int) -> Sequence[ClaimRow]: ...
    async def known_offices(self, subject: str) -> Sequence[KnownOfficeRow]: ...
