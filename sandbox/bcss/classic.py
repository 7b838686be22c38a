"""The classic channel: an envelope as text inside one SOAP operation (bcss-primaweb §1.2, §2.1)."""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import count
from zoneinfo import ZoneInfo

from lxml import etree
from lxml.builder import ElementMaker

from sandbox.bcss.books import Books, Entry
from sandbox.bcss.lives import Life
from sandbox.bcss.pensions import PENSIONS, pensions
from sandbox.bcss.phonetic import identified

SSDN = "http://www.ksz-bcss.fgov.be/XSD/SSDN"
SERVICE, COMMON, ACCESS = f"{SSDN}/Service", f"{SSDN}/Common", f"{SSDN}/OCMW_CPAS/ManageAccess"
_S, _A, _C = f"{{{SERVICE}}}", f"{{{ACCESS}}}", f"{{{COMMON}}}"
_S_MAKE = ElementMaker(namespace=SERVICE, nsmap={None: SERVICE, "c": COMMON})
_C_MAKE = ElementMaker(namespace=COMMON, nsmap={"c": COMMON})
_A_MAKE = ElementMaker(namespace=ACCESS, nsmap={None: ACCESS, "c": COMMON})
_BRUSSELS = ZoneInfo("Europe/Brussels")
_ERROR, _WARNED, _DONE = "10000", "1", "0"
_SUM_OF_ERRORS, _SUM_OF_WARNINGS = "30000001", "20000001"
_DONE_WITH = ("warning", "information")


