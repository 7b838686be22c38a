"""Asking the seven flows and reading what they answer (bcss-primaweb §1.3, §1.5, §2.4 to §2.9)."""

from datetime import datetime
from typing import Any, get_args

from lxml import etree
from lxml.builder import ElementMaker

from hub.adapters.soap.content import content
from hub.adapters.soap.contracts import SSDN
from hub.adapters.soap.soa import SoaService
from hub.adapters.soap.ssdn import Reply, Service
from hub.adapters.soap.wire import codes_of
from hub.application.consult.ports import AnswerUnusableError, FlowAnswer, FlowRequest, OtherPerson
from hub.domain.messaging.errors import PartnerAwayError, PartnerRefusedError
from schemas.consultations import FlowStatus

PENSION_SPACE = f"{SSDN}/PensionRegister"
PENSIONS = Service(
    id="OCMWCPASPensionRegisterConsult",
    version="20090706",
    reply=f"{{{PENSION_SPACE}}}Penskad_OpenPK_ConsultReply",
)
_FOCUS = {"reference-period": "ReferencePeriod", "month-of-payment": "MonthOfPayment"}
_STATUS: dict[str, FlowStatus] = {one: one for one in get_args(FlowStatus)}
_P = f"{{{PENSION_SPACE}}}"
_HOUSEHOLD = (
    ("rrn_it_implicit/{*}FamilyMembers/{*}FamilyMember", "household-member"),
    ("rrn_it_implicit/{*}HeadOfFamily/{*}HeadOfFamily", "head-of-household"),
)


def arguments(service: SoaService, asked: FlowRequest, enterprise: str, at: datetime) -> dict[str, Any]:
    """What zeep fills a request with."""
    customer = {
        "ticket": str(asked.ticket),
        "timestampSent": at,
        "customerIdentification": {"cbeNumber": enterprise},
    }
    return {"informationCustomer": customer, **service.arguments(asked)}


def of_fault(body: etree._Element, raw: bytes) -> FlowAnswer:
    """A fault with a reason code is an answer; its item is ``detail`` in some services, ``error`` in others (§1.3).

    Raises:
        PartnerAwayError: it has none.
    """
    codes = codes_of(body.iter("reasonCode", "{*}reasonCode"))
    if not codes:
        raise PartnerAwayError("soap-fault", uncertain=True)
    ticket = next((one.text for one in body.iter("ticketCBSS", "{*}ticketCBSS")), None)
    return FlowAnswer(status="NO_RESULT", reasons=codes, content={}, ticket_bcss=ticket, raw=raw)


def of_answer(body: etree._Element, service: SoaService, asked: FlowRequest) -> FlowAnswer:
    """A service's answer, without what the flow may not know.

    Raises:
        AnswerUnusableError: it is not to our question.
    """
    ticket = body.findtext("informationCustomer/ticket")
    number = body.findtext("criteria/ssin") or body.findtext("searchInformation/ssin")
    if ticket != str(asked.ticket):
        raise AnswerUnusableError("answer-to-another-question")
    if number != asked.subject.niss:
        raise AnswerUnusableError("answer-about-another-person")
    status = _STATUS.get(body.findtext("status/value", ""))
    if status is None:
        raise AnswerUnusableError("answer-without-status")
    household = _household(body, asked.subject.niss) if service.household else ()
    _take_out(body, service)
    others = (*_others(body, service), *household)
    raw = etree.tostring(body)
    told = body.find("status")
    said = [] if told is None else list(told.itersiblings())
    shown = {etree.QName(one).localname: content(one) for one in said if one.tag != "dataFilters"}
    return FlowAnswer(
        status=status,
        reasons=codes_of(body.findall("status/code")) or ("",),
        content=shown if not others else {name: _without(value, service) for name, value in shown.items()},
        others=others,
        filtered=tuple(one.text or "" for one in body.findall("dataFilters/filteredElement")),
        ticket_bcss=body.findtext("informationCBSS/ticketCBSS"),
        raw=raw,
    )


def _take_out(body: etree._Element, service: SoaService) -> None:
    """What came unasked, or may not be known, is gone before anything is kept."""
    gone = [one for name in service.never for one in body.iter(name, f"{{*}}{name}")]
    if service.groups is not None:
        gone += [one for one in body.findall("rrn_it_implicit/*") if etree.QName(one).localname not in service.groups]
    for one in gone:
        parent = one.getparent()
        if parent is not None:
            parent.remove(one)


def _others(body: etree._Element, service: SoaService) -> tuple[OtherPerson, ...]:
    if service.other is None:
        return ()
    name, role = service.other
    return tuple(
        OtherPerson(niss=number, role=role, content=content(one))
        for one in body.iter(name)
        if (number := one.findtext("ssin"))
    )


def _household(body: etree._Element, subject: str) -> tuple[OtherPerson, ...]:
    """Who else lives with her (§2.4): a head's file lists the members, a member's file names the head.

    Whoever has no number there is left out: nobody's gate could be asked.
    """
    return tuple(
        OtherPerson(niss=number, role=role, content=content(one))
        for path, role in _HOUSEHOLD
        for one in body.findall(path)
        if (number := one.findtext("{*}NationalNumber/{*}NationalNumber")) and number != subject
    )


def _without(value: Any, service: SoaService) -> Any:
    """Content about the subject alone."""
    if service.other is None or not isinstance(value, dict):
        return value
    return {name: part for name, part in value.items() if name != service.other[0]}


def pension_request(asked: FlowRequest) -> etree._Element:
    """The pension register by focus; both ends of the period are mandatory (§2.6). It knows no legal context.

    Raises:
        PartnerRefusedError: ``period-and-focus-required``.
    """
    if asked.period is None or asked.period.end is None or asked.focus is None:
        raise PartnerRefusedError("period-and-focus-required", "the pension register wants a closed period and a focus")
    make = ElementMaker(namespace=PENSION_SPACE, nsmap={None: PENSION_SPACE})
    return make.Penskad_OpenPK_ConsultRequest(
        make.TargetSSIN(asked.subject.niss),
        make.Period(
            make.StartDate(asked.period.begin.isoformat()),
            make.EndDate(asked.period.end.isoformat()),
        ),
        make.RequestedData(
            make.Pillar("FirstSecond"),
            make.RequestedInformation("RightsMaximumPayments"),
            make.Focus(_FOCUS[asked.focus]),
        ),
        make.Language(asked.language.upper()),
    )


def of_pensions(reply: Reply, raw: bytes) -> FlowAnswer:
    """What the pension register said; an identification problem is no "none".

    Raises:
        AnswerUnusableError: it says that it was done and holds nothing.
    """
    inner = reply.inner
    if reply.done and inner is None:
        raise AnswerUnusableError("answer-without-content")
    if not reply.done or inner is None:
        return FlowAnswer(status="NO_RESULT", reasons=reply.reasons, content={}, ticket_bcss=reply.ticket, raw=raw)
    reasons = reply.reasons
    status: FlowStatus = "DATA_FOUND" if inner.find(f"{_P}PensionItem") is not None else "NO_DATA_FOUND"
    if inner.findtext(f"{_P}IdentificationProblem", "false").strip() in {"true", "1"}:
        status, reasons = "NO_RESULT", (*reasons, "identification-problem")
    shown = content(inner)
    return FlowAnswer(
        status=status,
        reasons=reasons,
        content=shown if isinstance(shown, dict) else {},
        ticket_bcss=reply.ticket,
        raw=raw,
    )
