"""The package of a case for the State Archives: the same case makes the same bytes (ADR 0028)."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from pydantic_core import from_json, to_json

from hub.application.audit import Deed
from hub.application.envelope import SEALED
from hub.application.intake.ports import DocumentKeys, DocumentRow, Signer
from hub.application.intake.spool import piece_name
from hub.application.ports import MovableClock, Vault
from hub.application.read.case_access import AccessLog, by_command
from hub.application.transfer.documents import sender_of, telling
from hub.application.transfer.inventory import inventory
from hub.application.transfer.ports import (
    Package,
    PackageFile,
    PartWriter,
    Snapshot,
    Told,
    TransferRefusedError,
    Transfers,
)
from hub.domain.messaging.calendar import local_date
from hub.domain.messaging.cloudevent import Sealed
from hub.domain.rcd.case import Case
from hub.domain.rcd.retention import Kept, kept, not_yet
from hub.domain.rcd.terms import TermRule

LANGUAGES = ("fr", "nl", "de")
OWN = ("package", "retention")
"""Looks that a transfer itself takes: they stay in the hub's log, and change no package."""
Progress = Callable[[str, int], None]
"""Told the part that is written, and how many of its things are."""
_WHY = {
    "operations-not-ended": "its closing operations have not ended",
    "register-away": "the register said that it is away and not that it is back: late acts may come",
    "retention-runs": "it is kept until {until} (art. 1675/24)",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Opening:
    """What opens and signs."""

    vault: Vault
    keys: DocumentKeys
    signer: Signer
    issuer: str


class Pack:
    """Makes packages."""

    def __init__(
        self,
        transfers: Transfers,
        log: AccessLog,
        opening: Opening,
        *,
        rules: Mapping[str, TermRule],
        clock: MovableClock,
    ) -> None:
        self._transfers, self._log, self._opening = transfers, log, opening
        self._rules, self._clock = rules, clock

    async def case(self, case: str, file: PackageFile, *, who: str, progress: Progress) -> Package:
        """Write the package of a case, keep its hash, and only then give the file its name.

        Raises:
            TransferRefusedError: it may not go yet; nothing was written.
            TransientError: the log or the database is away.
        """
        await self._clock.refresh()
        now = self._clock()
        await self._log.note([by_command(who, case, what="package")])
        async with self._transfers.snapshot(case) as snapshot:
            head = await snapshot.head()
            known, dates = ready(head.state, self._rules, local_date(now), parked=head.parked)
            writer = _Writer(file, snapshot, self._opening, progress)
            facts = await writer.case(case, known, dates)
        digest, size = file.sealed()
        package = Package(
            case=case,
            since=dates.since,
            until=dates.until,
            sha256=digest,
            size=size,
            last=head.last,
            documents=facts["documents"],
            at=now,
            who=who,
        )
        detail = {"sha256": digest.hex(), "size": size}
        await self._transfers.made(package, Deed(who=who, verb="package", what=f"case {case}", detail=detail))
        file.publish()
        return package


def ready(state: str | None, rules: Mapping[str, TermRule], today: Any, *, parked: bool) -> tuple[Case, Kept]:
    """The case and its dates.

    Raises:
        TransferRefusedError: ``case-unknown``, ``case-waits``, or why it may not be transferred.
    """
    if state is None:
        raise TransferRefusedError("case-unknown", "no act of this case is known here")
    case = Case.model_validate_json(state)
    if case.erased:
        raise TransferRefusedError("case-erased", "this case was erased after its transfer")
    if parked:
        raise TransferRefusedError("case-waits", "events of this case wait behind a dead letter; see: hub dlq list")
    dates = kept(case, rules)
    why = not_yet(case, today) if dates else "operations-not-ended"
    if why or dates is None:
        why = why or "operations-not-ended"
        raise TransferRefusedError(why, f"this case may not go yet: {_WHY[why].format(until=dates and dates.until)}")
    return case, dates


class _Writer:
    """Writes the parts one after the other, each piece by piece."""

    def __init__(self, file: PackageFile, snapshot: Snapshot, opening: Opening, progress: Progress) -> None:
        self._file, self._snapshot, self._opening, self._progress = file, snapshot, opening, progress
        self._senders: set[tuple[str, str]] = set()
        self._events: set[UUID] = set()

    async def case(self, case: str, known: Case, dates: Kept) -> Mapping[str, Any]:
        """All parts; counts as the manifest has them."""
        counts = {
            "acts": await self._lines("acts.jsonl", _each(act.model_dump(mode="json") for act in known.acts)),
            "events": await self._lines("timeline.jsonl", self._timeline()),
            "claims": await self._lines("claims.jsonl", self._snapshot.claims()),
            "accesses": await self._lines("accesses.jsonl", self._accesses()),
        }
        whole: list[DocumentRow] = []
        counts["documents"] = await self._lines("documents.jsonl", self._listed(whole))
        counts["documentsWhole"] = len(whole)
        for n, row in enumerate(whole, 1):
            self._progress("documents/", n)
            with self._file.part(f"documents/{row.id}") as part:
                await self._document(row, part)
        facts = {
            "format": "mediationhub-transfer/1",
            "case": case,
            "caseRef": known.case_ref,
            "court": known.court,
            "roleNumber": known.role_number,
            "article": "1675/24",
            "operationsEnded": dates.since,
            "keptUntil": dates.until,
            "state": known.state,
            "counts": counts,
        }
        self._end(facts)
        return counts

    def _end(self, facts: Mapping[str, Any]) -> None:
        """Inventories, the manifest, its signature."""
        listed = list(self._file.parts)
        for language in LANGUAGES:
            self._bytes(f"inventory.{language}.txt", inventory(language, facts, listed).encode())
        manifest = to_json({**facts, "parts": [part._asdict() for part in self._file.parts]}, indent=1)
        self._bytes("manifest.json", manifest)
        claims = {
            "iss": self._opening.issuer,
            "kind": "transfer",
            "case": facts["case"],
            "sha256": sha256(manifest).hexdigest(),
        }
        self._bytes("manifest.jws", self._opening.signer.sign(claims).encode())

    def _bytes(self, name: str, data: bytes) -> None:
        with self._file.part(name) as part:
            part.write(data)

    async def _lines(self, name: str, rows: AsyncIterator[Mapping[str, Any]]) -> int:
        """JSON, a thing a line; how many."""
        count = 0
        with self._file.part(name) as part:
            async for row in rows:
                part.write(to_json(row) + b"\n")
                count += 1
                self._progress(name, count)
        return count

    async def _timeline(self) -> AsyncIterator[Mapping[str, Any]]:
        async for one in self._snapshot.timeline():
            self._events.add(one.event_id)
            if sender := sender_of(one.attributes):
                self._senders.add(sender)
            yield await self._opened(one)

    async def _opened(self, told: Told) -> Mapping[str, Any]:
        """An event with its personal part; ``erased`` when its key is gone."""
        attributes, data = from_json(told.attributes), from_json(told.value)
        box = data.pop(SEALED, None)
        found: dict[str, Any] = {"attributes": attributes, "data": data}
        subject = attributes.get("ce_subject")
        if box is not None and subject:
            (plain,) = await self._opening.vault.open_many([Sealed(event=told.event_id, subject=subject, box=box)])
            found |= {"erased": True} if plain is None else {"personal": from_json(plain)}
        return found

    async def _accesses(self) -> AsyncIterator[Mapping[str, Any]]:
        async for entry in self._snapshot.accesses(OWN):
            yield {**entry._asdict(), "before": entry.before.hex(), "hash": entry.hash.hex()}

    async def _listed(self, whole: list[DocumentRow]) -> AsyncIterator[Mapping[str, Any]]:
        """Documents that told of the case; ``whole`` gets those whose bytes go along."""
        async for row, alone in telling(self._snapshot, self._senders, self._events):
            there = alone and row.wrapped_key is not None
            if there:
                whole.append(row)
            yield {
                "id": row.id,
                "connector": row.connector,
                "institution": row.institution,
                "messageId": row.message_id,
                "sha256": row.sha256.hex(),
                "size": row.size,
                "receivedAt": row.received_at,
                "receipt": row.receipt,
                "bytes": "here" if there else "of-several-cases" if not alone else "not-kept",
            }

    async def _document(self, row: DocumentRow, part: PartWriter) -> None:
        cipher = self._opening.keys.unwrap(row.id, row.wrapped_key or b"")
        n = 0
        async for sealed in self._snapshot.chunks(row.id):
            plain = cipher.open(sealed, piece_name(row.id, n))
            if plain is None:
                raise TransferRefusedError("document-unreadable", f"document {row.id} does not open with its key")
            part.write(plain)
            n += 1


async def _each(rows: Iterable[Mapping[str, Any]]) -> AsyncIterator[Mapping[str, Any]]:
    for row in rows:
        yield row
