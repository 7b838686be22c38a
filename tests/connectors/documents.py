"""Reads a partner's document as the intake does: hardened parser, XSD, mapping; facts and findings as plain data."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from connectors import CONNECTORS
from hub.adapters.xml.contract import LxmlContract
from hub.application.intake.ports import Finding
from hub.sdk import DocumentKind, Element, Envelope, Fact, MappingRefusedError
from schemas import EVENT_TYPES
from schemas.event import Event


@dataclass(slots=True)
class Reading:
    """What a document says, and what is wrong with it."""

    contract: LxmlContract
    facts: list[Fact] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def bulk(self, root: Element, kind: DocumentKind, envelope: Envelope, data: bytes) -> None:
        """A document of items: the root alone, then one item after the other."""
        assert kind.item is not None
        self.findings += self.contract.findings(root)
        if self.findings:
            return
        stream = self.contract.stream(kind.item)
        good = [self.item(item, kind, envelope, number) for item, number in stream.feed(data)]
        stream.close()
        if kind.closing is not None:
            self.facts += kind.closing(root, envelope, sum(good), len(good) - sum(good))

    def item(self, element: Element, kind: DocumentKind, envelope: Envelope, number: int = 0) -> bool:
        """One item; whether it was mapped."""
        found = list(self.contract.findings(element, number))
        if not found:
            try:
                self.facts += kind.mapping(element, envelope)
            except MappingRefusedError as error:
                found = [self.contract.place(problem, number) for problem in error.problems]
        self.findings += [replace(finding, reference=kind.reference(element)) for finding in found]
        return not found


@cache
def contract_of(name: str) -> LxmlContract:
    """The connector's contract, its schema compiled once."""
    return LxmlContract(CONNECTORS[name], item_bytes=1_000_000, depth=20, attributes=40)


def read(name: str, data: bytes) -> Reading:
    """A whole document of a connector."""
    reading = Reading(contract_of(name))
    contract, connector = reading.contract, reading.contract.connector
    root = contract.head(data)
    assert root is not None, "the document is empty"
    known = connector.documents.get(str(root.tag))
    if known is not None and known.item is None:
        root = contract.whole(data)
    try:
        envelope = connector.envelope(root)
    except MappingRefusedError as error:
        reading.findings += [contract.place(problem) for problem in error.problems]
        return reading
    kind = connector.documents[str(root.tag)]
    if kind.item is None:
        reading.item(contract.whole(data), kind, envelope)
    else:
        reading.bulk(root, kind, envelope, data)
    return reading


def facts_json(facts: list[Fact]) -> list[dict[str, Any]]:
    """Facts as an example's ``*.event.json`` tells them."""
    return [
        {
            "type": fact.data.type,
            "time": fact.time.isoformat(),
            "identifier": fact.data.identifier(),
            "clear": fact.data.clear_json(),
            "personal": json.loads(fact.data.personal_json()),
        }
        for fact in facts
    ]


def findings_json(findings: list[Finding]) -> list[dict[str, Any]]:
    """Findings as an example's ``*.problem.json`` tells them; what is empty is left out."""
    return [{name: value for name, value in asdict(finding).items() if value} for finding in findings]


def event_of(path: Path) -> Event:
    """The one event of an outbound example."""
    (told,) = json.loads(path.read_text("utf-8"))
    return EVENT_TYPES[told["type"]].model_validate({**told["clear"], **told["personal"]})


def examples(pattern: str) -> Iterator[tuple[str, Path]]:
    """Connector name and path of every example whose file name matches."""
    for name in sorted(CONNECTORS):
        for path in sorted((Path(__file__).parent / name / "examples").glob(pattern)):
            yield name, path


def beside(path: Path, suffix: str) -> Path:
    """The file of the same example with another double suffix."""
    return path.with_name(path.name.split(".", 1)[0] + suffix)
