"""A delivery that asks for a BIS number (bcss-primaweb §2.3).

It changes something there: one that may have been sent is never sent again from here. It ends as ``unknown``, and the
CPAS searches again. Who dies between sending and writing down leaves an open call, which says the same.
"""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any
from uuid import UUID

from hub.application.consult.assigning import Assignment, BisRegister, Declaration
from hub.application.consult.calls import Call
from hub.application.consult.ports import AnswerUnusableError
from hub.application.consult.seal_answer import Answered, sealed_answer
from hub.application.consult.searching import GENDER
from hub.application.consult.send_access import BankParts
from hub.application.consult.suspend import suspended_row
from hub.application.deliver.ports import Carried, DueDelivery
from hub.domain.messaging.errors import PartnerAwayError, PartnerRefusedError
from hub.domain.persons.bis_numbers import FLOW_NAME
from hub.domain.persons.reasons import treatment_of
from schemas.bis_numbers import BisCallEnded
from schemas.persons import CallOutcome

_ADDRESS = {"street": "street", "number": "number", "box": "box", "postal_code": "postalCode", "locality": "locality"}


class SendBis:
    """The gateway of deliveries ``bcss-bis``. ``retention``: how long what came back is kept."""

    def __init__(self, parts: BankParts, register: BisRegister, *, retention: timedelta) -> None:
        self._parts, self._register, self._retention = parts, register, retention

    async def send(self, delivery: DueDelivery, personal: Mapping[str, Any] | None) -> Carried:
        """Ask, once; what became of it is told as ``BisCallEnded``.

        Raises:
            PartnerAwayError: it was not taken now, or its adapter is suspended.
            TransientError: our own database is away.
        """
        for past in await self._parts.calls.of(delivery.id):
            if past.told is not None:
                return Carried(reference=str(past.ticket), told=past.told)
            if past.open:
                return await self._ended(delivery, past.ticket, "unknown", ("interrupted",))
        content, ticket = delivery.content, self._parts.new_ticket()
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
        return await self._sent(delivery, ticket, personal or {})

    async def _sent(self, delivery: DueDelivery, ticket: UUID, personal: Mapping[str, Any]) -> Carried:
        try:
            declared = declaration_of(personal)
            got = await self._register.assign(delivery.content["cpas"], ticket, declared)
        except AnswerUnusableError as error:
            return await self._ended(delivery, ticket, "unknown", (error.rule,))
        except PartnerRefusedError as error:
            return await self._ended(delivery, ticket, "failed", (error.rule,))
        except PartnerAwayError as error:
            if error.uncertain:
                return await self._ended(delivery, ticket, "unknown", (error.rule,))
            await self._parts.calls.close(ticket, "not-taken", reason=error.rule, at=self._parts.clock())
            raise
        return await self._answered(delivery, ticket, got)

    async def _answered(self, delivery: DueDelivery, ticket: UUID, got: Assignment) -> Carried:
        calls, now = self._parts.calls, self._parts.clock()
        if got.done:
            return await self._ended(delivery, ticket, "answered", got.reasons, got)
        treatment, first = treatment_of(got.reasons, "NO_RESULT"), got.reasons[0] if got.reasons else "none"
        if treatment == "suspend":
            await calls.close(ticket, "refused", reason=first, at=now)
            row = suspended_row(delivery.partner, first, "hub", now, self._parts.topics)
            await calls.suspend(delivery.partner, first, "hub", now, row)
            raise PartnerAwayError("adapter-suspended", wholly=False)
        if treatment == "again":  # the bank's own word that it was not done
            await calls.close(ticket, "refused", reason=first, at=now)
            raise PartnerAwayError(first)
        return await self._ended(delivery, ticket, "failed", got.reasons, got)

    async def _ended(
        self,
        delivery: DueDelivery,
        ticket: UUID,
        outcome: CallOutcome,
        reasons: tuple[str, ...],
        got: Assignment | None = None,
    ) -> Carried:
        """Settle the call with what is told of it and what is kept, at once."""
        found = got if got and got.done else None
        at, bank = self._parts.clock(), got.ticket_bcss if got else None
        kept = None
        if found is not None:
            answered = _kept(delivery, ticket, found, at=at)
            kept = await sealed_answer(answered, self._parts.sealing, self._retention)
        content = delivery.content
        told = BisCallEnded(
            dossier=content["dossier"],
            cpas=content["cpas"],
            consultation=content["consultation"],
            outcome=outcome,
            assigned=found is not None and found.niss is not None,
            found=len(found.candidates) if found else 0,
            reasons=reasons,
            answer=str(kept.id) if kept else None,
            ticket=str(ticket),
            ticket_bcss=bank,
        )
        await self._parts.calls.settle(ticket, told, kept, ticket_bcss=bank, at=at)
        return Carried(reference=str(ticket), told=told)


def _kept(delivery: DueDelivery, ticket: UUID, got: Assignment, *, at: Any) -> Answered:
    return Answered(
        ticket=ticket,
        consultation=delivery.content["consultation"],
        dossier=delivery.content["dossier"],
        cpas=delivery.content["cpas"],
        subject=delivery.subject or "",
        flow=FLOW_NAME,
        status="DATA_FOUND",
        ticket_bcss=got.ticket_bcss,
        content={"assigned": got.niss, "candidates": [asdict(one) for one in got.candidates]},
        raw=got.raw,
        others=(),
        at=at,
    )


def declaration_of(personal: Mapping[str, Any]) -> Declaration:
    """What was typed, as it is declared.

    Raises:
        PartnerRefusedError: ``declaration-incomplete``: without name or birth date;
    """
    name, born = personal.get("name"), personal.get("born")
    if not name or not born:
        raise PartnerRefusedError("declaration-incomplete", "a BIS number wants a name and a birth date")
    return Declaration(
        name=name,
        born=born,
        first_names=personal.get("first_names"),
        gender=GENDER.get(personal.get("gender", ""), "0"),
        civil_state=personal.get("civil_state"),
        nationality=personal.get("nationality"),
        birth_country=personal.get("birth_country"),
        birth_place=personal.get("birth_place"),
        address=tuple((wire, personal[ours]) for ours, wire in _ADDRESS.items() if personal.get(ours)),
    )
