"""IdentifyPerson: who somebody is, by number or by sound (bcss-primaweb §2.2)."""

import re

from lxml import etree
from lxml.builder import ElementMaker

from hub.adapters.soap.contracts import SSDN
from hub.adapters.soap.manage_access import plain
from hub.adapters.soap.ssdn import Reply, Service
from hub.application.consult.ports import AnswerUnusableError, BankSubject
from hub.application.consult.searching import Candidate, Found, Phonetic, Search
from hub.domain.messaging.errors import PartnerRefusedError

SPACE = f"{SSDN}/OCMW_CPAS/IdentifyPerson"
IDENTIFY = Service(id="OCMWCPASIdentifyPerson", version="20050930", reply=f"{{{SPACE}}}IdentifyPersonReply")
VALIDATED = "12007001"
_BORN = re.compile(r"[12]\d{3}-(00-00|(0[1-9]|1[0-2])-(00|0[1-9]|[12]\d|3[01]))")
_I = f"{{{SPACE}}}"


def request(search: Search) -> etree._Element:
    """What is asked; sound is left out beside a number, since the bank ignores it with a warning.

    Raises:
        PartnerRefusedError: ``criteria-missing``, ``birth-date-form`` (a day without its month), or
            ``tolerance-needed`` (an incomplete date without one).
    """
    make = ElementMaker(namespace=SPACE, nsmap={None: SPACE})
    if search.niss is not None:
        criteria = [make.SSIN(search.niss)]
    elif search.phonetic is not None:
        criteria = [_sound(make, search.phonetic)]
    else:
        raise PartnerRefusedError("criteria-missing", "a number, or a name and a birth date, must be given")
    return make.IdentifyPersonRequest(make.SearchCriteria(*criteria), *_verification(make, search.verify))


def _sound(make: ElementMaker, asked: Phonetic) -> etree._Element:
    if not _BORN.fullmatch(asked.born):
        raise PartnerRefusedError("birth-date-form", "a birth date is yyyy-mm-dd, with 00 for an unknown day or month")
    complete = not asked.born.endswith("-00")
    if (asked.tolerance is None and not complete) or (asked.tolerance or 0) < 0:
        raise PartnerRefusedError("tolerance-needed", "an incomplete birth date needs a tolerance of 0 or more")
    return make.PhoneticCriteria(
        make.LastName(plain(asked.name)),
        *([make.FirstName(plain(asked.first_name))] if asked.first_name else []),
        make.MiddleName(""),
        make.BirthDate(asked.born),
        make.Gender(asked.gender),
        make.Tolerance(str(asked.tolerance or 0)),
        make.Maximum(str(asked.most)),
    )


def _verification(make: ElementMaker, known: BankSubject | None) -> list[etree._Element]:
    if known is None or known.name is None or known.born is None:
        return []
    first = [make.FirstName(plain(known.first_name))] if known.first_name else []
    person = make.PersonData(make.LastName(plain(known.name)), *first, make.BirthDate(known.born.isoformat()))
    return [make.VerificationData(person)]


def found(reply: Reply, raw: bytes) -> Found:
    """Who was found.

    Raises:
        AnswerUnusableError: it was done, and holds no answer.
    """
    if reply.done and reply.inner is None:
        raise AnswerUnusableError("answer-without-content")
    rows = [] if reply.inner is None else reply.inner.findall(f"{_I}SearchResults/{_I}LimitedLegalData")
    return Found(
        done=reply.done,
        reasons=reply.reasons,
        candidates=tuple(_candidate(one) for one in rows),
        validated=VALIDATED in reply.reasons,
        ticket_bcss=reply.ticket,
        raw=raw,
    )


def _candidate(row: etree._Element) -> Candidate:
    def said(name: str) -> str:
        return row.findtext(f"{_I}Basic/{_I}{name}", "").strip()

    return Candidate(
        niss=said("SocialSecurityUser"),
        name=said("LastName"),
        first_name=said("FirstName"),
        born=said("BirthDate"),
        gender=said("Gender"),
        origin=row.get("origin", ""),
    )
