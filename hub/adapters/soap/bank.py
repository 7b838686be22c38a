"""The port ``CrossroadsBank`` over SOAP."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from lxml import etree

from hub.adapters.soap import bis, flows, identify_person, manage_access, ssdn
from hub.adapters.soap.clients import Clients
from hub.adapters.soap.contracts import ContractBrokenError, Contracts
from hub.adapters.soap.signature import SignatureRefusedError, Signer, Verifier
from hub.adapters.soap.soa import SOA, SoaService
from hub.adapters.soap.wire import SOAP, Wire, body_of
from hub.application.consult.assigning import Assignment, Declaration
from hub.application.consult.ports import (
    AccessAnswer,
    AccessRequest,
    AnswerUnusableError,
    FlowAnswer,
    FlowRequest,
    Registration,
)
from hub.application.consult.searching import Found, Search
from hub.domain.messaging.errors import PartnerAwayError, PartnerRefusedError

CLASSIC = "classic"
"""Name of the classic channel among the endpoints."""
_FAULT = f"{{{SOAP}}}Fault"
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

    def __init__(
        self,
        wire: Wire,
        contracts: Contracts,
        reach: Reach,
        *,
        signer: Signer | None = None,
        verifier: Verifier | None = None,
    ) -> None:
        self._wire, self._contracts, self._reach = wire, contracts, reach
        self._signer, self._verifier = signer, verifier
        self._clients = Clients(contracts)

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

    async def identify(self, cpas: str, ticket: UUID, search: Search) -> Found:
        """Who somebody is, by number or by sound; asks nothing that needs an integration (§2.2).

        Raises:
            PartnerAwayError, PartnerRefusedError, AnswerUnusableError: as the port says.
        """
        inner = identify_person.request(search)
        reply, raw = await self._ask(identify_person.IDENTIFY, self._reach.organisation(cpas), ticket, inner)
        return identify_person.found(reply, raw)

    async def consult(self, request: FlowRequest) -> FlowAnswer:
        """Ask one flow."""
        organisation = self._reach.organisation(request.cpas)
        service = SOA.get(request.flow)
        if service is not None:
            return await self._consulted(service, organisation, request)
        inner = flows.pension_request(request)
        reply, raw = await self._ask(flows.PENSIONS, organisation, request.ticket, inner)
        return flows.of_pensions(reply, raw)

    async def _consulted(self, service: SoaService, organisation: Organisation, asked: FlowRequest) -> FlowAnswer:
        """One flow of a SOA service."""
        filled = flows.arguments(service, asked, organisation.enterprise, self._reach.now())
        body, raw = await self._told(service.file, service.operation, service.action, filled)
        if body.tag == _FAULT:
            return flows.of_fault(body, raw)
        if body.tag != f"{{{service.space}}}{service.root}Response":
            raise AnswerUnusableError("answer-of-another-service")
        _believed(body, self._contracts)
        return flows.of_answer(body, service, asked)

    async def assign(self, cpas: str, ticket: UUID, declared: Declaration) -> Assignment:
        """Ask for a BIS number (§2.3).

        Raises:
            PartnerAwayError, PartnerRefusedError, AnswerUnusableError: as the port says.
        """
        organisation = self._reach.organisation(cpas)
        filled = bis.arguments(declared, ticket, organisation.enterprise, self._reach.now())
        body, raw = await self._told(bis.FILE, bis.OPERATION, bis.ACTION, filled)
        if body.tag == _FAULT:
            return bis.of_fault(body, raw)
        if body.tag != bis.RESPONSE:
            raise AnswerUnusableError("answer-of-another-service")
        _believed(body, self._contracts)
        return bis.of_answer(body, ticket, raw)

    async def _told(
        self, file: str, operation: str, action: str, filled: Mapping[str, Any]
    ) -> tuple[etree._Element, bytes]:
        """One question to a SOA service: what is in the Body of the answer, and its bytes."""
        address = self._reach.address(file)
        envelope = self._clients.message(file, operation, **filled)
        _allowed(body_of(envelope), self._contracts)
        if self._signer is not None:
            self._signer.sign(envelope, self._reach.now())
        root, raw = await self._wire.post(address, action, etree.tostring(envelope))
        self._proven(root)
        return body_of(root), raw

    def _proven(self, root: etree._Element) -> None:
        """An answer is signed where anchors are configured; a fault too."""
        if self._verifier is None:
            return
        try:
            self._verifier.verify(root, self._reach.now())
        except SignatureRefusedError as error:
            raise AnswerUnusableError("signature-refused", error.rule) from error

    async def _ask(
        self, service: ssdn.Service, organisation: Organisation, ticket: UUID, inner: etree._Element
    ) -> tuple[ssdn.Reply, bytes]:
        """One question on the classic channel."""
        address = self._reach.address(CLASSIC)
        asker = ssdn.Asker(user=self._reach.user, email=self._reach.email, organisation=organisation.enterprise)
        text = ssdn.checked(ssdn.request(service, asker, ticket, self._reach.now(), inner), self._contracts)
        envelope = self._clients.message("ssdn", "sendXML", text)
        root, raw = await self._wire.post(address, f"{_SEND}/sendXML", etree.tostring(envelope))
        body = body_of(root)
        if body.tag == _FAULT:
            raise PartnerAwayError("soap-fault", uncertain=True)
        if body.tag != f"{{{_SEND}}}xmlString":
            raise AnswerUnusableError("answer-not-ssdn")
        return ssdn.read(body.text or "", service, ticket, self._contracts), raw

    async def close(self) -> None:
        """Let go of the connections."""
        await self._wire.close()


def _allowed(element: etree._Element, contracts: Contracts) -> None:
    try:
        contracts.check(element)
    except ContractBrokenError as error:
        raise PartnerRefusedError("contract-broken", str(error)) from error


def _believed(element: etree._Element, contracts: Contracts) -> None:
    try:
        contracts.check(element)
    except ContractBrokenError as error:
        raise AnswerUnusableError("contract-broken", str(error)) from error
