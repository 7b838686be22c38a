"""Dossiers as institutions read them, from the projections."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select, true

from hub.adapters.postgres.database import Database, translated
from hub.adapters.postgres.tables import (
    projection_claim,
    projection_claim_office,
    projection_dossier,
    projection_notice,
    projection_office,
    projection_participation,
)
from hub.application.read.ports import (
    ClaimRow,
    DossierRow,
    KnownOfficeRow,
    ParticipationRow,
    TotalsRow,
)

_D, _P, _C, _O = projection_dossier.c, projection_participation.c, projection_claim.c, projection_claim_office.c
_HEADS = ("principal", "interest", "client_costs", "bailiff_costs", "total")
_COUNTED = projection_claim.join(projection_claim_office, and_(_O.subject == _C.subject, _O.office == _C.office))
"""Claims that count in a dossier: those of its person by an office that takes part in it."""


class PostgresDossiers:
    """The port ``Dossiers``."""

    def __init__(self, database: Database) -> None:
        self._engine = database.engine

    async def of_cpas(self, cpas: str, after: str, limit: int) -> Sequence[DossierRow]:
        """Dossiers a CPAS owns, by id."""
        mine = select(projection_dossier).where(_D.cpas == cpas, _D.dossier > after)
        return [DossierRow(**row) for row in await self._rows(mine.order_by(_D.dossier).limit(limit))]

    async def of_office(self, office: str, after: str, limit: int) -> Sequence[DossierRow]:
        """Dossiers an office was invited to, by id."""
        invited = select(_P.dossier).where(_P.office == office, _P.dossier > after)
        mine = select(projection_dossier).where(_D.dossier.in_(invited.order_by(_P.dossier).limit(limit)))
        return [DossierRow(**row) for row in await self._rows(mine.order_by(_D.dossier))]

    async def one(self, dossier: str) -> DossierRow | None:
        """One dossier."""
        rows = await self._rows(select(projection_dossier).where(_D.dossier == dossier))
        return DossierRow(**rows[0]) if rows else None

    async def participations(self, dossier: str, office: str | None) -> Sequence[ParticipationRow]:
        """Its offices; one of them alone when named."""
        columns = (_P.office, _P.state, _P.invitation, _P.invited_at, _P.changed_at)
        wanted = select(*columns).where(_P.dossier == dossier, _only(_P.office, office))
        return [ParticipationRow(**row) for row in await self._rows(wanted.order_by(_P.office))]

    async def totals(self, dossier: str, office: str | None) -> Sequence[TotalsRow]:
        """Sums of its living claims by office; of one office alone when named."""
        sums = [func.sum(_C[head]).label(head) for head in _HEADS]
        wanted = (
            select(_C.office, func.count().label("claims"), *sums)
            .select_from(_COUNTED)
            .where(_O.dossier == dossier, _C.withdrawn.is_(False), _only(_C.office, office))
            .group_by(_C.office)
            .order_by(_C.office)
        )
        return [
            TotalsRow(office=row["office"], claims=row["claims"], **{head: int(row[head]) for head in _HEADS})
            for row in await self._rows(wanted)
        ]

    async def claims(self, dossier: str, office: str | None, after: UUID, limit: int) -> Sequence[ClaimRow]:
        """Its claims, withdrawn ones too, by id; of one office alone when named."""
        wanted = (
            select(projection_claim)
            .select_from(_COUNTED)
            .where(_O.dossier == dossier, _C.claim > after, _only(_C.office, office))
            .order_by(_C.claim)
            .limit(limit)
        )
        return [ClaimRow(**row) for row in await self._rows(wanted)]

    async def known_offices(self, subject: str) -> Sequence[KnownOfficeRow]:
        """Offices that a person's living notices name, with the notices."""
        notices = projection_notice.c
        wanted = (
            select(
                notices.office,
                projection_office.c.name,
                notices.notice,
                notices.kind,
                notices.state,
                notices.expires_on,
            )
            .select_from(projection_notice.outerjoin(projection_office, projection_office.c.office == notices.office))
            .where(notices.subject == subject, notices.office.is_not(None), notices.state.in_(("active", "suspended")))
            .order_by(notices.office, notices.notice)
        )
        found: dict[tuple[str, str | None], list[dict[str, Any]]] = defaultdict(list)
        for row in await self._rows(wanted):
            notice = {name: row[name] for name in ("notice", "kind", "state", "expires_on")}
            found[row["office"], row["name"]].append(notice)
        return [KnownOfficeRow(office=office, name=name, notices=rows) for (office, name), rows in found.items()]

    async def _rows(self, wanted: Select[Any]) -> Sequence[Mapping[str, Any]]:
        async with translated(), self._engine.connect() as connection:
            return [dict(row) for row in (await connection.execute(wanted)).mappings()]


def _only(column: ColumnElement[str], office: str | None) -> ColumnElement[bool]:
    return true() if office is None else column == office