@dataclass(kw_only=True)
class Classic:
    """Answers envelopes. ``codes``: how replies name a CPAS (NIS code) by its enterprise number."""

    books: Books
    lives: Mapping[str, Life]
    replaced: Mapping[str, str]
    today: Callable[[], date]
    codes: Mapping[str, str] = field(default_factory=dict)
    _tickets: "count[int]" = field(default_factory=lambda: count(1))

    def answer(self, text: str, fate: str) -> str:
        """The reply to an envelope."""
        root = etree.fromstring(text.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
        asked = root.find(f"{_S}ServiceRequest")
        if asked is None:
            raise ValueError("an envelope without a question")
        word, _, code = fate.partition(":")
        inner, reason, said = None, fate, _Said()
        if word in {"ok", *_DONE_WITH}:
            inner, reason = self._served(asked, root.findtext(f".//{_S}OrgUnit", ""))
            said = _Said(word=word.upper(), code=code) if word in _DONE_WITH else said
        return etree.tostring(self._reply(root, asked, inner, reason, said), encoding="unicode")

    def _served(self, asked: etree._Element, organisation: str) -> tuple[etree._Element | None, str]:
        match asked.findtext(f"{_S}ServiceId"):
            case "OCMWCPASManageAccess":
                return self._access(asked[-1], self.codes.get(organisation, organisation))
            case "OCMWCPASIdentifyPerson":
                return identified(asked[-1], {niss: one.person for niss, one in self.lives.items()})
            case "OCMWCPASPensionRegisterConsult":
                return self._pensions(asked[-1], self.codes.get(organisation, organisation))
            case _:
                return None, "MSG00025"

    def _pensions(self, asked: etree._Element, organisation: str) -> tuple[etree._Element | None, str]:
        niss = asked.findtext(f"{{{PENSIONS}}}TargetSSIN", "")
        if niss in self.replaced:
            return None, "MSG00006"
        if niss not in self.lives:
            return None, "MSG00005"
        if not self.books.integrated(niss, organisation, self.today()):
            return None, "MSG00012"
        return pensions(asked, self.lives[niss]), "ok"

    def _access(self, asked: etree._Element, organisation: str) -> tuple[etree._Element | None, str]:
        action, purpose = asked.findtext(f"{_A}Action", ""), asked.findtext(f"{_A}Purpose")
        begin = date.fromisoformat(asked.findtext(f"{_A}Period/{_C}StartDate", "")[:10])
        last = asked.findtext(f"{_A}Period/{_C}EndDate")
        end = date.fromisoformat(last[:10]) if last else None
        niss = asked.findtext(f"{_A}SSIN", "")
        if problem := self._refused(asked, action, purpose, niss):
            return None, problem
        entry = Entry(niss=niss, code=int(purpose or 0), begin=begin, end=end, organisation=organisation)
        found = self.books.overlapping(niss, begin, end)
        if action == "REGISTER":
            self.books.add(entry)
        elif action == "UNREGISTER":
            self.books.cut(entry)
        elif purpose:
            found = [one for one in found if one.code == int(purpose)]
        original = _A_MAKE.OriginalRequest(
            _A_MAKE.SSIN(niss), _A_MAKE.Purpose(purpose or "0"), _period(begin, end), _A_MAKE.Action(action)
        )
        return _A_MAKE.ManageAccessReply(original, *(_registration(one) for one in found)), "ok"

    def _refused(self, asked: etree._Element, action: str, purpose: str | None, niss: str) -> str | None:
        """Why it will not proceed (§2.1)."""
        if niss in self.replaced:
            return "MSG00006"
        if niss not in self.lives:
            return "MSG00005"
        person = self.lives[niss].person
        if action == "LIST":
            return None
        if not purpose:
            return "31000007"
        told = asked.find(f"{_A}ProofOfAuthentication/{_A}PersonData")
        if told is None:
            return "31000007"
        same = plain(told.findtext(f"{_A}LastName", "")) == plain(person.name)
        born = told.findtext(f"{_A}BirthDate") == person.born.isoformat()
        return None if same and born else "22007007"

    def _reply(
        self,
        root: etree._Element,
        asked: etree._Element,
        inner: etree._Element | None,
        reason: str,
        said: "_Said",
    ) -> etree._Element:
        done = inner is not None
        now = datetime.now(_BRUSSELS).strftime("%Y%m%dT%H%M%S")
        message = _S_MAKE.Message(
            _S_MAKE.Reference(root.findtext(f".//{_S}Reference", "")),
            _S_MAKE.Ticket(f"SANDBOX{next(self._tickets):08d}"),
            _S_MAKE.TimeRequest(root.findtext(f".//{_S}TimeRequest", now)),
            _S_MAKE.TimeReceive(now),
            _S_MAKE.TimeResponse(now),
        )
        return _S_MAKE.SSDNReply(
            _S_MAKE.ReplyContext(_summary(said.summed if done else _Said.error(_SUM_OF_ERRORS)), message),
            _S_MAKE.ServiceReply(
                _summary(said if done else _Said.error(reason)),
                _S_MAKE.ServiceId(asked.findtext(f"{_S}ServiceId", "")),
                _S_MAKE.Version(asked.findtext(f"{_S}Version", "")),
                *([inner] if inner is not None else []),
            ),
        )


def plain(name: str) -> str:
    """Upper case, no accents."""
    return "".join(one for one in unicodedata.normalize("NFKD", name.upper()) if not unicodedata.combining(one))


@dataclass(frozen=True)
class _Said:
    """How a question ended: done, done with a word about it, or not. ``code``: of bcss-primaweb §1.5."""

    word: str = ""
    code: str = ""

    @classmethod
    def error(cls, code: str) -> "_Said":
        """It was not done."""
        return cls(word="ERROR", code=code)

    @property
    def summed(self) -> "_Said":
        """What the envelope says of its one question: warnings are counted, information is not."""
        return _Said(word="WARNING", code=_SUM_OF_WARNINGS) if self.word == "WARNING" else _Said()


def _summary(said: _Said) -> etree._Element:
    if not said.word:
        return _C_MAKE.ResultSummary(_C_MAKE.ReturnCode(_DONE), ok="YES")
    code, ok = {"ERROR": (_ERROR, "NO"), "WARNING": (_WARNED, "WARNING"), "INFORMATION": (_DONE, "YES")}[said.word]
    detail = _C_MAKE.Detail(
        _C_MAKE.Severity(said.word), _C_MAKE.ReasonCode(said.code), _C_MAKE.Diagnostic("sandbox: own wording")
    )
    return _C_MAKE.ResultSummary(_C_MAKE.ReturnCode(code), detail, ok=ok)


def _period(begin: date, end: date | None) -> etree._Element:
    """Real replies put an offset on dates (§1.2)."""
    ends = [_C_MAKE.EndDate(f"{end.isoformat()}+02:00")] if end else []
    return _A_MAKE.Period(_C_MAKE.StartDate(f"{begin.isoformat()}+02:00"), *ends)


def _registration(entry: Entry) -> etree._Element:
    return _A_MAKE.Registrations(
        _A_MAKE.Purpose(str(entry.code)),
        _period(entry.begin, entry.end),
        _A_MAKE.OrgUnit(entry.organisation),
        _A_MAKE.Register(entry.register),
    )
