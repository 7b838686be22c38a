"""A delivery to one of the seven flows: the gate is asked at the moment of sending (bcss-primaweb D3).

All seven only read, so a retry after an unknown outcome is allowed: with a new ticket and the same consultation. A
consultation that has an answer is never sent again.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, get_args

from hub.application.consult.calls import Call, Gates
from hub.application.consult.opened import days_of, subject_of
from hub.application.consult.ports import AnswerUnusableError, FlowAnswer, FlowRequest
from hub.application.consult.seal_answer import Answered, sealed_answer
from hub.application.consult.send_access import BankParts
from hub.application.consult.suspend import suspended_row
from hub.application.deliver.ports import Carried, DueDelivery
from hub.domain.messaging.calendar import local_date
from hub.domain.messaging.errors import PartnerAwayError, PartnerRefusedError
from hub.domain.persons.consultations import BANK_DENIED
from hub.domain.persons.gate import GateRules, gate
from hub.domain.persons.reasons import treatment_of
from schemas.consultations import FlowCallEnded
from schemas.persons import PensionFocus

_FOCUS: Mapping[str, PensionFocus] = {one: one for one in get_args(PensionFocus)}
_LANGUAGE: Mapping[str, Literal["fr", "nl", "de"]] = {"fr": "fr", "nl": "nl", "de": "de"}


class SendFlow:
    """The gateway of deliveries ``bcss-flow``."""

    def __init__(self, parts: BankParts, *, gates: Gates, rules: GateRules) -> None:
        self._parts, self._gates, self._rules = parts, gates, rules

    async def send(self, delivery: DueDelivery, personal: Mapping[str, Any] | None) -> Carried:
        """Send it if the gate is open now; what became of it is told as ``FlowCallEnded``.

        Raises:
            PartnerRefusedError: it can never be sent.
            PartnerAwayError: it was not answered now, its dossier is parked, or its adapter is suspended.
            TransientError: our own database is away.
        """
        for past in await self._parts.calls.of(delivery.id):
            if past.told is not None:
                return Carried(reference=str(past.ticket), told=past.told)
        data = _begun(delivery)
        view = await self._gates.of(data.dossier)
        if view.parked:
            raise PartnerAwayError("dossier-parked", wholly=False)
        now = self._parts.clock()
        verdict = gate(view.access, data.flow, local_date(now), self._rules)
        if verdict.integration is None:
            denied = {"outcome": "denied", "reasons": (verdict.reason or "NOT_INTEGRATED",)}
            return Carried(reference="gate-closed", told=data.model_copy(update=denied))
        request = self._request(delivery, data, personal, now)
        await self._parts.calls.begin(
            Call(
                ticket=request.ticket,
                delivery=delivery.id,
                attempt=delivery.attempt,
                dossier=data.dossier,
                cpas=data.cpas,
                adapter=delivery.partner,
                operation=data.flow,
                consultation=data.consultation,
                sent_at=now,
            )
        )
        asked = {"asked_at": now, "integration": verdict.integration, "ticket": str(request.ticket)}
        return await self._sent(delivery, request, data.model_copy(update=asked))

    def _request(
        self, delivery: DueDelivery, data: FlowCallEnded, personal: Mapping[str, Any] | None, now: datetime
    ) -> FlowRequest:
        content = delivery.content
        return FlowRequest(
            cpas=data.cpas,
            flow=data.flow,
            subject=subject_of(personal),
            legal_context=self._rules.legal_context(data.flow),
            ticket=self._parts.new_ticket(),
            consultation=data.consultation,
            attempt=delivery.attempt,
            period=days_of(content),
            day=local_date(now),
            focus=_FOCUS.get(content.get("focus", "")),
            language=_LANGUAGE.get(content.get("language", ""), "fr"),
        )

    async def _sent(self, delivery: DueDelivery, request: FlowRequest, data: FlowCallEnded) -> Carried:
        calls, now = self._parts.calls, self._parts.clock
        try:
            answer = await self._parts.bank.consult(request)
        except AnswerUnusableError as error:
            await calls.close(request.ticket, "unusable", reason=error.rule, at=now())
            raise
        except PartnerRefusedError as error:
            await calls.close(request.ticket, "refused", reason=error.rule, at=now())
            raise
        except PartnerAwayError as error:
            outcome = "unknown" if error.uncertain else "not-taken"
            await calls.close(request.ticket, outcome, reason=error.rule, at=now())
            raise
        return await self._answered(delivery, request, data, answer)

    async def _answered(
        self, delivery: DueDelivery, request: FlowRequest, data: FlowCallEnded, answer: FlowAnswer
    ) -> Carried:
        calls, now = self._parts.calls, self._parts.clock()
        first = answer.reasons[0] if answer.reasons else "none"
        said = data.model_copy(
            update={"status": answer.status, "reasons": answer.reasons, "ticket_bcss": answer.ticket_bcss}
        )
        kept = None
        match treatment_of(answer.reasons, answer.status):
            case "suspend":
                await calls.close(request.ticket, "refused", reason=first, at=now)
                row = suspended_row(delivery.partner, first, "hub", now, self._parts.topics)
                await calls.suspend(delivery.partner, first, "hub", now, row)
                raise PartnerAwayError("adapter-suspended", wholly=False)
            case "again":
                await calls.close(request.ticket, "refused", reason=first, at=now)
                raise PartnerAwayError(first)
            case "denied":
                told = said.model_copy(update={"outcome": "denied", "reasons": (BANK_DENIED,)})
            case "ours" | "rejected":
                told = said.model_copy(update={"outcome": "failed"})
            case _:
                answered = self._kept(delivery, request, data, answer)
                kept = await sealed_answer(answered, self._parts.sealing, self._parts.retention)
                told = said.model_copy(update={"filtered": answer.filtered, "answer": str(kept.id)})
        await calls.settle(request.ticket, told, kept, ticket_bcss=answer.ticket_bcss, at=now)
        return Carried(reference=str(request.ticket), told=told)

    def _kept(self, delivery: DueDelivery, request: FlowRequest, data: FlowCallEnded, answer: FlowAnswer) -> Answered:
        return Answered(
            ticket=request.ticket,
            consultation=data.consultation,
            dossier=data.dossier,
            cpas=data.cpas,
            subject=delivery.subject or "",
            flow=data.flow,
            status=answer.status,
            ticket_bcss=answer.ticket_bcss,
            content={"filtered": list(answer.filtered), "data": answer.content},
            raw=answer.raw,
            others=answer.others,
            at=self._parts.clock(),
        )


def _begun(delivery: DueDelivery) -> FlowCallEnded:
    """What is known of a consultation before it is sent."""
    content = delivery.content
    return FlowCallEnded.model_validate(
        {
            "dossier": content["dossier"],
            "cpas": content["cpas"],
            "consultation": content["consultation"],
            "flow": content["flow"],
            "outcome": "answered",
        }
    )
