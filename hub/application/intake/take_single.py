"""Documents of one item: many callers' documents share one transaction."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from hub.application.envelope import outbox_row
from hub.application.intake.batch import Batch
from hub.application.intake.edited_cases import edited
from hub.application.intake.ports import Alias, DocumentRow, Documents, NewDocument, Slice
from hub.application.intake.receipts import ReceiptWriter
from hub.application.intake.refusals import DocumentRefusedError
from hub.application.intake.seal_events import LARGEST_EVENT, sealed, sealed_size
from hub.application.intake.submission import Received, Taken
from hub.application.ports import Clock
from hub.application.vault import Vault
from hub.domain.messaging.cloudevent import CloudEvent
from hub.domain.messaging.topics import Topics

_PAUSE_EVERY = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Ready:
    """A document with its events, their personal parts not yet sealed."""

    row: DocumentRow
    received: Received
    events: Sequence[CloudEvent]
    aliases: Sequence[Alias] = ()

    def __post_init__(self) -> None:
        """Refuse what Kafka would never take: it would hold up everything behind it in the outbox."""
        if any(sealed_size(event.data) > LARGEST_EVENT for event in self.events):
            raise DocumentRefusedError("item-too-large", limit=str(LARGEST_EVENT))


class SingleTaker:
    """Takes documents that were read; each caller is answered after the commit."""

    def __init__(
        self, *, documents: Documents, vault: Vault, topics: Topics, receipts: ReceiptWriter, clock: Clock
    ) -> None:
        self._documents, self._vault, self._topics = documents, vault, topics
        self._receipts, self._clock = receipts, clock
        self._batch: Batch[Ready, Taken] = Batch(self._write)

    async def take(self, ready: Ready) -> Taken:
        """Store it; the row that was there first when there was one."""
        return await self._batch.put(ready)

    async def _write(self, batch: Sequence[Ready]) -> Sequence[Taken]:
        closed = iter(await sealed([event for ready in batch for event in ready.events], self._vault))
        documents = []
        for n, ready in enumerate(batch, 1):
            documents.append(self._document(ready, [next(closed) for _ in ready.events]))
            if n % _PAUSE_EVERY == 0:
                await asyncio.sleep(0)
        first = await self._documents.store(documents)
        return [
            Taken(row=there or document.row, fresh=there is None)
            for document, there in zip(documents, first, strict=True)
        ]

    def _document(self, ready: Ready, events: Sequence[CloudEvent]) -> NewDocument:
        """Everything that is stored of a document. Its one person's part is the document itself: an empty box."""
        subjects = dict.fromkeys(event.subject for event in events if event.subject)
        receipt = self._receipts.of(ready.row, self._clock(), [str(event.id) for event in events])
        return NewDocument(
            row=replace(ready.row, receipt=receipt, events=len(events)),
            chunks=list(ready.received.spool.sealed()),
            slices=[Slice(n, subject, "") for n, subject in enumerate(subjects)],
            outbox=[outbox_row(event, self._topics) for event in events],
            corrects=ready.received.submission.corrects,
            aliases=ready.aliases,
            accesses=edited(events, ready.received.submission),
        )
