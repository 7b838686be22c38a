"""Where in a document something is: line, and an XPath of local names that a partner can read."""

import re

from lxml import etree

from hub.sdk import Element

_PREFIXED = re.compile(r"(?<=/)[^/\[\]@:]+:[^/\[\]@:]+")


def element_at(tree: "etree._ElementTree", path: str | None) -> Element | None:
    """The element of a libxml2 node path, which names prefixes as the document does; None when it leads to none."""
    steps = _PREFIXED.sub(lambda step: f"*[name()='{step[0]}']", path or "")
    try:
        nodes = tree.xpath(steps) if steps else []
    except etree.XPathError:
        return None
    return nodes[0] if isinstance(nodes, list) and nodes and isinstance(nodes[0], etree._Element) else None  # noqa: SLF001


def xpath_of(element: Element, item: int = 0, attribute: str | None = None) -> str:
    """``/Root/Claim[12]/Heads/Principal/@name``. ``item`` is the true place of a streamed item."""
    steps = [f"@{_local(attribute)}"] if attribute else []
    here: Element | None = element
    while here is not None:
        parent = here.getparent()
        streamed = item and parent is not None and parent.getparent() is None
        index = item if streamed else _index(here, parent)
        steps.append(f"{_local(str(here.tag))}[{index}]" if index else _local(str(here.tag)))
        here = parent
    return "/" + "/".join(reversed(steps))


def _index(element: Element, parent: Element | None) -> int:
    """Place among siblings of the same name, from 1; 0 when it is the only one."""
    if parent is None:
        return 0
    same = parent.findall(str(element.tag))
    return same.index(element) + 1 if len(same) > 1 else 0


def _local(name: str) -> str:
    return name.rpartition("}")[2]
