"""A dossier as its next decision needs it, and the rows it is read from."""

from datetime import datetime
from typing import Literal, NamedTuple
from uuid import UUID

from pydantic import Field

from hub.domain.messaging.decision import State
from hub.domain.messaging.identity import Identity

ParticipationState = Literal["P1", "P2", "P3", "P4", "P5", "P6", "P7", "P8", "P9"]
"""fca-cpc §4.3: invited, reminded, takes part, principal refused, no files, refused for good, refused here, silent,
released."""


class Participation(State):
    """One office in one dossier."""

    state: ParticipationState
    invitation: str
    invited_at: datetime


class Dossier(State):
    """One dossier (person × CPAS)."""

    cpas: str
    subject: str
    stage: str
    opened_at: datetime
    open: bool = True
    client: Identity | None = None
    proposed: bool = False
    """Its CPAS was told that a collective settlement is a reason to close it (R2A)."""
    offices: dict[str, Participation] = Field(default_factory=dict)


class _DossierColumns(NamedTuple):
    dossier: str
    cpas: str
    subject: str
    stage: str
    state: str
    opened_at: datetime
    closed_at: datetime | None
    event_id: UUID | None
    box: str | None


class DossierRow(_DossierColumns):
    """``projection_dossier``; ``box`` is the personal part of the registration ``event_id``."""

    __slots__ = ()
    table = "projection_dossier"
    identity = ("dossier",)
    guard = None
    kept = ("event_id", "box")


class _ParticipationColumns(NamedTuple):
    dossier: str
    office: str
    cpas: str
    state: str
    invitation: str
    invited_at: datetime
    changed_at: datetime


class ParticipationRow(_ParticipationColumns):
    """``projection_participation``."""

    __slots__ = ()
    table = "projection_participation"
    identity = ("dossier", "office")
    guard = None
    kept = ()
