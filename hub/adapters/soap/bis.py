"""BIS numbers (bcss-primaweb §2.3). The channel of a CPAS is not public: the contract is our proposal, ``bis.xsd``."""

from datetime import datetime
from typing import Any
from uuid import UUID

from lxml import etree

from hub.adapters.soap.wire import codes_of
from hub.application.consult.assigning import Assignment, Declaration
from hub.application.consult.ports import AnswerUnusableError
from hub.application.consult.searching import Candidate
from hub.domain.messaging.errors import PartnerAwayError

SPACE = "urn:hub:bcss:bis:v1"
FILE, OPERATION, ACTION = "bis", "assignBis", f"{SPACE}/assignBis"
RESPONSE = f"{{{SPACE}}}assignBisResponse"


def arguments(declared: Declaration, ticket: UUID, enterprise: str, at: datetime) -> dict[str, Any]:
    """What zeep fills the request with."""
    customer = {"ticket": str(ticket), "timestampSent": at, "customerIdentification": {"cbeNumber": enterprise}}
    given = {
        "lastName": declared.name,
        "firstNames": declared.first_names,
        "birthDate": declared.born,
        "gender": declared.gender,
        "civilState": declared.civil_state,
        "nationality": declared.nationality,
        "birthPlace": _birth_place(declared),
        "addressBelgium": dict(declared.address) or None,
    }
    told = {name: value for name, value in given.items() if value is not None}
    return {"informationCustomer": customer, "declaration": told}


def _birth_place(declared: Declaration) -> dict[str, Any] | None:
    locality = {"locality": declared.birth_place} if declared.birth_place else {}
    if declared.birth_country:
        return {"abroad": {"country": declared.birth_country, **locality}}
    return {"belgium": locality} if locality else None


def of_answer(body: etree._Element, ticket: UUID, raw: bytes) -> Assignment:
    """A number, or who may be meant.

    Raises:
        AnswerUnusableError: it is not to our question, or neither.
    """
    if body.findtext("informationCustomer/ticket") != str(ticket):
        raise AnswerUnusableError("answer-to-another-question")
    got = Assignment(
        niss=body.findtext("newlyRegisteredPerson/ssin"),
        candidates=tuple(_candidate(one) for one in body.findall("existingPerson")),
        reasons=codes_of(body.findall("status/code")),
        ticket_bcss=body.findtext("informationCBSS/ticketCBSS"),
        raw=raw,
    )
    if body.findtext("status/value") == "DATA_FOUND" and not got.done:
        raise AnswerUnusableError("answer-without-content")
    return got


def of_fault(body: etree._Element, raw: bytes) -> Assignment:
    """A fault with a reason code is an answer.

    Raises:
        PartnerAwayError: it has none.
    """
    codes = codes_of(body.iter("reasonCode", "{*}reasonCode"))
    if not codes:
        raise PartnerAwayError("soap-fault", uncertain=True)
    ticket = next((one.text for one in body.iter("ticketCBSS", "{*}ticketCBSS")), None)
    return Assignment(reasons=codes, ticket_bcss=ticket, raw=raw)


def _candidate(row: etree._Element) -> Candidate:
    return Candidate(
        niss=row.findtext("ssin", ""),
        name=row.findtext("lastName", ""),
        first_name=row.findtext("firstNames", ""),
        born=row.findtext("birthDate", ""),
        gender=row.findtext("gender", "0"),
        origin="",
    )
