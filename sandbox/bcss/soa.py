"""The SOA services of the simulated bank: one namespace each, local elements without one (bcss-primaweb §1.3)."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import uuid4

from lxml import etree
from lxml.builder import ElementMaker

from sandbox.bcss import files
from sandbox.bcss.books import Books
from sandbox.people import Person

INTERFACE = "http://kszbcss.fgov.be/intf/"
_BARE = ElementMaker()
_NO_SUCH = {"MSG00005", "MSG00021", "RTIPC001", "SES00100", "SES00200", "TAXA0007", "HAN00032", "SSK00003", "DOLS0000"}

DATA: Mapping[str, Callable[[Person], list[etree._Element]]] = {
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
    people: Mapping[str, Person]
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
        code = fate if fate != "ok" else self._gate(number, organisation)
        made = ElementMaker(namespace=space, nsmap={"s": space})
        root = made(name.localname.replace("Request", "Response"))
        root.extend(deepcopy(one) for one in asked if one.tag != "informationCBSS")
        root.insert(1, _bank())
        for one in root.findall("criteria/ssin") if self.confuse else ():
            one.text = self.confuse
        root.append(_status(code))
        if code == "MSG00000":
            found = data(self.people[number])
            if self.partner and name.localname == "consultTaxAssessmentDataRequest":
                files.together(found[-1], self.partner)
            root.extend(found)
        return root

    def _gate(self, number: str, organisation: str) -> str:
        if number not in self.people:
            return "MSG00005"
        known = self.codes.get(organisation, organisation)
        return "MSG00000" if self.books.integrated(number, known, self.today()) else "MSG00012"


def _bank() -> etree._Element:
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return _BARE.informationCBSS(_BARE.ticketCBSS(str(uuid4())), _BARE.timestampReceive(now), _BARE.timestampReply(now))


def _status(code: str) -> etree._Element:
    value = "DATA_FOUND" if code == "MSG00000" else "NO_DATA_FOUND" if code in _NO_SUCH else "NO_RESULT"
    return _BARE.status(_BARE.value(value), _BARE.code(code), _BARE.description("sandbox: own wording"))
