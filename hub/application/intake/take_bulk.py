"""Bulk documents: read item by item in bounded memory, stored in one short transaction at the end."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, field, replace

from hub.application.envelope import outbox_row
from hub.application.intake.address_facts import Origin, numbered
from hub.application.intake.edited_cases import edited
from hub.application.intake.ports import Contract, DocumentRow, Documents, Draft, Finding, Item, Slice
from hub.application.intake.read_document import facts_of
from hub.application.intake.receipts import ReceiptWriter
from hub.application.intake.receive import rejected
from hub.application.intake.refusal_pages import sealed_page
from hub.application.intake.refusals import DocumentRefusedError
from hub.application.intake.seal_events import sealed
from hub.application.intake.spool import piece_name
from hub.application.intake.submission import Limits, Received, Taken
from hub.application.ports import Clock
from hub.application.read.case_access import CaseAccess
from hub.application.vault import Vault
from hub.domain.messaging.cloudevent import CloudEvent
from hub.domain.messaging.topics import Topics
from hub.sdk import DocumentKind, Element, Envelope, Fact

CHUNK = 100
"""Items that are sealed together: enough to share a look-up of keys, few enough not to hold up others."""
PAUSE_EVERY = 32
"""Items after which others get their turn."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Bulk:
    """A bulk document that is to be read. ``row`` as it is before any item."""

    contract: Contract
    kind: DocumentKind
    envelope: Envelope
    root: Element
    row: DocumentRow
    received: Received


@dataclass(kw_only=True)
class _Progress:
    """What was found so far."""

    draft: Draft
    facts: list[tuple[Fact, int, bytes]] = field(default_factory=list)
    """Facts waiting to be sealed: with the number of their item and its bytes."""
    events: list[str] = field(default_factory=list)
    accepted: int = 0
    refused: int = 0
    findings: list[Finding] = field(default_factory=list)
    """Of the page that is being filled."""
    on_page: int = 0
    first_page: tuple[Finding, ...] = ()
    pages: int = 0
    codes: Counter[str] = field(default_factory=Counter)
    accesses: dict[CaseAccess, None] = field(default_factory=dict)


