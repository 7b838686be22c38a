"""A document comes in: who → limits → hardened parser → schema → mapping → one transaction → receipt.

What is refused after the caller is known is kept as rejected, unless its bytes never came.
"""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from types import MappingProxyType
from uuid import UUID

from hub.application.intake.address_facts import Origin, numbered
from hub.application.intake.admit import NOT_INTEGRATED, Admission
from hub.application.intake.callers import Caller
from hub.application.intake.notation_ports import Settlements
from hub.application.intake.notations import Notations, check_case
from hub.application.intake.one_person import Numbers, one_person
from hub.application.intake.ports import Contract, DocumentKeys, Documents, NewDocument
from hub.application.intake.read_document import envelope_of, facts_of, kind_of
from hub.application.intake.receive import counted, gathered, receive, rejected, stepped
from hub.application.intake.refusal_pages import sealed_page, stored_page
from hub.application.intake.refusals import (
    DocumentRefusedError,
    MessageIdReusedError,
    NotFoundError,
    NotPermittedError,
)
from hub.application.intake.submission import Limits, Received, Submission, Taken
from hub.application.intake.take_bulk import Bulk, BulkTaker
from hub.application.intake.take_single import Ready, SingleTaker
from hub.application.intake.unpack import unpacked
from hub.application.ports import Clock
from hub.application.spans import OFF, Span, Spans
from hub.application.vault import PersonRenumberedError, Vault
from hub.domain.messaging.errors import RuleError
from hub.sdk import Connector


