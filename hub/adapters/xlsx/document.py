"""A workbook as a bulk document of its contract: each row an item, on the line of its number.

So whatever the schema or the mapping finds leads back to its cell, and is told as ``/row/heading``.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from xml.sax.saxutils import quoteattr

from hub.adapters.xlsx.archive import SheetLimits
from hub.adapters.xlsx.rows import Headings, found_headings, rows_of, told
from hub.adapters.xlsx.writer import marked, written
from hub.application.intake.notation_ports import Mark, Sending
from hub.application.intake.ports import Contract, Finding, ItemStream
from hub.application.intake.refusals import DocumentRefusedError
from hub.sdk import Connector, Element, Problem, Sheet

_UNFIT = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_AT = re.compile(r"@([\w-]+)$")


class XlsxWorkbooks:
    """The port ``Workbooks``."""

    def __init__(self, limits: SheetLimits) -> None:
        self._limits = limits
        self.most = limits.most

    def document(self, contract: Contract, data: bytes, sending: Sending) -> tuple[Contract, bytes]:
        """A workbook as a document, and the contract that says of its findings in which cell they are.

        Raises:
            DocumentRefusedError: it is no workbook that may be read, or has no rows or headings of the contract.
        """
        sheet = contract.connector.sheet
        if sheet is None:
            raise DocumentRefusedError("workbook-unknown")
        rows = rows_of(data, self._limits)
        headings = found_headings(rows, sheet)
        items = [(number, said) for number, row in rows if (said := told(headings, row))]
        if not items:
            raise DocumentRefusedError("workbook-empty")
        return SheetContract(contract, sheet, headings, _again(items, sheet.key)), _written(sheet, items, sending)

    def marked(self, data: bytes, marks: Mapping[int, Sequence[Mark]], title: str) -> bytes:
        """A workbook with what is wrong beside its rows."""
        return marked(list(rows_of(data, self._limits)), marks, title)

    def written(self, sheet: Sheet, rows: Sequence[Mapping[str, object]], language: str) -> bytes:
        """A workbook of rows of attributes."""
        return written(sheet, rows, language)


def _written(sheet: Sheet, items: list[tuple[int, dict[str, str]]], sending: Sending) -> bytes:
    """The document's text; what XML cannot hold becomes a sign that no grammar of ours allows."""
    namespace, _, root = sheet.root[1:].partition("}")
    first = next((said for _, said in items if all(name in said for name in sheet.common)), {})
    envelope = {
        "messageId": sending.message_id,
        "sender": sending.sender,
        "sentAt": sending.sent_at.isoformat(),
        **{name: first[name] for name in sheet.common if name in first},
    }
    lines = [f'<{root} xmlns="{namespace}"{_attributes(envelope)}>']
    item = sheet.item.rpartition("}")[2]
    line = 1
    for number, said in items:
        lines.append("\n" * (number - line) + f"<{item}{_attributes(said)}/>")
        line = number
    return ("".join(lines) + f"</{root}>").encode()


def _again(items: list[tuple[int, dict[str, str]]], key: str) -> frozenset[int]:
    """Rows whose key an earlier row has."""
    seen: set[str] = set()
    again = set()
    for number, said in items:
        if (name := said.get(key, "")) in seen:
            again.add(number)
        elif name:
            seen.add(name)
    return frozenset(again)


def _attributes(values: dict[str, str]) -> str:
    return "".join(f" {name}={quoteattr(_UNFIT.sub(chr(0xFFFD), text))}" for name, text in values.items())


class SheetContract:
    """A contract whose findings speak of rows and headings. ``line`` of an element is the number of its row."""

    def __init__(self, contract: Contract, sheet: Sheet, headings: Headings, again: frozenset[int]) -> None:
        self.connector: Connector = contract.connector
        self._contract, self._headings, self._again, self._key = contract, headings, again, sheet.key
        self._columns = {column.attribute: column for column in sheet.columns}

    def head(self, data: bytes) -> Element:
        """As the contract."""
        return self._contract.head(data)

    def whole(self, data: bytes) -> Element:
        """As the contract."""
        return self._contract.whole(data)

    def stream(self, item: str) -> ItemStream:
        """As the contract."""
        return self._contract.stream(item)

    def findings(self, element: Element, item: int = 0) -> tuple[Finding, ...]:
        """What the schema says, cell by cell; of one cell once."""
        found = self._contract.findings(element, item)
        if element.sourceline in self._again:
            place = f"/@{self._key}"
            found = (*found, Finding(code="cell-twice", line=element.sourceline or 0, xpath=place, item=item))
        return tuple({(one.pointer, one.code): one for one in (self._cell(f, element) for f in found)}.values())

    def place(self, problem: Problem, item: int = 0) -> Finding:
        """A mapping's problem with its cell."""
        return self._cell(self._contract.place(problem, item), problem.element)

    def bytes_of(self, element: Element) -> bytes:
        """As the contract."""
        return self._contract.bytes_of(element)

    def _cell(self, finding: Finding, element: Element) -> Finding:
        named = _AT.search(finding.xpath)
        column = self._columns.get(named[1]) if named else None
        if column is None:
            return replace(finding, pointer=f"/{finding.line}")
        heading = self._headings.words.get(column.attribute) or next(iter(column.headings.values()))
        pointer = f"/{finding.line}/{heading.replace('~', '~0').replace('/', '~1')}"
        if finding.code != "xsd":
            return replace(finding, pointer=pointer, limit=finding.limit or heading)
        if column.attribute not in element.attrib:
            return replace(finding, code="cell-empty", limit=heading, pointer=pointer)
        words = ", ".join(dict.fromkeys(word for one in column.words.values() for word in one.values()))
        return replace(finding, code=f"cell-{column.form}", limit=words or heading, pointer=pointer)