class BulkTaker:
    """Takes bulk documents: good items go on, bad ones are listed."""

    def __init__(
        self,
        *,
        documents: Documents,
        vault: Vault,
        topics: Topics,
        receipts: ReceiptWriter,
        clock: Clock,
        limits: Limits,
    ) -> None:
        self._documents, self._vault, self._topics = documents, vault, topics
        self._receipts, self._clock, self._limits = receipts, clock, limits

    async def take(self, bulk: Bulk, pieces: Iterable[bytes]) -> Taken:
        """Read it and store it; the row that was there first when there was one.

        Raises:
            DocumentRefusedError: the document as a whole; ``nothing-accepted`` when every item was refused;
                ``atomic`` when any was and the caller wanted all or nothing; ``too-many-refused``.
        """
        with self._documents.draft(bulk.row.id) as draft:
            progress = _Progress(draft=draft)
            await self._read(bulk, pieces, progress)
            return await self._close(bulk, progress)

    async def take_everywhere(self, bulk: Bulk, facts: Sequence[Fact], cases: AsyncIterator[Sequence[str]]) -> Taken:
        """Tell facts to every case, as one document; the row that was there first when there was one."""
        with self._documents.draft(bulk.row.id) as draft:
            progress = _Progress(draft=draft)
            async for page in cases:
                for at in range(0, len(page), CHUNK):
                    progress.facts = [(_of(case, fact), 0, b"") for case in page[at : at + CHUNK] for fact in facts]
                    await self._put_away(bulk, progress)
            return await self._close(bulk, progress)

    async def _read(self, bulk: Bulk, pieces: Iterable[bytes], progress: _Progress) -> None:
        stream = bulk.contract.stream(str(bulk.kind.item))
        for piece in pieces:
            for n, item in enumerate(stream.feed(piece), 1):
                self._take_item(bulk, item, progress)
                if n % PAUSE_EVERY == 0:
                    await asyncio.sleep(0)
            if progress.refused > self._limits.refused:
                raise await self._rejected(bulk, progress, "too-many-refused")
            if len(progress.facts) >= CHUNK:
                await self._put_away(bulk, progress)
            await asyncio.sleep(0)
        stream.close()

    def _take_item(self, bulk: Bulk, item: Item, progress: _Progress) -> None:
        """One item: its facts wait to be sealed, or its findings go on the page."""
        try:
            facts = facts_of(bulk.contract, bulk.kind, bulk.envelope, item.element, item.number)
        except DocumentRefusedError as refusal:
            progress.refused += 1
            progress.on_page += 1
            progress.findings.extend(refusal.findings)
            progress.codes.update({finding.code for finding in refusal.findings})
            if progress.on_page >= self._limits.page:
                self._turn_page(bulk, progress)
            return
        progress.accepted += 1
        own = bulk.contract.bytes_of(item.element)
        progress.facts.extend((fact, item.number, own) for fact in facts)

    def _turn_page(self, bulk: Bulk, progress: _Progress) -> None:
        """Put a page of findings away; the first one is also for the answer."""
        if not progress.findings:
            return
        if progress.pages == 0:
            progress.first_page = tuple(progress.findings)
        page = sealed_page(progress.findings, bulk.row.id, progress.pages, bulk.received.cipher)
        progress.draft.add_refusals(page)
        progress.pages += 1
        progress.on_page = 0
        progress.findings.clear()

    async def _put_away(self, bulk: Bulk, progress: _Progress) -> None:
        """Seal and encode the facts that wait; their rows go to the draft."""
        waiting, progress.facts = progress.facts, []
        events = self._events(bulk, [fact for fact, _, _ in waiting], progress)
        closed = await sealed(events, self._vault)  # when a number is replaced meanwhile: send again
        await asyncio.sleep(0)
        parts = {
            (item, event.subject): own
            for event, (_, item, own) in zip(events, waiting, strict=True)
            if event.subject and item
        }
        document = bulk.row.id
        boxes = await self._vault.seal_parts(
            [(str(subject), piece_name(document, item), own) for (item, subject), own in parts.items()]
        )
        slices = [Slice(item, str(subject), box) for (item, subject), box in zip(parts, boxes, strict=True)]
        progress.accesses.update(dict.fromkeys(edited(events, bulk.received.submission)))
        progress.draft.add([outbox_row(event, self._topics) for event in closed], slices)

    def _events(self, bulk: Bulk, facts: Sequence[Fact], progress: _Progress) -> list[CloudEvent]:
        """Events of facts, numbered on from those before."""
        origin = Origin.of(bulk.row, self._clock())
        events = numbered(facts, bulk.row, origin, self._vault.subject_of, after=len(progress.events))
        progress.events.extend(str(event.id) for event in events)
        return events

    async def _close(self, bulk: Bulk, progress: _Progress) -> Taken:
        """The end of the document: its closing facts, its receipt, its one transaction."""
        if progress.refused and not progress.accepted:
            raise await self._rejected(bulk, progress, "nothing-accepted")
        if progress.refused and bulk.received.submission.atomic:
            raise await self._rejected(bulk, progress, "atomic")
        self._turn_page(bulk, progress)
        if bulk.kind.closing:
            closing = bulk.kind.closing(bulk.root, bulk.envelope, progress.accepted, progress.refused)
            progress.facts.extend((fact, 0, b"") for fact in closing)
        await self._put_away(bulk, progress)
        row = await self._row(bulk, progress)
        there = await progress.draft.commit(row, bulk.received.spool.sealed(), [*progress.accesses])
        return Taken(row=there or row, fresh=there is None, findings=() if there else progress.first_page)

    async def _rejected(self, bulk: Bulk, progress: _Progress, code: str) -> DocumentRefusedError:
        """Keep the document as rejected, with every finding; nothing of it goes on."""
        self._turn_page(bulk, progress)
        row = replace(
            bulk.row, state="rejected", refused=progress.refused, answer=json.dumps({"codes": progress.codes})
        )
        error = DocumentRefusedError(code, progress.first_page, limit=str(progress.refused))
        error.kept = await progress.draft.reject(row, bulk.received.spool.sealed(), rejected(row, error))
        error.refused = progress.refused
        return error

    async def _row(self, bulk: Bulk, progress: _Progress) -> DocumentRow:
        """The document's row with everything counted, signed."""
        row = replace(
            bulk.row,
            state="partial" if progress.refused else "accepted",
            events=len(progress.events),
            refused=progress.refused,
            sequence=bulk.envelope.sequence,
            answer=json.dumps({"codes": progress.codes, **await self._gap(bulk)}),
        )
        return replace(row, receipt=self._receipts.of(row, self._clock(), progress.events))

    async def _gap(self, bulk: Bulk) -> dict[str, object]:
        """What is missing of the sender's numbered documents, for its answer."""
        sequence = bulk.envelope.sequence
        if sequence is None:
            return {}
        gap = await self._documents.gap(bulk.row.connector, bulk.row.institution, sequence)
        return {"gap": {"expected": gap.expected, "received": gap.received, "missing": gap.missing}}


def _of(case: str, fact: Fact) -> Fact:
    """A fact of this case."""
    return replace(fact, data=fact.data.model_copy(update={"case": case}))
