"""A delivery to ManageAccess: integrate, de-integrate, list (bcss-primaweb §2.1).

A change has legal effect. One that may have been sent is never sent again from here: it ends as ``unknown``, and the
fold asks for a list. Who dies between sending and writing down leaves an open call, which says the same.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from hub.application.consult.calls import Call, Calls
from hub.application.consult.opened import days_of, subject_of
from hub.application.consult.ports import (
    AccessAnswer,
    AccessOperation,
    AccessRequest,
    AnswerUnusableError,
    CrossroadsBank,
)
from hub.application.consult.seal_answer import Answered, Sealing, sealed_answer
from hub.application.consult.suspend import suspended_row
from hub.application.deliver.ports import Carried, DueDelivery
from hub.application.ports import Clock
from hub.domain.messaging.errors import PartnerAwayError, PartnerRefusedError
from hub.domain.messaging.topics import Topics
from hub.domain.persons.reasons import treatment_of
from schemas.persons import AccessCallEnded, CallOutcome, OwnRegistration


@dataclass(frozen=True, kw_only=True, slots=True)
class BankParts:
    """What sending to the bank needs. ``retention``: how long answers are kept."""

    bank: CrossroadsBank
    calls: Calls
    sealing: Sealing
    topics: Topics
    clock: Clock
    retention: timedelta
    new_ticket: Callable[[], UUID] = uuid4


class SendAccess:
    """The gateway of deliveries ``bcss-access``."""

    def __init__(self, parts: BankParts) -> None:
        self._parts = parts

    async def send(self, delivery: DueDelivery, personal: Mapping[str, Any] | None) -> Carried:
        """Send it, once; what became of it is told as ``AccessCallEnded``.

        Raises:
            PartnerRefusedError: it can never be sent.
            PartnerAwayError: it was not taken now, or its adapter is suspended.
            TransientError: our own database is away.
        """
        changes = delivery.content["operation"] != "list"
        for past in await self._parts.calls.of(delivery.id):
            if past.told is not None:
                return Carried(reference=str(past.ticket), told=past.told)
            if past.open and changes:
                return await self._unknown(delivery, past.ticket, "interrupted")
        request = self._request(delivery, personal)
        await self._parts.calls.begin(
            Call(
                ticket=request.ticket,
                delivery=delivery.id,
                attempt=delivery.attempt,
                dossier=delivery.content["dossier"],
                cpas=request.cpas,
                adapter=delivery.partner,
                operation=request.operation,
                consultation=request.consultation,
                sent_at=self._parts.clock(),
            )
        )
        return await self._sent(delivery, request, changes=changes)

    def _request(self, delivery: DueDelivery, personal: Mapping[str, Any] | None) -> AccessRequest:
        content = delivery.content
        code = content.get("code")
        return AccessRequest(
            cpas=content["cpas"],
            operation=_operation(content["operation"]),
            subject=subject_of(personal),
            ticket=self._parts.new_ticket(),
            consultation=content.get("integration") or str(delivery.event_id),
            attempt=delivery.attempt,
            code=int(code) if code else None,
            period=days_of(content),
        )

    async def _sent(self, delivery: DueDelivery, request: AccessRequest, *, changes: bool) -> Carried:
        calls, now = self._parts.calls, self._parts.clock
        try:
            answer = await self._parts.bank.access(request)
        except AnswerUnusableError as error:
            if changes:
                return await self._unknown(delivery, request.ticket, error.rule)
            await calls.close(request.ticket, "unusable", reason=error.rule, at=now())
            raise
        except PartnerRefusedError as error:
            await calls.close(request.ticket, "refused", reason=error.rule, at=now())
            raise
        except PartnerAwayError as error:
            if error.uncertain and changes:
                return await self._unknown(delivery, request.ticket, error.rule)
            await calls.close(
                request.ticket, "unknown" if error.uncertain else "not-taken", reason=error.rule, at=now()
            )
            raise
        return await self._answered(delivery, request, answer, changes=changes)

    async def _answered(
        self, delivery: DueDelivery, request: AccessRequest, answer: AccessAnswer, *, changes: bool
    ) -> Carried:
        treatment = treatment_of(answer.reasons, "DATA_FOUND" if answer.done else "NO_RESULT")
        first = answer.reasons[0] if answer.reasons else "none"
        calls, now = self._parts.calls, self._parts.clock()
        if treatment == "suspend":
            await calls.close(request.ticket, "refused", reason=first, at=now)
            row = suspended_row(delivery.partner, first, "hub", now, self._parts.topics)
            await calls.suspend(delivery.partner, first, "hub", now, row)
            raise PartnerAwayError("adapter-suspended", wholly=False)
        if treatment == "again" and not answer.done:
            if changes:
                return await self._unknown(delivery, request.ticket, first)
            await calls.close(request.ticket, "refused", reason=first, at=now)
            raise PartnerAwayError(first)
        kept = None
        if answer.done and not changes:
            kept = await sealed_answer(
                self._list(delivery, request, answer), self._parts.sealing, self._parts.retention
            )
        own = tuple(
            OwnRegistration(code=one.code, begin=one.period.begin, end=one.period.end)
            for one in answer.registrations
            if one.own
        )
        told = self._told(
            delivery, request.ticket, "answered" if answer.done else "rejected", answer.reasons
        ).model_copy(
            update={
                "own": own,
                "others": len(answer.registrations) - len(own),
                "answer": str(kept.id) if kept else None,
                "ticket_bcss": answer.ticket_bcss,
            }
        )
        await calls.settle(request.ticket, told, kept, ticket_bcss=answer.ticket_bcss, at=now)
        return Carried(reference=str(request.ticket), told=told)

    def _list(self, delivery: DueDelivery, request: AccessRequest, answer: AccessAnswer) -> Answered:
        """A list with the inscriptions of other CPAS: kept sealed, for entitled staff (I10)."""
        shown = [
            {
                "code": one.code,
                "begin": one.period.begin,
                "end": one.period.end,
                "organisation": one.organisation,
                "own": one.own,
                "register": one.register,
            }
            for one in answer.registrations
        ]
        return Answered(
            ticket=request.ticket,
            consultation=request.consultation,
            dossier=delivery.content["dossier"],
            cpas=request.cpas,
            subject=delivery.subject or "",
            flow="integrations",
            status="DATA_FOUND" if shown else "NO_DATA_FOUND",
            ticket_bcss=answer.ticket_bcss,
            content={"registrations": shown},
            raw=answer.raw,
            others=(),
            at=self._parts.clock(),
        )

    async def _unknown(self, delivery: DueDelivery, ticket: UUID, reason: str) -> Carried:
        """It may have been done: a list must tell."""
        told = self._told(delivery, ticket, "unknown", (reason,))
        await self._parts.calls.settle(ticket, told, None, ticket_bcss=None, at=self._parts.clock())
        return Carried(reference=str(ticket), told=told)

    @staticmethod
    def _told(delivery: DueDelivery, ticket: UUID, outcome: CallOutcome, reasons: tuple[str, ...]) -> AccessCallEnded:
        return AccessCallEnded(
            dossier=delivery.content["dossier"],
            cpas=delivery.content["cpas"],
            operation=_operation(delivery.content["operation"]),
            integration=delivery.content.get("integration"),
            outcome=outcome,
            reasons=reasons,
            ticket=str(ticket),
        )


def _operation(text: str) -> AccessOperation:
    match text:
        case "register" | "unregister" | "list":
            return text
        case _:
            raise PartnerRefusedError("operation-unknown", "ManageAccess knows register, unregister and list")
