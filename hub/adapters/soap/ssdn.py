"""The envelope of the classic channel, and what its answer decides (bcss-primaweb §1.2)."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from lxml import etree
from lxml.builder import ElementMaker

from hub.adapters.soap.contracts import SSDN, ContractBrokenError, Contracts
from hub.adapters.soap.wire import codes_of, parsed
from hub.application.consult.ports import AnswerUnusableError
from hub.domain.messaging.errors import PartnerRefusedError

SERVICE, COMMON = f"{SSDN}/Service", f"{SSDN}/Common"
MATRIX, SUB_MATRIX = "17", "1"
"""Sector of every CPAS."""
_S, _C = f"{{{SERVICE}}}", f"{{{COMMON}}}"
_OK, _WARNING = 0, 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Service:
    """A service of the classic channel."""

    id: str
    version: str
    reply: str
    """Qualified name of what its answer carries."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Asker:
    """Who asks: a program's number in the form of a NISS, a mail address (mandatory in fact) and the CPAS."""

    user: str
    email: str
    organisation: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """What came back: ``done`` by the service's own return code (§1.2: the context's is only a sum)."""

    done: bool
    reasons: tuple[str, ...]
    ticket: str | None
    inner: etree._Element | None = field(repr=False)


def request(service: Service, asker: Asker, ticket: UUID, at: datetime, inner: etree._Element) -> etree._Element:
    """The envelope around what a service is asked."""
    make = ElementMaker(namespace=SERVICE, nsmap={None: SERVICE})
    return make.SSDNRequest(
        make.RequestContext(
            make.AuthorizedUser(
                make.UserID(asker.user),
                make.Email(asker.email),
                make.OrgUnit(asker.organisation),
                make.MatrixID(MATRIX),
                make.MatrixSubID(SUB_MATRIX),
            ),
            make.Message(make.Reference(str(ticket)), make.TimeRequest(at.strftime("%Y%m%dT%H%M%S"))),
        ),
        make.ServiceRequest(make.ServiceId(service.id), make.Version(service.version), inner),
    )


def checked(envelope: etree._Element, contracts: Contracts) -> str:
    """The text that is sent, once every contract allows it.

    Raises:
        PartnerRefusedError: ``contract-broken``: nothing leaves.
    """
    try:
        contracts.check(envelope[-1][-1])
        contracts.check(envelope)
    except ContractBrokenError as error:
        raise PartnerRefusedError("contract-broken", str(error)) from error
    return etree.tostring(envelope, encoding="unicode")


def read(text: str, service: Service, ticket: UUID, contracts: Contracts) -> Reply:
    """An answer, held against every contract and against what was asked.

    Raises:
        AnswerUnusableError: it must not be believed.
    """
    root = parsed(text.encode())
    inner = root.find(f"{_S}ServiceReply/{service.reply}")
    parts = [one for one in (inner,) if one is not None]
    for part in parts:
        _believed(part, contracts)
        part.getparent().remove(part)  # type: ignore[union-attr]  # it was found below its parent
    _believed(root, contracts)
    reference = root.findtext(f"{_S}ReplyContext/{_S}Message/{_S}Reference")
    if reference is not None and reference != str(ticket):
        raise AnswerUnusableError("answer-to-another-question")
    answers = root.findall(f"{_S}ServiceReply")
    if len(answers) > 1 or any(one.findtext(f"{_S}ServiceId", "").strip() != service.id for one in answers):
        raise AnswerUnusableError("answer-of-another-service")
    told = answers[0] if answers else root.find(f"{_S}ReplyContext")
    summary = told.find(f"{_C}ResultSummary") if told is not None else None
    if summary is None:
        raise AnswerUnusableError("answer-without-result")
    code = int(summary.findtext(f"{_C}ReturnCode", ""))
    reasons = codes_of(summary.iter(f"{_C}ReasonCode"))
    return Reply(
        done=bool(answers) and code in {_OK, _WARNING},
        reasons=reasons or (() if code == _OK else (str(code),)),
        ticket=root.findtext(f"{_S}ReplyContext/{_S}Message/{_S}Ticket"),
        inner=inner,
    )


def _believed(element: etree._Element, contracts: Contracts) -> None:
    try:
        contracts.check(element)
    except ContractBrokenError as error:
        raise AnswerUnusableError("contract-broken", str(error)) from error
