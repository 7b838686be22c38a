"""IdentifyPerson: who somebody is, by number or by sound (bcss-primaweb §2.2)."""

import re
from dataclasses import dataclass, field
from typing import Literal

from lxml import etree
from lxml.builder import ElementMaker

from hub.adapters.soap.contracts import SSDN
from hub.adapters.soap.manage_access import plain
from hub.adapters.soap.ssdn import Reply, Service
from hub.application.consult.ports import AnswerUnusableError, BankSubject
from hub.domain.messaging.errors import PartnerRefusedError

SPACE = f"{SSDN}/OCMW_CPAS/IdentifyPerson"
IDENTIFY = Service(id="OCMWCPASIdentifyPerson", version="20050930", reply=f"{{{SPACE}}}IdentifyPersonReply")
VALIDATED = "12007001"
_BORN = re.compile(r"[12]\d{3}-(00-00|(0[1-9]|1[0-2])-(00|0[1-9]|[12]\d|3[01]))")
_I = f"{{{SPACE}}}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Phonetic:
    """A name as one hears it. ``born``: ``yyyy-mm-dd`` with ``00`` for what is unknown.

    ``tolerance`` counts in units of the first unknown part: years, months, days.
    """

    name: str = field(repr=False)
    born: str = field(repr=False)
    first_name: str | None = field(default=None, repr=False)
    tolerance: int | None = None
    gender: Literal["0", "1", "2"] = "0"
    most: int = 80


@dataclass(frozen=True, kw_only=True, slots=True)
class Search:
    """By number when there is one, else by sound. ``verify``: data that must match exactly for the extended part."""

    niss: str | None = field(default=None, repr=False)
    phonetic: Phonetic | None = None
    verify: BankSubject | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """Somebody who may be meant; ``born`` may be incomplete. ``origin``: National Register or the bank's own."""

    niss: str = field(repr=False)
    name: str = field(repr=False)
    first_name: str = field(repr=False)
    born: str = field(repr=False)
    gender: str
    origin: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """One, several or nobody; ``validated``: the verification data matched."""

    done: bool
    reasons: tuple[str, ...]
    candidates: tuple[Candidate, ...]
    ticket_bcss: str | None

    @property
    def validated(self) -> bool:
        """Whether the bank says so."""
        return VALIDATED in self.reasons


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


def found(reply: Reply) -> Found:
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
        ticket_bcss=reply.ticket,
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
