"""The simulated bank: channels, books, people and what befalls questions."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from http import HTTPStatus

from lxml import etree
from lxml.builder import ElementMaker

from sandbox.bcss import bis
from sandbox.bcss.books import Books
from sandbox.bcss.classic import Classic
from sandbox.bcss.fates import Fates, UnknownFateError
from sandbox.bcss.lives import lives
from sandbox.bcss.server import CutConnectionError, Question, Said, SilenceError
from sandbox.bcss.soa import Soa
from sandbox.people import Person

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
CONNECTOR = "http://ksz-bcss.fgov.be/connectors/WebServiceConnector"
SERVICES = ("classic", "register", "employment", "self-employed", "handicap", "income", "bis")
"""Endpoints of a hub; one address could serve them all."""
CONTROL = "/sandbox/fates"
"""POST ``{"next": [...], "rates": {...}, "latency": 0.0}`` there to say what befalls questions."""
_MAKE = ElementMaker(namespace=SOAP, nsmap={"soap": SOAP})


@dataclass
class SandboxBank:
    """Answers questions; ``asked`` counts those that reached it."""

    people: Sequence[Person]
    codes: Mapping[str, str] = field(default_factory=dict)
    books: Books = field(default_factory=Books)
    fates: Fates = field(default_factory=Fates)
    today: Callable[[], date] = date.today
    asked: int = 0
    replaced: dict[str, str] = field(default_factory=dict)
    """Numbers that others replaced: asked about, they are MSG00006."""

    def __post_init__(self) -> None:
        replaced = self.replaced
        self._lives = known = dict(lives(self.people))
        self._classic = Classic(books=self.books, lives=known, replaced=replaced, codes=self.codes, today=self.today)
        self.services = Soa(books=self.books, lives=known, replaced=replaced, codes=self.codes, today=self.today)

    @property
    def numbers(self) -> tuple[str, ...]:
        """Of everybody it knows, those to whom it gave one too."""
        return tuple(self._lives)

    async def answer(self, question: Question) -> Said:
        """What goes back to a question."""
        if question.path == CONTROL:
            return self._controlled(question.body)
        self.asked += 1
        fate = self.fates.next()
        await asyncio.sleep(self.fates.latency)
        if fate in {"silence", "cut", "garbage"} or fate.startswith(("http:", "fault:")):
            return _befallen(fate)
        said = self._said(question, "ok" if fate.endswith("-after") else fate)
        return _befallen(fate.removesuffix("-after")) if fate.endswith("-after") else said

    def _said(self, question: Question, fate: str) -> Said:
        body = etree.fromstring(question.body, etree.XMLParser(resolve_entities=False, no_network=True)).find(
            f"{{{SOAP}}}Body"
        )
        if body is None or len(body) != 1:
            return _fault("MSG00008")
        answered: etree._Element | None
        if body[0].tag == f"{{{CONNECTOR}}}xmlString":
            answered = etree.Element(f"{{{CONNECTOR}}}xmlString")
            answered.text = self._classic.answer(body[0].text or "", fate)
        elif body[0].tag == bis.REQUEST:
            answered = bis.assigned(body[0], self._lives, fate)
        else:
            answered = self.services.answer(body[0], fate)
        if answered is None:
            return _fault("MSG00025")
        return Said(body=etree.tostring(_MAKE.Envelope(_MAKE.Body(answered)), xml_declaration=True, encoding="UTF-8"))

    def _controlled(self, body: bytes) -> Said:
        """``next``, ``rates``, ``latency`` for fates; ``replaced``: new numbers by the old ones."""
        told = json.loads(body)
        try:
            self.fates.order(*told.get("next", ()))
            self.fates.rate(told.get("rates", {}))
        except UnknownFateError as unknown:
            refused = json.dumps({"detail": str(unknown)}).encode()
            return Said(body=refused, kind="application/json", status=HTTPStatus.BAD_REQUEST)
        self.fates.latency = float(told.get("latency", self.fates.latency))
        self.replaced.update(told.get("replaced", {}))
        return Said(body=b"{}", kind="application/json")


def _befallen(fate: str) -> Said:
    if fate == "silence":
        raise SilenceError
    if fate == "cut":
        raise CutConnectionError
    kind, _, detail = fate.partition(":")
    if kind == "http":
        return Said(body=b"", status=int(detail))
    return _fault(detail) if kind == "fault" else Said(body=b"<half an ans")


def _fault(code: str) -> Said:
    bare = ElementMaker()
    fault = _MAKE.Fault(
        bare.faultcode("soap:Server"),
        bare.faultstring("sandbox"),
        bare.detail(bare.detail(bare.severity("FATAL"), bare.reasonCode(code), bare.diagnostic("sandbox"))),
    )
    body = etree.tostring(_MAKE.Envelope(_MAKE.Body(fault)), xml_declaration=True, encoding="UTF-8")
    return Said(body=body, status=HTTPStatus.INTERNAL_SERVER_ERROR)
