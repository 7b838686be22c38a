"""What the next decision on a person's claims needs; the claims themselves are rows."""

from typing import NamedTuple, Self
from uuid import UUID

from pydantic import Field

from hub.domain.messaging.decision import State
from schemas.claims import ClaimSubmitted, ClaimWithdrawn, Heads
from schemas.event import Money


class OpenDossier(State):
    """A dossier of the person, the offices invited to it, and those of them whose claims it knows of."""

    cpas: str
    offices: tuple[str, ...] = ()
    found: tuple[str, ...] = ()


class PersonClaims(State):
    """Open dossiers by id, and which offices told claims so far."""

    dossiers: dict[str, OpenDossier] = Field(default_factory=dict)
    told: tuple[str, ...] = ()


class _ClaimColumns(NamedTuple):
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


class ClaimRow(_ClaimColumns):
    """``projection_claim``; amounts in cents, ``box`` is the personal part of ``event_id``."""

    __slots__ = ()
    table = "projection_claim"
    identity = ("claim",)
    guard = "version"
    kept = ()

    @classmethod
    def told(cls, subject: str, event_id: UUID, box: str | None, data: ClaimSubmitted) -> Self:
        """A claim as its office tells it now."""
        heads: Heads = data.heads
        withdrawn = False
        return cls(
            data.claim,
            subject,
            data.office,
            data.version,
            data.phase,
            withdrawn,
            cents(heads.principal),
            cents(heads.interest),
            cents(heads.client_costs),
            None if heads.penalty_clause is None else cents(heads.penalty_clause),
            None if heads.administrative is None else cents(heads.administrative),
            cents(heads.bailiff_costs),
            cents(data.total),
            event_id,
            box,
        )

    @classmethod
    def withdrawn_by(cls, subject: str, event_id: UUID, box: str | None, data: ClaimWithdrawn) -> Self:
        """A withdrawn claim: it counts for nothing."""
        withdrawn = True
        ids = (data.claim, subject, data.office, data.version)
        return cls(*ids, None, withdrawn, 0, 0, 0, 0, 0, 0, 0, event_id, box)


class _ClaimOfficeColumns(NamedTuple):
    dossier: str
    office: str
    subject: str
    cpas: str


class ClaimOfficeRow(_ClaimOfficeColumns):
    """``projection_claim_office``: this office's claims count in this dossier."""

    __slots__ = ()
    table = "projection_claim_office"
    identity = ("dossier", "office")
    guard = None
    kept = ()


class _SynchronisationColumns(NamedTuple):
    office: str
    sequence: int
    claims: int
    refused: int


class SynchronisationRow(_SynchronisationColumns):
    """``projection_synchronisation``."""

    __slots__ = ()
    table = "projection_synchronisation"
    identity = ("office", "sequence")
    guard = None
    kept = ()


def cents(amount: Money) -> int:
    """An amount in cents, exactly."""
    return int(amount.scaleb(2))
