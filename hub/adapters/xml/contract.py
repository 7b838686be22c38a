"""A connector's contract in use: its schema, compiled once, and what it says against a document."""

import re
from itertools import islice

from lxml import etree

from hub.adapters.xml.parser import parsed, root_of
from hub.adapters.xml.places import element_at, xpath_of
from hub.adapters.xml.stream import LxmlItemStream
from hub.application.intake.ports import Finding
from hub.sdk import Connector, Element, Problem

MOST_FINDINGS = 10
_FACET = re.compile(r"\[facet '(\w+)'\]")
_EXPECTED = re.compile(r"Expected is (?:one of )?\( (.{1,400}?) \)\.")
_ATTRIBUTE = re.compile(r"attribute '([\w.:-]{1,80})'")
_NAMESPACE = re.compile(r"\{[^}]*\}")


class LxmlContract:
    """The port ``Contract``. ``depth`` and ``attributes`` name the limit when a document is refused anyway."""

    def __init__(self, connector: Connector, *, item_bytes: int, depth: int, attributes: int) -> None:
        self.connector = connector
        self._schema = etree.XMLSchema(etree.parse(connector.schema, etree.XMLParser(no_network=True)))
        self._item_bytes, self._depth, self._attributes = item_bytes, depth, attributes
        self._too_deep = etree.XPath("boolean(" + "/".join(["*"] * depth) + ")")
        self._too_many = etree.XPath(f"descendant-or-self::*[count(@*) > {attributes}][1]")

    def head(self, data: bytes) -> Element:
        """The root with its attributes and nothing else, from a document's first bytes."""
        return root_of(data)

    def whole(self, data: bytes) -> Element:
        """A small document, parsed."""
        return parsed(data)

    def stream(self, item: str) -> LxmlItemStream:
        """A reader of the root's children of that qualified name."""
        return LxmlItemStream(item, self._item_bytes)

    def findings(self, element: Element, item: int = 0) -> tuple[Finding, ...]:
        """What the schema says against an element. A valid one is within every limit, by its grammar."""
        if self._schema.validate(element):
            return ()
        return self._limits(element, item) or self._rules(element, item)

    def place(self, problem: Problem, item: int = 0) -> Finding:
        """A mapping's problem with its line and XPath."""
        xpath = xpath_of(problem.element, item, problem.attribute)
        line = problem.element.sourceline or 0
        return Finding(code=problem.code, limit=problem.limit, line=line, xpath=xpath, item=item)

    def bytes_of(self, element: Element) -> bytes:
        """An element as it is kept for the person it speaks of: UTF-8, without what follows it."""
        return etree.tostring(element, encoding="utf-8", with_tail=False)

    def _limits(self, element: Element, item: int) -> tuple[Finding, ...]:
        line = element.sourceline or 0
        if self._too_deep(element):
            return (Finding(code="depth", limit=str(self._depth), line=line, xpath=xpath_of(element, item), item=item),)
        for broad in self._too_many(element):
            xpath = xpath_of(broad, item)
            return (Finding(code="attributes", limit=str(self._attributes), line=line, xpath=xpath, item=item),)
        return ()

    def _rules(self, element: Element, item: int) -> tuple[Finding, ...]:
        tree = etree.ElementTree(element)
        found: dict[tuple[int, str], Finding] = {}
        for entry in islice(self._schema.error_log, 2 * MOST_FINDINGS):
            named = _ATTRIBUTE.search(entry.message or "")
            broken = element_at(tree, entry.path)
            xpath = xpath_of(element if broken is None else broken, item, named[1] if named else None)
            finding = Finding(code="xsd", limit=_rule_of(entry), line=entry.line, xpath=xpath, item=item)
            found.setdefault((entry.line, xpath), finding)  # a facet is followed by a second entry that says less
        return tuple(found.values())[:MOST_FINDINGS]


def _rule_of(entry: "etree._LogEntry") -> str:
    """The broken rule in the schema's words; never the value that broke it."""
    message = entry.message or ""
    if expected := _EXPECTED.search(message):
        return "expected: " + _NAMESPACE.sub("", expected[1])
    if facet := _FACET.search(message):
        return f"facet {facet[1]}"
    return str(entry.type_name).removeprefix("SCHEMAV_").lower().replace("_", "-")
