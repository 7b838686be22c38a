"""Searching people by sound and by an uncertain birth date (bcss-primaweb §2.2, tolerance semantics)."""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta

from lxml import etree
from lxml.builder import ElementMaker

from sandbox.people import Person

SPACE = "http://www.ksz-bcss.fgov.be/XSD/SSDN/OCMW_CPAS/IdentifyPerson"
_I = f"{{{SPACE}}}"
_MAKE = ElementMaker(namespace=SPACE, nsmap={None: SPACE})
_MOST = 80
_SOUNDS = (("PH", "F"), ("CH", "K"), ("CK", "K"), ("QU", "K"), ("AU", "O"), ("C", "K"), ("Y", "I"), ("Z", "S"))


def accepted(born: str, tolerance: int) -> tuple[date, date]:
    """The first and the last birth date that match, both included; the unit is the first unknown part."""
    year, month, day = (int(part) for part in born.split("-"))
    if not month:
        return date(year - tolerance, 1, 1), date(year + tolerance, 12, 31)
    if not day:
        first, last = year * 12 + month - 1 - tolerance, year * 12 + month - 1 + tolerance
        end = date(last // 12, last % 12 + 1, 1)
        return date(first // 12, first % 12 + 1, 1), end.replace(day=monthrange(end.year, end.month)[1])
    step = timedelta(days=tolerance)
    return date(year, month, day) - step, date(year, month, day) + step


def sound(name: str) -> str:
    """A rough key: what sounds alike is alike."""
    plain = "".join(one for one in unicodedata.normalize("NFKD", name.upper()) if one.isalpha() and one.isascii())
    for seen, heard in _SOUNDS:
        plain = plain.replace(seen, heard)
    return re.sub(r"(.)\1+", r"\1", plain[:1] + re.sub(r"[AEIOUH]", "", plain[1:]))


def identified(asked: etree._Element, people: Mapping[str, Person]) -> tuple[etree._Element | None, str]:
    """The reply, or why there is none."""
    number = asked.findtext(f"{_I}SearchCriteria/{_I}SSIN")
    heard = asked.find(f"{_I}SearchCriteria/{_I}PhoneticCriteria")
    if number is not None:
        found = [people[number]] if number in people else []
    elif heard is not None:
        born, tolerance = heard.findtext(f"{_I}BirthDate", ""), heard.findtext(f"{_I}Tolerance")
        if born.endswith("-00") and tolerance is None:
            return None, "31009001"
        found = _heard(heard, accepted(born, int(tolerance or 0)), people)
    else:
        return None, "31000007"
    told = asked.find(f"{_I}VerificationData/{_I}PersonData")
    if told is not None and found and found[0].born.isoformat() != told.findtext(f"{_I}BirthDate"):
        return None, "22007007"
    results = [_MAKE.SearchResults(*(_shown(one) for one in found))] if found else []
    return _MAKE.IdentifyPersonReply(*results), "ok"


def _heard(asked: etree._Element, days: tuple[date, date], people: Mapping[str, Person]) -> list[Person]:
    name, first = asked.findtext(f"{_I}LastName", ""), asked.findtext(f"{_I}FirstName")
    gender = {"1": "M", "2": "F"}.get(asked.findtext(f"{_I}Gender", "0"))
    found = [
        one
        for one in people.values()
        if sound(one.name) == sound(name)
        and (not first or sound(one.first_name) == sound(first))
        and days[0] <= one.born <= days[1]
        and gender in {None, one.sex}
    ]
    return found[: int(asked.findtext(f"{_I}Maximum") or _MOST)]


def _shown(person: Person) -> etree._Element:
    basic = _MAKE.Basic(
        _MAKE.SocialSecurityUser(person.niss),
        _MAKE.LastName(person.name.upper()),
        _MAKE.FirstName(person.first_name.upper()),
        _MAKE.BirthDate(person.born.isoformat()),
        _MAKE.Gender("1" if person.sex == "M" else "2"),
    )
    return _MAKE.LimitedLegalData(basic, origin="RN_RR")