class Intake:
    """The one door for documents. ``contracts`` by connector name."""

    def __init__(
        self,
        *,
        contracts: Mapping[str, Contract],
        documents: Documents,
        keys: DocumentKeys,
        single: SingleTaker,
        bulk: BulkTaker,
        vault: Vault,
        numbers: Numbers,
        clock: Clock,
        limits: Limits,
        notations: Notations,
        settlements: Settlements,
        admissions: Mapping[str, Admission] = MappingProxyType({}),
        spans: Spans = OFF,
    ) -> None:
        self._notations, self._settlements = notations, settlements
        self._contracts, self._documents, self._keys = contracts, documents, keys
        self._numbers, self._admissions = numbers, admissions
        self._single, self._bulk, self._limits = single, bulk, limits
        self._vault, self._clock, self._spans = vault, clock, spans

    @property
    def connectors(self) -> Mapping[str, Connector]:
        """Every partner system whose documents are taken, by name."""
        return {name: contract.connector for name, contract in self._contracts.items()}

    async def take(self, submission: Submission) -> Taken:
        """Take a document: every accepted one has exactly one effect, however often it is sent.

        Raises:
            NotFoundError, NotPermittedError: no such connector, or not for this caller.
            DocumentRefusedError: with findings; kept as rejected under ``kept``.
            MessageIdReusedError: the message id stands for other bytes.
            TransientError: the database is away; the same document may be sent again.
        """
        connector = submission.connector
        contract = self._contract(submission.caller, connector)
        if contract.connector.signed and not submission.signed:
            raise NotPermittedError("signature-missing", limit=connector)
        await self._vault.renew()
        with self._spans.one("document", connector, submission.traceparent, connector=connector) as span:
            received = Received.under(self._keys, submission, span)
            with received.spool:
                try:
                    await check_correction(submission, self._documents)
                    await receive(received, self._limits)
                    taken = await self._taken(contract, received, span)
                except DocumentRefusedError as refusal:
                    span.tell(state="rejected")
                    refusal.kept = refusal.kept or await self._keep(received, refusal)
                    raise
                settled = await self._settled(taken, received)
                span.tell(state=settled.state, events=settled.row.events)
                return settled

    def check(self, caller: Caller, connector: str, content: bytes) -> None:
        """Read a small document as ``take`` does, and keep nothing.

        Raises:
            IntakeRefusalError: as ``take``.
        """
        contract = self._contract(caller, connector)
        root = contract.whole(content)
        kind = kind_of(contract, root, caller)
        envelope = envelope_of(contract, root, caller)
        if kind.item is None:
            facts_of(contract, kind, envelope, root)
        elif findings := contract.findings(root):
            raise DocumentRefusedError("not-valid", findings)

    def _contract(self, caller: Caller, connector: str) -> Contract:
        contract = self._contracts.get(connector)
        if contract is None:
            raise NotFoundError("connector-unknown", limit=", ".join(sorted(self._contracts)))
        if connector not in caller.connectors:
            raise NotPermittedError("connector-not-granted", limit=connector)
        if caller.kind not in contract.connector.institutions:
            raise NotPermittedError("institution-kind", limit=", ".join(contract.connector.institutions))
        return contract

    async def _taken(self, contract: Contract, received: Received, span: Span) -> Taken:
        """Read and stored; once more when a number came to lead to somebody else meanwhile."""
        try:
            return await self._read(contract, received, span)
        except PersonRenumberedError:
            await self._vault.renew(age=0)
            return await self._read(contract, received, span)

    async def _read(self, contract: Contract, received: Received, span: Span) -> Taken:
        """The document by its kind."""
        limits, submission = self._limits, received.submission
        pieces = unpacked(received.spool.plain(), gzip=submission.gzip, most=limits.most, ratio=limits.ratio)
        beginning, small = gathered(pieces, limits.whole)
        if other := await self._notations.read(contract, received, beginning, pieces):
            contract, beginning = other
            pieces, small = iter(()), len(beginning) <= limits.whole
        root = contract.whole(beginning) if small else contract.head(beginning)
        kind = kind_of(contract, root, submission.caller)
        span.tell(kind=str(root.tag).rpartition("}")[2])
        envelope = envelope_of(contract, root, submission.caller)
        received.message_id = envelope.message_id
        try:
            await check_case(kind, root, submission.caller, self._settlements)
            if kind.item is not None or kind.every_case:
                if submission.corrects:
                    raise DocumentRefusedError("correction-of-bulk")
                bulk = Bulk(
                    contract=contract,
                    kind=kind,
                    envelope=envelope,
                    root=contract.head(beginning),
                    row=received.row(limits.retention),
                    received=received,
                )
                return await self._take_bulk(bulk, chain(stepped(beginning), pieces))
            if not small:
                raise DocumentRefusedError("too-large", limit=str(limits.whole))
            facts, aliases = await one_person(facts_of(contract, kind, envelope, root), self._vault, self._numbers)
            row = received.row(limits.retention)
            events = numbered(facts, row, Origin.of(row, self._clock()), self._vault.subject_of)
        except RuleError as error:
            raise DocumentRefusedError(error.rule) from error
        if admitted := self._admissions.get(contract.connector.name):
            await admitted(events)
        return await self._single.take(Ready(row=row, received=received, events=events, aliases=aliases))

    async def _take_bulk(self, bulk: Bulk, pieces: Iterable[bytes]) -> Taken:
        """A bulk document, unless it was accepted before: a look-up is cheaper than reading it all again."""
        row = bulk.row
        there = await self._documents.find(row.connector, row.institution, row.message_id)
        if there is not None:
            return Taken(row=there, fresh=False)
        if findings := bulk.contract.findings(bulk.root):
            raise DocumentRefusedError("not-valid", findings)
        if not bulk.kind.every_case:
            return await self._bulk.take(bulk, pieces)
        facts = facts_of(bulk.contract, bulk.kind, bulk.envelope, bulk.root)
        return await self._bulk.take_everywhere(bulk, facts, self._cases(row.institution))

    async def _cases(self, register: str) -> AsyncIterator[Sequence[str]]:
        """Every case whose acts it has told, page by page."""
        after = ""
        while page := await self._settlements.told_by(register, after=after):
            yield page
            after = page[-1]

    async def _keep(self, received: Received, refusal: DocumentRefusedError) -> UUID | None:
        """Keep a refused document; of one whose bytes did not all come, nothing but that it was refused."""
        if refusal.rule == "slow-body":
            return None
        row = received.row(self._limits.retention)
        row = replace(row, state="rejected", refused=refusal.refused, answer=counted(refusal))
        page = sealed_page(refusal.findings, row.id, 0, received.cipher)
        if refusal.rule == NOT_INTEGRATED:  # not for its recipient: nothing but its id is kept, and nobody corrects it
            return await self._documents.reject(NewDocument(row=row, chunks=[], refusals=[page]))
        chunks = [] if refusal.rule == "too-large" else list(received.spool.sealed())
        return await self._documents.reject(
            NewDocument(row=row, chunks=chunks, refusals=[page], letter=rejected(row, refusal))
        )

    async def _settled(self, taken: Taken, received: Received) -> Taken:
        """A document that was there first: the same one, with its findings, or another one under its name."""
        if taken.fresh:
            return taken
        if taken.row.sha256 != received.spool.sha256:
            raise MessageIdReusedError("message-id-reused", limit=taken.row.message_id)
        return replace(taken, findings=await stored_page(taken.row, 0, self._documents, self._keys))


async def check_correction(submission: Submission, documents: Documents) -> None:
    """A correction names a document that was returned to its sender and waits.

    Raises:
        NotFoundError: ``correction-unknown``; nothing of it is kept.
    """
    letter = submission.corrects
    if letter and not await documents.awaits_correction(letter, submission.caller.institution):
        raise NotFoundError("correction-unknown")
