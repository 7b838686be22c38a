"""The SOA services of the simulated bank: one namespace each, local elements without one (bcss-primaweb §1.3)."""

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import uuid4

from lxml import etree
from lxml.builder import ElementMaker

from sandbox.bcss import files
from sandbox.bcss.books import Books
from sandbox.bcss.lives import Life
from sandbox.people import Person

INTERFACE = "http://kszbcss.fgov.be/intf/"
_BARE = ElementMaker()
_REPLACED = "MSG00006"
_NO_SUCH = {
    "MSG00005",
    "MSG00021",
    "RTIPC001",
    "SES00100",
    "SES00200",
    "TAXA0007",
    "HAN00032",
    "SES00300",
    "SSK00003",
    "DOLS0000",
}

CONTEXTS: Mapping[str, int] = {"PCSA:DEBT_RECOVERY": 31}
"""The legal contexts that were agreed, and the quality code each wants."""

DATA: Mapping[str, Callable[[etree._Element, Life, date], files.Answer]] = {
    "retrieveTIGroupsRequest": files.register,
    "findEmployersByWorkerRequest": files.employment,
    "consultCareerRequest": files.career,
    "consultFilesByDateRequest": files.handicap,
    "consultTaxAssessmentDataRequest": files.income,
}


@dataclass(kw_only=True)
class Soa:
    """Answers services. ``codes``: names of a CPAS in the register by its enterprise number."""

    books: Books
    lives: Mapping[str, Life]
    replaced: Mapping[str, str]
    today: Callable[[], date]
    codes: Mapping[str, str] = field(default_factory=dict)
    partner: str | None = None
    """Number of somebody with whom everybody is assessed together."""
    confuse: str | None = None
    """Number of somebody whose answer comes back instead."""

    def answer(self, asked: etree._Element, fate: str) -> etree._Element | None:
        """The response element; None: no such operation."""
        name = etree.QName(asked)
        data = DATA.get(name.localname)
        space = name.namespace or ""
        if data is None or not space.startswith(INTERFACE):
            return None
        number = asked.findtext("criteria/ssin") or asked.findtext("searchInformation/ssin") or ""
        organisation = asked.findtext("informationCustomer/customerIdentification/cbeNumber", "")
        code = fate if fate != "ok" else self._gate(number, organisation, _context_of(asked))
        found: Sequence[etree._Element] = ()
        if code == files.FOUND:
            code, found = data(asked, self.lives[number], self.today())
        made = ElementMaker(namespace=space, nsmap={"s": space})
        root = made(name.localname.replace("Request", "Response"))
        root.extend(deepcopy(one) for one in asked if one.tag != "informationCBSS")
        root.insert(1, bank())
        for one in root.findall("criteria/ssin") if self.confuse else ():
            one.text = self.confuse
        root.append(status(code))
        if code == _REPLACED and (new := self.replaced.get(number)):
            root.extend(_replacement(name.localname, number, new))
        if self.partner and found and name.localname == "consultTaxAssessmentDataRequest":
            _together(found[-1], self.lives[self.partner].person)
        root.extend(found)
        return root

    def _gate(self, number: str, organisation: str, context: str) -> str:
        if context not in CONTEXTS:
            return "MSG00013"
        if number in self.replaced:
            return _REPLACED
        if number not in self.lives:
            return "MSG00005"
        known = self.codes.get(organisation, organisation)
        open_ = self.books.integrated(number, known, self.today(), CONTEXTS[context])
        return files.FOUND if open_ else "MSG00012"


def _context_of(asked: etree._Element) -> str:
    return asked.findtext("legalContext") or asked.findtext("securityContext/legalContext") or ""


def _replacement(operation: str, old: str, new: str) -> list[etree._Element]:
    """The new number, as each service tells it (§2.7 to §2.9)."""
    match operation:
        case "consultCareerRequest":
            return [_BARE.ssin(new, replaces=old)]
        case "consultFilesByDateRequest":
            return [_BARE.ssin(old, replacedBy=new)]
        case "consultTaxAssessmentDataRequest":
            return [_BARE.ssinStatusData(_BARE.requestedSsinStatus("REPLACED"), _BARE.replacingSsin(new))]
        case _:
            return []


def _together(result: etree._Element, partner: Person) -> None:
    """Assess two people together, whatever their lives say."""
    for one in result.findall("relatedFiscalPerson"):
        result.remove(one)
    result.insert(1, files.related(partner))


def bank() -> etree._Element:
    """The bank's own ticket and times."""
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return _BARE.informationCBSS(_BARE.ticketCBSS(str(uuid4())), _BARE.timestampReceive(now), _BARE.timestampReply(now))


def status(code: str) -> etree._Element:
    """How it ended."""
    value = "DATA_FOUND" if code == "MSG00000" else "NO_DATA_FOUND" if code in _NO_SUCH else "NO_RESULT"
    return _BARE.status(_BARE.value(value), _BARE.code(code), _BARE.description("sandbox: own wording"))
