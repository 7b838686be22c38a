"""Institutional systems publish CloudEvents; each is kept as a document of its own, with its receipt."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from hub.application.intake.address_facts import Origin, addressed
from hub.application.intake.callers import Caller
from hub.application.intake.institutions import EVENTS_CONNECTOR
from hub.application.intake.ports import DocumentKeys, Documents, NewDocument
from hub.application.intake.read_event import PostedEvent, check_attributes, check_permitted, fact_of
from hub.application.intake.receive import counted, rejected
from hub.application.intake.refusal_pages import sealed_page
from hub.application.intake.refusals import DocumentRefusedError, IntakeRefusalError, MessageIdReusedError
from hub.application.intake.strict_json import canonical
from hub.application.intake.submission import Limits, Received, Submission, Taken
from hub.application.intake.take_document import check_correction
from hub.application.intake.take_single import Ready, SingleTaker
from hub.application.ports import Clock
from hub.application.spans import OFF, Span, Spans
from hub.application.traceparent import given_trace
from hub.application.vault import PersonRenumberedError, Vault
from hub.domain.messaging.cloudevent import event_id_of
from hub.domain.messaging.errors import RuleError
from hub.domain.messaging.topics import Topics

BATCH_MOST = 1000
"""Events of one posted batch."""
_TOGETHER = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class Posting:
    """Who posts, from where, when it came, the trace it belongs to unless the event has its own, what it corrects."""

    caller: Caller
    received: datetime
    traceparent: str | None
    corrects: UUID | None = None
    origin: str = ""


class PublishEvents:
    """The door for events."""

    def __init__(
        self,
        *,
        documents: Documents,
        keys: DocumentKeys,
        single: SingleTaker,
        vault: Vault,
        topics: Topics,
        clock: Clock,
        limits: Limits,
        spans: Spans = OFF,
    ) -> None:
        self._documents, self._keys, self._single = documents, keys, single
        self._vault, self._topics, self._clock, self._limits = vault, topics, clock, limits
        self._spans = spans

    async def publish(self, event: PostedEvent, posting: Posting) -> Taken:
        """Publish one event: sent again it has no second effect.

        Raises:
            NotPermittedError: its type is not for this caller.
            DocumentRefusedError: with findings; kept as rejected under ``kept``.
            MessageIdReusedError: the id stands for other content.
            TransientError: the database is away; the same event may be posted again.
        """
        own = given_trace(event.attributes.get("traceparent"))
        with self._span(own or posting.traceparent) as span:
            received = self._received(canonical(event.json()), posting, span)
            received.message_id = event.id
            with received.spool:
                try:
                    await check_correction(received.submission, self._documents)
                    taken = await self._taken(event, received, span)
                except DocumentRefusedError as refusal:
                    await self._keep(received, refusal, span)
                    raise
            if taken.row.sha256 != received.spool.sha256:
                raise MessageIdReusedError("message-id-reused", limit=received.message_id)
            span.tell(state=taken.state, events=taken.row.events)
            return taken

    async def _taken(self, event: PostedEvent, received: Received, span: Span) -> Taken:
        """Read and stored; once more when a number came to lead to somebody else meanwhile."""
        await self._vault.renew()
        try:
            return await self._single.take(self._ready(event, received, span))
        except PersonRenumberedError:
            await self._vault.renew(age=0)
            return await self._single.take(self._ready(event, received, span))

    async def refuse(self, body: bytes, posting: Posting, refusal: DocumentRefusedError) -> None:
        """Keep a body as rejected that is no event at all."""
        with self._span(posting.traceparent) as span:
            received = self._received(body, posting, span)
            with received.spool:
                await self._keep(received, refusal, span)

    async def publish_batch(self, events: Sequence[PostedEvent], posting: Posting) -> list[Taken | IntakeRefusalError]:
        """Publish many; each has its own outcome.

        Raises:
            TransientError: the database is away; the same batch may be posted again.
        """
        outcomes: list[Taken | IntakeRefusalError] = []
        for at in range(0, len(events), _TOGETHER):
            some = [self._outcome(event, posting) for event in events[at : at + _TOGETHER]]
            outcomes += await asyncio.gather(*some)
        return outcomes

    async def _outcome(self, event: PostedEvent, posting: Posting) -> Taken | IntakeRefusalError:
        try:
            return await self.publish(event, posting)
        except IntakeRefusalError as refusal:
            return refusal

    def _span(self, parent: str | None) -> AbstractContextManager[Span]:
        return self._spans.one("document", EVENTS_CONNECTOR, parent, connector=EVENTS_CONNECTOR)

    def _received(self, body: bytes, posting: Posting, span: Span) -> Received:
        """The bytes of a document of their own."""
        submission = Submission(
            caller=posting.caller,
            connector=EVENTS_CONNECTOR,
            content=_nothing(),
            received=posting.received,
            corrects=posting.corrects,
            origin=posting.origin,
        )
        received = Received.under(self._keys, submission, span)
        received.spool.write(body)
        return received

    def _ready(self, event: PostedEvent, received: Received, span: Span) -> Ready:
        submission = received.submission
        kind = check_attributes(event)
        span.tell(kind=kind.type)
        check_permitted(kind, submission.caller, self._topics)
        fact = fact_of(event, kind, submission.caller, submission.received)
        row = received.row(self._limits.retention)
        event_id = event_id_of(EVENTS_CONNECTOR, row.institution, row.message_id)
        try:
            one = addressed(fact, event_id, Origin.of(row, self._clock()), self._vault.subject_of)
        except RuleError as error:
            raise DocumentRefusedError(error.rule) from error
        return Ready(row=row, received=received, events=[one])

    async def _keep(self, received: Received, refusal: DocumentRefusedError, span: Span) -> None:
        span.tell(state="rejected", rule=refusal.rule)
        row = received.row(self._limits.retention)
        row = replace(row, state="rejected", answer=counted(refusal))
        page = sealed_page(refusal.findings, row.id, 0, received.cipher)
        document = NewDocument(
            row=row, chunks=list(received.spool.sealed()), refusals=[page], letter=rejected(row, refusal)
        )
        refusal.kept = await self._documents.reject(document)


async def _nothing() -> AsyncIterator[bytes]:
    """An event's bytes are there from the start."""
    nothing: tuple[bytes, ...] = ()
    for data in nothing:
        yield data
