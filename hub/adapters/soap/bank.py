"""The port ``CrossroadsBank`` over SOAP."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from lxml import etree
from zeep import Client, Settings
from zeep.transports import Transport

from hub.adapters.soap import manage_access, ssdn
from hub.adapters.soap.contracts import Contracts
from hub.adapters.soap.wire import SOAP, Wire, body_of
from hub.application.consult.ports import (
    AccessAnswer,
    AccessRequest,
    AnswerUnusableError,
    FlowAnswer,
    FlowRequest,
    Registration,
)
from hub.domain.messaging.errors import PartnerAwayError, PartnerRefusedError

CLASSIC = "classic"
"""Name of the classic channel among the endpoints."""
_SEND = "http://ksz-bcss.fgov.be/connectors/WebServiceConnector"


@dataclass(frozen=True, kw_only=True, slots=True)
class Organisation:
    """A CPAS as the bank knows it: its enterprise number, and the NIS code that replies name it by."""

    enterprise: str
    code: str | None = None

    @property
    def names(self) -> frozenset[str]:
        """Every name a reply may give it."""
        return frozenset(one for one in (self.enterprise, self.code) if one)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reach:
    """Where services are and in whose name they are asked; ``endpoints`` by service name."""

    endpoints: Mapping[str, str]
    organisations: Mapping[str, Organisation]
    user: str
    email: str
    now: Callable[[], datetime]

    def address(self, service: str) -> str:
        """Where a service is.

        Raises:
            PartnerRefusedError: ``endpoint-not-configured``.
        """
        found = self.endpoints.get(service)
        if found is None:
            raise PartnerRefusedError("endpoint-not-configured", f"HUB_BCSS__ENDPOINTS has no address of {service}")
        return found

    def organisation(self, cpas: str) -> Organisation:
        """A CPAS as the bank knows it.

        Raises:
            PartnerRefusedError: ``organisation-not-configured``.
        """
        found = self.organisations.get(cpas)
        if found is None:
            raise PartnerRefusedError("organisation-not-configured", f"HUB_BCSS__ORGANISATIONS does not know {cpas}")
        return found


class SoapBank:
    """The Crossroads Bank."""

    def __init__(self, wire: Wire, contracts: Contracts, reach: Reach) -> None:
        self._wire, self._contracts, self._reach = wire, contracts, reach

    @cached_property
    def _classic(self) -> Any:
        return Client(  # type: ignore[no-untyped-call]  # zeep has no types
            str(self._contracts.folder / "ssdn.wsdl"),
            settings=Settings(strict=True, forbid_dtd=True, forbid_entities=True, forbid_external=True),
            transport=Transport(),  # type: ignore[no-untyped-call]  # it reads our own files alone
        )

    async def access(self, request: AccessRequest) -> AccessAnswer:
        """Integrate, de-integrate or list."""
        organisation = self._reach.organisation(request.cpas)
        inner = manage_access.request(request)
        reply, raw = await self._ask(manage_access.MANAGE_ACCESS, organisation, request.ticket, inner)
        found: tuple[Registration, ...] = ()
        if reply.inner is not None:
            found = manage_access.registrations(reply.inner, request, organisation.names)
        elif reply.done:
            raise AnswerUnusableError("answer-without-content")
        return AccessAnswer(
            done=reply.done, reasons=reply.reasons, registrations=found, ticket_bcss=reply.ticket, raw=raw
        )

    async def consult(self, request: FlowRequest) -> FlowAnswer:
        """Ask one flow."""
        raise PartnerRefusedError("flow-not-connected", f"this hub cannot ask {request.flow} yet")

    async def _ask(
        self, service: ssdn.Service, organisation: Organisation, ticket: UUID, inner: etree._Element
    ) -> tuple[ssdn.Reply, bytes]:
        """One question on the classic channel."""
        address = self._reach.address(CLASSIC)
        asker = ssdn.Asker(user=self._reach.user, email=self._reach.email, organisation=organisation.enterprise)
        text = ssdn.checked(ssdn.request(service, asker, ticket, self._reach.now(), inner), self._contracts)
        envelope = self._classic.create_message(self._classic.service, "sendXML", text)
        root, raw = await self._wire.post(address, f"{_SEND}/sendXML", etree.tostring(envelope))
        body = body_of(root)
        if body.tag == f"{{{SOAP}}}Fault":
            raise PartnerAwayError("soap-fault", uncertain=True)
        if body.tag != f"{{{_SEND}}}xmlString":
            raise AnswerUnusableError("answer-not-ssdn")
        return ssdn.read(body.text or "", service, ticket, self._contracts), raw

    async def close(self) -> None:
        """Let go of the connections."""
        await self._wire.close()
