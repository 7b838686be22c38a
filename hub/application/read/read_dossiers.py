"""Dossiers for those they concern: the CPAS that owns one sees it whole, an office its own part (fca-cpc §4.9)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from hub.application.intake.callers import Caller
from hub.application.intake.refusals import NotFoundError
from hub.application.read.ports import (
    ClaimRow,
    DossierRow,
    Dossiers,
    KnownOfficeRow,
    ParticipationRow,
    TotalsRow,
)
from hub.application.vault import Vault
from hub.domain.messaging.cloudevent import Sealed

_TAKING_PART = frozenset({"P1", "P2", "P3"})
"""Invited, reminded or joined: such an office may know whose dossier it is."""
_OF_OFFICE = ("niss", "name", "first_name")
"""What an office may know of the client; the rest of the registration is the CPAS's."""

Personal = dict[str, Any] | None
"""Opened personal fields; None once the person was erased."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DossierView:
    """A dossier as one caller may see it. ``owner``: with the stage; ``client`` None: erased or not for this one."""

    row: DossierRow
    owner: bool
    client: Personal
    participations: Sequence[ParticipationRow]
    totals: Sequence[TotalsRow]


class ReadDossiers:
    """Reads dossiers; what is not for a caller is as if it did not exist."""

    def __init__(self, dossiers: Dossiers, vault: Vault) -> None:
        self._dossiers, self._vault = dossiers, vault

    async def listed(self, caller: Caller, after: str, limit: int) -> Sequence[DossierRow]:
        """The caller's dossiers, by id."""
        if caller.kind == "cpas":
            return await self._dossiers.of_cpas(caller.institution, after, limit)
        if caller.kind == "office":
            return await self._dossiers.of_office(caller.institution, after, limit)
        return ()

    async def one(self, caller: Caller, dossier: str) -> DossierView:
        """One dossier.

        Raises:
            NotFoundError: there is none for this caller.
        """
        row, office = await self._entitled(caller, dossier)
        participations = await self._dossiers.participations(dossier, office)
        client = None
        if office is None or participations[0].state in _TAKING_PART:
            client = await self._client(row, own=office is None)
        return DossierView(
            row=row,
            owner=office is None,
            client=client,
            participations=participations,
            totals=await self._dossiers.totals(dossier, office),
        )

    async def claims(self, caller: Caller, dossier: str, after: UUID, limit: int) -> list[tuple[ClaimRow, Personal]]:
        """Claims of a dossier with their personal fields: all for its owner, an office's own for the office.

        Raises:
            NotFoundError: there is no such dossier for this caller.
        """
        _, office = await self._entitled(caller, dossier)
        rows = await self._dossiers.claims(dossier, office, after, limit)
        boxes = [Sealed(event=row.event_id, subject=row.subject, box=row.box or "") for row in rows]
        opened = await self._vault.open_many(boxes)
        return [(row, None if plain is None else json.loads(plain)) for row, plain in zip(rows, opened, strict=True)]

    async def bailiffs(self, caller: Caller, dossier: str) -> Sequence[KnownOfficeRow]:
        """The offices the FCA makes known for the client: for the owner alone.

        Raises:
            NotFoundError: the caller does not own such a dossier.
        """
        row, office = await self._entitled(caller, dossier)
        if office is not None:
            raise NotFoundError("not-found")
        return await self._dossiers.known_offices(row.subject)

    async def _entitled(self, caller: Caller, dossier: str) -> tuple[DossierRow, str | None]:
        """The dossier, and the office it is narrowed to; None for its owner."""
        row = await self._dossiers.one(dossier)
        if row is None:
            raise NotFoundError("not-found")
        if caller.kind == "cpas" and row.cpas == caller.institution:
            return row, None
        own = caller.kind == "office" and await self._dossiers.participations(dossier, caller.institution)
        if not own:
            raise NotFoundError("not-found")
        return row, caller.institution

    async def _client(self, row: DossierRow, *, own: bool) -> Personal:
        if row.box is None or row.event_id is None:
            return None
        (plain,) = await self._vault.open_many([Sealed(event=row.event_id, subject=row.subject, box=row.box)])
        if plain is None:
            return None
        fields: dict[str, Any] = json.loads(plain)
        return fields if own else {name: fields[name] for name in _OF_OFFICE if name in fields}
