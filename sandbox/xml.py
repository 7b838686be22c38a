"""Documents of the exchange contracts, as bytes."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

from lxml import etree

Element = etree._Element  # noqa: SLF001 - lxml has no public name for it

FCA = "urn:be:mediationhub:fca:1"
CIA = "urn:be:mediationhub:cia:1"
JUSTRESTART = "urn:be:mediationhub:justrestart:1"


class Vocabulary:
    """Makes elements of one namespace; attributes that are None stay out."""

    def __init__(self, namespace: str) -> None:
        self._namespace = namespace

    def __call__(
        self, name: str, attributes: Mapping[str, object | None] | None = None, *content: Element | str | None
    ) -> Element:
        """One element with what stands in it."""
        given = {key: _text(value) for key, value in (attributes or {}).items() if value is not None}
        element = etree.Element(f"{{{self._namespace}}}{name}", given, nsmap={None: self._namespace})
        for part in content:
            if isinstance(part, str):
                element.text = part
            elif part is not None:
                element.append(part)
        return element


def document(root: Element) -> bytes:
    """The bytes that are sent, one element a line so that a refusal's line says something."""
    etree.indent(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def canonical(root: Element) -> bytes:
    """The same in its canonical form, which a receipt names of a document inside a SOAP envelope."""
    etree.indent(root)
    return etree.tostring(root, method="c14n", exclusive=True, with_comments=False)


def envelope(message_id: str, sender: str, **more: object) -> dict[str, object]:
    """Attributes of every root."""
    return {"messageId": message_id, "sender": sender, "sentAt": datetime.now(UTC), **more}


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
