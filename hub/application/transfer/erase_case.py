"""The erasure of a case: asked by one administrator, confirmed by another, in one transaction (ADR 0028)."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from uuid import UUID

from pydantic_core import from_json

from hub.application.audit import Audit, Deed
from hub.application.erase import erased_row
from hub.application.ports import MovableClock
from hub.application.read.case_access import by_command
from hub.application.transfer.documents import sender_of, telling
from hub.application.transfer.erase_ports import Gone, Standing, Traces, TransferTransaction, TransferTransactions
from hub.application.transfer.ports import TransferRefusedError
from hub.application.transfer.receive import changed
from hub.domain.messaging.topics import Topics
from schemas.access import PersonErased


class EraseCase:
    """Asks and confirms. Every operation is audited, also a refused one. ``life``: how long a request waits."""

    def __init__(
        self,
        transactions: TransferTransactions,
        *,
        audit: Audit,
        topics: Topics,
        clock: MovableClock,
        life: timedelta,
        forget: Callable[[str], None],
    ) -> None:
        self._transactions, self._audit, self._topics = transactions, audit, topics
        self._clock, self._life, self._forget = clock, life, forget

    async def ask(self, case: str, *, who: str, reason: str) -> datetime:
        """Ask for the erasure of a case whose receipt is recorded; until when it may be confirmed.

        Raises:
            TransferRefusedError: ``reason-missing``, ``not-received``, ``asked`` by somebody else, ``case-changed``,
                ``case-waits``, ``case-erased``; nothing was changed.
        """
        async with self._audited(case, who, "ask-erasure"):
            await self._clock.refresh()
            now = self._clock()
            if not reason.strip():
                raise TransferRefusedError("reason-missing", "say why: the reason stands in the audit")
            async with self._transactions.begin(case) as transaction:
                standing = await transaction.standing()
                _check(standing)
                if standing.asked_by not in {None, who} and not self._over(standing, now):
                    raise TransferRefusedError("asked", f"{standing.asked_by} asked for it already: confirm it")
                await transaction.asked(now, who, reason)
                await transaction.noted(Deed(who=who, verb="ask-erasure", what=f"case {case}", reason=reason), now)
        return now + self._life

    async def confirm(self, case: str, *, who: str) -> Gone:
        """Erase a case whose erasure another administrator asked for.

        Raises:
            TransferRefusedError: as ``ask``; ``not-asked``, ``approver-is-asker``, ``approval-expired``; nothing was
                changed.
        """
        async with self._audited(case, who, "erase"):
            await self._clock.refresh()
            now = self._clock()
            async with self._transactions.begin(case) as transaction:
                standing = await transaction.standing()
                _check(standing)
                self._approval(standing, who, now)
                gone = await transaction.destroy(await _traces(transaction, case, standing), now)
                for person, documents in gone.persons.items():
                    fact = PersonErased(erased_at=now, documents=documents)
                    await transaction.publish(erased_row(person, fact, self._topics))
                detail = {"rows": sum(gone.rows.values()), "persons": len(gone.persons), "asked_by": standing.asked_by}
                deed = Deed(who=who, verb="erase", what=f"case {case}", reason=standing.reason or "", detail=detail)
                await transaction.noted(deed, now, by_command(who, case, what="package", action="EDIT"))
                await transaction.closed(now, who)
        for person in gone.persons:
            self._forget(person)
        return gone

    def _approval(self, standing: Standing, who: str, now: datetime) -> None:
        if standing.asked_by is None:
            raise TransferRefusedError("not-asked", "nobody asked for it: hub rcd erase CASE --reason …")
        if standing.asked_by == who:
            raise TransferRefusedError("approver-is-asker", "another administrator must confirm this")
        if self._over(standing, now):
            raise TransferRefusedError("approval-expired", "it waited too long for its confirmation; ask again")

    def _over(self, standing: Standing, now: datetime) -> bool:
        return standing.asked_at is None or standing.asked_at + self._life <= now

    @asynccontextmanager
    async def _audited(self, case: str, who: str, verb: str) -> AsyncIterator[None]:
        """A refusal within is an entry of the audit."""
        try:
            yield
        except TransferRefusedError as refusal:
            deed = Deed(who=who, verb=verb, what=f"case {case}", outcome="refused", reason=refusal.rule)
            await self._audit.note([deed])
            raise


def _check(standing: Standing) -> None:
    if standing.erased_at:
        raise TransferRefusedError("case-erased", "this case was erased before")
    if standing.received_at is None:
        raise TransferRefusedError(
            "not-received", "the State Archives have not confirmed its package; see: hub rcd archived"
        )
    changed(standing)


async def _traces(transaction: TransferTransaction, case: str, standing: Standing) -> Traces:
    """Documents that told of the case, and persons that its events name."""
    senders, events, persons = set[tuple[str, str]](), set[UUID](), set[str]()
    async for one in transaction.snapshot.timeline():
        events.add(one.event_id)
        if sender := sender_of(one.attributes):
            senders.add(sender)
        if subject := from_json(one.attributes).get("ce_subject"):
            persons.add(subject)
    documents = [one.row.id async for one in telling(transaction.snapshot, senders, events)]
    return Traces(case=case, case_ref=standing.case_ref, documents=documents, persons=sorted(persons))
