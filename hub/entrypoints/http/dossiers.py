"""Dossiers over HTTP."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query

from hub.application.read.ports import ClaimRow, DossierRow, TotalsRow
from hub.application.read.read_dossiers import DossierView, Personal
from hub.entrypoints.http.documentation import READ_RESPONSES
from hub.entrypoints.http.doors import KnownCaller, TheDoors
from hub.entrypoints.http.dossier_models import (
    Bailiffs,
    Claim,
    ClaimList,
    Dossier,
    DossierList,
    DossierSummary,
)

router = APIRouter(tags=["dossiers"], responses=READ_RESPONSES)
DossierName = Annotated[str, Path(pattern=r"^d[0-9a-f]{32}$")]
Limit = Annotated[int, Query(ge=1, le=500)]
_CENTS = 100
_FIRST = UUID(int=0)


@router.get("/v1/dossiers", summary="Your dossiers")
async def get_dossiers(
    caller: KnownCaller,
    doors: TheDoors,
    after: Annotated[str, Query(pattern=r"^(d[0-9a-f]{32})?$")] = "",
    limit: Limit = 100,
) -> DossierList:
    """Of a CPAS those it owns, of an office those it was invited to; by id."""
    rows = await doors.dossiers.listed(caller, after, limit)
    more = rows[-1].dossier if len(rows) == limit else None
    return DossierList(dossiers=[_summary(row, owner=row.cpas == caller.institution) for row in rows], next=more)


@router.get("/v1/dossiers/{dossier}", summary="One dossier")
async def get_dossier(caller: KnownCaller, doors: TheDoors, dossier: DossierName) -> Dossier:
    """For its CPAS the whole; for an invited office its own participation and sums."""
    view = await doors.dossiers.one(caller, dossier)
    return Dossier.model_validate(
        {
            **_summary(view.row, owner=view.owner).model_dump(),
            "client": view.client,
            "participations": [
                {
                    "office": one.office,
                    "state": one.state,
                    "invitation": one.invitation,
                    "invitedAt": one.invited_at,
                    "changedAt": one.changed_at,
                }
                for one in view.participations
            ],
            "totals": _totals(view),
        }
    )


@router.get("/v1/dossiers/{dossier}/claims", summary="Claims of a dossier")
async def get_claims(
    caller: KnownCaller,
    doors: TheDoors,
    dossier: DossierName,
    after: UUID = _FIRST,
    limit: Limit = 100,
) -> ClaimList:
    """All of them for the CPAS, its own for an office; by id."""
    rows = await doors.dossiers.claims(caller, dossier, after, limit)
    more = rows[-1][0].claim if len(rows) == limit else None
    return ClaimList(claims=[_claim(row, personal) for row, personal in rows], next=more)


@router.get("/v1/dossiers/{dossier}/bailiffs", summary="Known bailiff offices")
async def get_bailiffs(caller: KnownCaller, doors: TheDoors, dossier: DossierName) -> Bailiffs:
    """The offices that the FCA's living notices make known for the client; for the CPAS alone."""
    found = await doors.dossiers.bailiffs(caller, dossier)
    return Bailiffs.model_validate(
        {"offices": [{"office": one.office, "name": one.name, "notices": one.notices} for one in found]}
    )


def _summary(row: DossierRow, *, owner: bool) -> DossierSummary:
    return DossierSummary(
        dossier=row.dossier,
        cpas=row.cpas,
        stage=row.stage if owner else None,
        state=row.state,
        openedAt=row.opened_at,
        closedAt=row.closed_at,
    )


def _totals(view: DossierView) -> dict[str, Any]:
    return {
        "offices": [{"office": one.office, **_sums([one])} for one in view.totals],
        **_sums(view.totals),
    }


def _sums(rows: Sequence[TotalsRow]) -> dict[str, Any]:
    return {
        "claims": sum(row.claims for row in rows),
        "principal": _euro(sum(row.principal for row in rows)),
        "interest": _euro(sum(row.interest for row in rows)),
        "clientCosts": _euro(sum(row.client_costs for row in rows)),
        "bailiffCosts": _euro(sum(row.bailiff_costs for row in rows)),
        "total": _euro(sum(row.total for row in rows)),
    }


def _claim(row: ClaimRow, personal: Personal) -> Claim:
    return Claim(
        claim=row.claim,
        office=row.office,
        version=row.version,
        phase=row.phase,
        withdrawn=row.withdrawn,
        principal=_euro(row.principal),
        interest=_euro(row.interest),
        clientCosts=_euro(row.client_costs),
        penaltyClause=None if row.penalty_clause is None else _euro(row.penalty_clause),
        administrative=None if row.administrative is None else _euro(row.administrative),
        bailiffCosts=_euro(row.bailiff_costs),
        total=_euro(row.total),
        details=personal,
        erased=row.box is not None and personal is None,
    )


def _euro(cents: int) -> str:
    """EUR with two decimals."""
    return f"{cents // _CENTS}.{cents % _CENTS:02d}"
