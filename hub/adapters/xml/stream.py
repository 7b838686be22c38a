"""Bulk documents, read piece by piece: only the items of the last piece are in memory.

A bulk root has attributes and items, nothing else: whatever else stands in it is refused when it is met, and no
item may be larger than ``item_bytes``; so memory stays bounded whatever is sent.
"""

from collections.abc import Sequence

from lxml import etree

from hub.adapters.xml.parser import OPTIONS, translated
from hub.adapters.xml.places import xpath_of
from hub.application.intake.ports import Finding, Item
from hub.application.intake.refusals import DocumentRefusedError
from hub.sdk import Element


class LxmlItemStream:
    """Gives the root's children of one qualified name, in order."""

    def __init__(self, item: str, item_bytes: int) -> None:
        self._parser = etree.XMLPullParser(events=("end",), tag=item, **OPTIONS)
        self._item_bytes, self._unfinished, self._count = item_bytes, 0, 0
        self._given: list[Element] = []

    def feed(self, data: bytes) -> Sequence[Item]:
        """The items that these bytes complete."""
        self._forget(self._given[:-1])  # the parser may still touch the last one's tail
        with translated():
            self._parser.feed(data)
            items = [self._taken(element) for _, element in self._parser.read_events() if _is_item(element)]
        self._unfinished = 0 if items else self._unfinished + len(data)
        if self._unfinished > self._item_bytes:
            raise DocumentRefusedError("item-too-large", limit=str(self._item_bytes))
        return items

    def close(self) -> None:
        """The end of the document: well-formed, and nothing in the root but items."""
        with translated():
            root = self._parser.close()
        self._forget(self._given)
        if len(root) or (root.text or "").strip():
            raise _stranger(root[0] if len(root) else root)

    def _taken(self, element: Element) -> Item:
        self._count += 1
        before = element.getprevious()
        if before is not None and before not in self._given[-1:]:
            raise _stranger(before)
        self._given.append(element)
        return Item(element, self._count)

    def _forget(self, given: Sequence[Element]) -> None:
        """Drop items that were used; text between items is refused."""
        for element in given:
            parent = element.getparent()
            if parent is not None:
                if (element.tail or "").strip() or (parent.text or "").strip():
                    raise _stranger(parent)
                parent.remove(element)
        self._given = self._given[len(given) :]


def _is_item(element: Element) -> bool:
    """Whether an element of the item's name stands directly in the root."""
    parent = element.getparent()
    return parent is not None and parent.getparent() is None


def _stranger(element: Element) -> DocumentRefusedError:
    """Something stands in a bulk document that is no item."""
    found = Finding(code="xsd", limit="element not expected", line=element.sourceline or 0, xpath=xpath_of(element))
    return DocumentRefusedError("not-valid", [found])
