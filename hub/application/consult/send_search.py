"""A delivery to IdentifyPerson (bcss-primaweb §2.2). It only reads: a retry has a new ticket, the same search."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from hub.application.consult.calls import Call
from hub.application.consult.ports import AnswerUnusableError, BankSubject
from hub.application.consult.seal_answer import Answered, sealed_answer
from hub.application.consult.searching import CRITERIA, GENDER, Found, PersonIndex, Phonetic, Search
from hub.application.consult.send_access import BankParts
from hub.application.consult.suspend import suspended_row
from hub.application.deliver.ports import Carried, DueDelivery
from hub.domain.messaging.errors import PartnerAwayError, PartnerRefusedError
from hub.domain.persons.reasons import treatment_of
from hub.domain.persons.searches import FLOW_NAME
from schemas.searches import SearchCallEnded


class SendSearch:
    """The gateway of deliveries ``bcss-search``. ``retention``: how long candidates are kept."""

    def __init__(self, parts: BankParts, index: PersonIndex, *, retention: timedelta) -> None:
        self._parts, self._index, self._retention = parts, index, retention

    async def send(self, delivery: DueDelivery, personal: Mapping[str, Any] | None) -> Carried:
        """Search; what became of it is told as ``SearchCallEnded``.

        Raises:
            PartnerRefusedError: it can never be sent.
            PartnerAwayError: it was not answered now, or its adapter is suspended.
            TransientError: our own database is away.
        """
        for past in await self._parts.calls.of(delivery.id):
            if past.told is not None:
                return Carried(reference=str(past.ticket), told=past.told)
        asked, content, ticket = search_of(personal or {}, delivery.content), delivery.content, self._parts.new_ticket()
        await self._parts.calls.begin(
            Call(
                ticket=ticket,
                delivery=delivery.id,
                attempt=delivery.attempt,
                dossier=content["dossier"],
                cpas=content["cpas"],
                adapter=delivery.partner,
                operation=FLOW_NAME,
                consultation=content["consultation"],
                sent_at=self._parts.clock(),
            )
        )
        told = SearchCallEnded(
            dossier=content["dossier"],
            cpas=content["cpas"],
            consultation=content["consultation"],
            mode="number" if asked.niss else "sound",
            outcome="answered",
            ticket=str(ticket),
        )
        return await self._sent(delivery, asked, ticket, told)

    async def _sent(self, delivery: DueDelivery, asked: Search, ticket: UUID, told: SearchCallEnded) -> Carried:
        calls, now = self._parts.calls, self._parts.clock
        try:
            found = await self._index.identify(told.cpas, ticket, asked)
        except AnswerUnusableError as error:
            await calls.close(ticket, "unusable", reason=error.rule, at=now())
            raise
        except PartnerRefusedError as error:
            if error.rule not in CRITERIA:
                await calls.close(ticket, "refused", reason=error.rule, at=now())
                raise
            nothing = Found(
                done=False, reasons=(error.rule,), candidates=(), validated=False, ticket_bcss=None, raw=b""
            )
            return await self._ended(delivery, told, nothing)
        except PartnerAwayError as error:
            outcome = "unknown" if error.uncertain else "not-taken"
            await calls.close(ticket, outcome, reason=error.rule, at=now())
            raise
        return await self._answered(delivery, ticket, told, found)

    async def _answered(self, delivery: DueDelivery, ticket: UUID, told: SearchCallEnded, found: Found) -> Carried:
        calls, now = self._parts.calls, self._parts.clock()
        treatment = treatment_of(found.reasons, "DATA_FOUND" if found.done else "NO_RESULT")
        first = found.reasons[0] if found.reasons else "none"
        if treatment == "suspend" and not found.done:
            await calls.close(ticket, "refused", reason=first, at=now)
            row = suspended_row(delivery.partner, first, "hub", now, self._parts.topics)
            await calls.suspend(delivery.partner, first, "hub", now, row)
            raise PartnerAwayError("adapter-suspended", wholly=False)
        if treatment == "again" and not found.done:
            await calls.close(ticket, "refused", reason=first, at=now)
            raise PartnerAwayError(first)
        return await self._ended(delivery, told, found, answered=found.done or treatment == "answer")

    async def _ended(
        self, delivery: DueDelivery, told: SearchCallEnded, found: Found, *, answered: bool = False
    ) -> Carried:
        """Settle the call with what is told of it and what is kept, at once.

        A failed search keeps something too, so that its key goes when its time is over.
        """
        kept = await sealed_answer(self._kept(delivery, told, found), self._parts.sealing, self._retention)
        whole = told.model_copy(
            update={
                "outcome": "answered" if answered else "failed",
                "reasons": found.reasons,
                "ticket_bcss": found.ticket_bcss,
                "found": len(found.candidates),
                "validated": found.validated,
                "answer": str(kept.id) if answered else None,
            }
        )
        at = self._parts.clock()
        await self._parts.calls.settle(kept.ticket, whole, kept, ticket_bcss=found.ticket_bcss, at=at)
        return Carried(reference=str(kept.ticket), told=whole)

    def _kept(self, delivery: DueDelivery, told: SearchCallEnded, found: Found) -> Answered:
        shown = [asdict(one) for one in found.candidates]
        return Answered(
            ticket=UUID(told.ticket),
            consultation=told.consultation,
            dossier=told.dossier,
            cpas=told.cpas,
            subject=delivery.subject or "",
            flow=FLOW_NAME,
            status="DATA_FOUND" if shown else "NO_DATA_FOUND" if found.done else "NO_RESULT",
            ticket_bcss=found.ticket_bcss,
            content={"candidates": shown, "validated": found.validated},
            raw=found.raw,
            others=(),
            at=self._parts.clock(),
        )


def search_of(personal: Mapping[str, Any], content: Mapping[str, str]) -> Search:
    """What was typed, as it is asked."""
    name, born, verified = personal.get("name"), personal.get("born"), personal.get("verify_born")
    tolerance = content.get("tolerance")
    phonetic = None
    if name and born:
        phonetic = Phonetic(
            name=name,
            born=born,
            first_name=personal.get("first_name"),
            tolerance=int(tolerance) if tolerance else None,
            gender=GENDER.get(personal.get("gender", ""), "0"),
            most=int(content.get("most", "80")),
        )
    verify = None
    if verified and personal.get("verify_name"):
        verify = BankSubject(
            niss=personal.get("niss", ""),
            name=personal["verify_name"],
            first_name=personal.get("verify_first_name"),
            born=date.fromisoformat(verified),
        )
    return Search(niss=personal.get("niss"), phonetic=phonetic, verify=verify)
