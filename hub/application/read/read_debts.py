"""General files, debt files and their statements, for the CPAS they belong to; for anyone else there are none."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from hub.application.intake.callers import Caller
from hub.application.intake.refusals import NotFoundError
from hub.application.vault import Vault
from hub.domain.messaging.cloudevent import Sealed

Row = Mapping[str, Any]
Personal = Mapping[str, Any] | None
"""Opened personal fields; None: there are none, or the person was erased."""
_STAYS = frozenset({"niss", "name", "first_name", "born", "sex"})
"""What a member of a household is known by."""


class Debts(Protocol):
    """How debt files stand. Rows hold ``event_id`` and ``box`` where they have a sealed part."""

    async def general_files(self, cpas: str, after: str, limit: int) -> Sequence[Row]: ...
    async def general_file(self, cpas: str, dossier: str) -> Row | None: ...
    async def household(self, dossier: str) -> Sequence[Row]: ...
    async def files_of(self, dossier: str) -> Sequence[Row]: ...
    async def files(self, cpas: str, after: str, limit: int, state: str | None) -> Sequence[Row]: ...
    async def file(self, cpas: str, file: str) -> Row | None: ...
    async def refunds(self, dossier: str, file: str) -> Sequence[Row]: ...
    async def steps(self, dossier: str, file: str) -> Sequence[Row]: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """A row and what its sealed part says."""

    row: Row
    personal: Personal


@dataclass(frozen=True, kw_only=True, slots=True)
class GeneralFileView:
    """A general file with its debt files, the newest first, and both households."""

    file: Shown
    files: Sequence[Row]
    household: Sequence[Shown]


@dataclass(frozen=True, kw_only=True, slots=True)
class DebtFileView:
    """A debt file with its refunds, by date."""

    file: Shown
    refunds: Sequence[Shown]


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement:
    """How a debt file came to stand as it does."""

    row: Row
    steps: Sequence[Row]
    planned: int
    made: int


class ReadDebts:
    """Reads debt files; what is not for a caller is as if it did not exist."""

    def __init__(self, debts: Debts, vault: Vault) -> None:
        self._debts, self._vault = debts, vault

    async def general_files(self, caller: Caller, after: str, limit: int) -> Sequence[Row]:
        """The CPAS's general files, by dossier."""
        return await self._debts.general_files(caller.institution, after, limit)

    async def general_file(self, caller: Caller, dossier: str) -> GeneralFileView:
        """One general file.

        Raises:
            NotFoundError: the caller has none of this name.
        """
        row = _found(await self._debts.general_file(caller.institution, dossier))
        (file,) = await self._shown([row], row["subject"])
        household = [await self._member(one) for one in await self._debts.household(dossier)]
        return GeneralFileView(file=file, files=await self._debts.files_of(dossier), household=household)

    async def files(self, caller: Caller, after: str, limit: int, state: str | None) -> Sequence[Row]:
        """The CPAS's debt files, by id; ``state`` active or closed, or both."""
        return await self._debts.files(caller.institution, after, limit, state)

    async def file(self, caller: Caller, name: str) -> DebtFileView:
        """One debt file.

        Raises:
            NotFoundError: the caller has none of this name.
        """
        row = _found(await self._debts.file(caller.institution, name))
        refunds = await self._debts.refunds(row["dossier"], name)
        file, *shown = await self._shown([row, *refunds], row["subject"])
        return DebtFileView(file=file, refunds=shown)

    async def statement(self, caller: Caller, name: str) -> Statement:
        """Every step of a debt file, and the sums of its refunds.

        Raises:
            NotFoundError: the caller has none of this name.
        """
        row = _found(await self._debts.file(caller.institution, name))
        refunds = await self._debts.refunds(row["dossier"], name)
        sums = {made: sum(one["amount"] for one in refunds if one["made"] is made) for made in (True, False)}
        steps = await self._debts.steps(row["dossier"], name)
        return Statement(row=row, steps=steps, planned=sums[False], made=sums[True])

    async def _member(self, row: Row) -> Shown:
        (shown,) = await self._shown([row], row["member"])
        known = shown.personal or {}
        return Shown(row=row, personal={name: one for name, one in known.items() if name in _STAYS} or None)

    async def _shown(self, rows: Sequence[Row], subject: str) -> list[Shown]:
        """Rows with their sealed parts opened; what has none, or was erased, says nothing."""
        boxes = {
            at: Sealed(event=row["event_id"], subject=subject, box=row["box"])
            for at, row in enumerate(rows)
            if row["box"] is not None
        }
        plain = dict(zip(boxes, await self._vault.open_many(list(boxes.values())), strict=True))
        return [Shown(row=row, personal=_read(plain.get(at))) for at, row in enumerate(rows)]


def _found(row: Row | None) -> Row:
    if row is None:
        raise NotFoundError("not-found")
    return row


def _read(plain: bytes | None) -> Personal:
    found: Personal = None if plain is None else json.loads(plain)
    return found
