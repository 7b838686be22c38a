"""ManageAccess: integrate, de-integrate, list (bcss-primaweb §2.1)."""

import unicodedata
from datetime import date

from lxml import etree
from lxml.builder import ElementMaker

from hub.adapters.soap.contracts import SSDN
from hub.adapters.soap.ssdn import COMMON, Service
from hub.application.consult.ports import AccessRequest, AnswerUnusableError, BankSubject, Days, Registration
from hub.domain.messaging.errors import PartnerRefusedError

SPACE = f"{SSDN}/OCMW_CPAS/ManageAccess"
MANAGE_ACCESS = Service(id="OCMWCPASManageAccess", version="20050930", reply=f"{{{SPACE}}}ManageAccessReply")
SINCE = date(1990, 1, 1)
"""A list wants a period: everything since the bank exists."""
_M, _C = f"{{{SPACE}}}", f"{{{COMMON}}}"


def request(asked: AccessRequest) -> etree._Element:
    """What is asked.

    Raises:
        PartnerRefusedError: ``proof-of-identity-missing``: a change needs name and birth date of the person.
    """
    make = ElementMaker(namespace=SPACE, nsmap={None: SPACE, "c": COMMON})
    parts = [make.SSIN(asked.subject.niss)]
    if asked.code is not None:
        parts.append(make.Purpose(str(asked.code)))
    parts += [make.Period(*_days(asked.period or Days(begin=SINCE))), make.Action(asked.operation.upper())]
    if asked.operation == "list":
        parts.append(make.QueryRegister("ALL"))
    return make.ManageAccessRequest(*parts, make.ProofOfAuthentication(*_proof(make, asked)))


def _days(period: Days) -> list[etree._Element]:
    make = ElementMaker(namespace=COMMON)
    return [make.StartDate(period.begin.isoformat()), *([make.EndDate(period.end.isoformat())] if period.end else [])]


def _proof(make: ElementMaker, asked: AccessRequest) -> list[etree._Element]:
    """Names as they are matched: upper case, without accents. A list changes nothing and needs no proof."""
    subject: BankSubject = asked.subject
    if subject.name is None or subject.born is None:
        if asked.operation == "list":
            return []
        raise PartnerRefusedError("proof-of-identity-missing", "a change needs the person's name and birth date")
    first = [make.FirstName(plain(subject.first_name))] if subject.first_name else []
    return [make.PersonData(make.LastName(plain(subject.name)), *first, make.BirthDate(subject.born.isoformat()))]


def plain(name: str) -> str:
    """A name in upper case without accents."""
    return "".join(one for one in unicodedata.normalize("NFKD", name.upper()) if not unicodedata.combining(one))


def registrations(reply: etree._Element, asked: AccessRequest, own: frozenset[str]) -> tuple[Registration, ...]:
    """The inscriptions of an answer; ``own``: names under which the bank knows the asking CPAS.

    Raises:
        AnswerUnusableError: it is about somebody else.
    """
    original = reply.find(f"{_M}OriginalRequest")
    if original is None or original.findtext(f"{_M}SSIN", "").strip() != asked.subject.niss:
        raise AnswerUnusableError("answer-about-another-person")
    if original.findtext(f"{_M}Action", "").strip() != asked.operation.upper():
        raise AnswerUnusableError("answer-to-another-question")
    return tuple(_registration(one, own) for one in reply.findall(f"{_M}Registrations"))


def _registration(row: etree._Element, own: frozenset[str]) -> Registration:
    organisation = row.findtext(f"{_M}OrgUnit", "").strip()
    end = row.findtext(f"{_M}Period/{_C}EndDate")
    return Registration(
        code=int(row.findtext(f"{_M}Purpose", "")),
        period=Days(begin=day(row.findtext(f"{_M}Period/{_C}StartDate", "")), end=day(end) if end else None),
        organisation=organisation,
        own=organisation in own,
        register=row.findtext(f"{_M}Register", "").strip(),
    )


def day(text: str) -> date:
    """A date of the classic channel; it may carry an offset (``2012-05-24+02:00``), which says nothing of the day."""
    return date.fromisoformat(text.strip()[:10])
