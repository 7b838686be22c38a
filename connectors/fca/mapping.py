"""The FCA connector: which document of ``fca.xsd`` becomes which events."""

from pathlib import Path

from connectors.fca import notices, operations
from hub.sdk import Connector, DocumentKind, Element, Envelope, Fact, root_envelope

_NS = "{urn:be:mediationhub:fca:1}"

_ENTRIES = {
    f"{_NS}Notice": notices.registered,
    f"{_NS}NewVersion": notices.versioned,
    f"{_NS}Renewal": operations.renewed,
    f"{_NS}Suspension": operations.suspended,
    f"{_NS}Strike": operations.struck,
    f"{_NS}Reactivation": operations.reactivated,
    f"{_NS}HolderChange": operations.holder_changed,
}
"""Mapping by qualified name: of a document's root, and of what is inside an entry of a drop."""


def entry(element: Element, envelope: Envelope) -> tuple[Fact, ...]:
    """One item of a drop: the notice or operation inside it."""
    (content,) = element.iterchildren(*_ENTRIES)
    return _ENTRIES[str(content.tag)](content, envelope)


def entry_reference(element: Element) -> str:
    """The number of the notice inside, even of one that broke the grammar."""
    return next((notices.reference(content) for content in element.iterchildren(*_ENTRIES)), "")


CONNECTOR = Connector(
    name="fca",
    summary="Notices N1 to N14 of the Fichier central des avis, and what happens to them",
    schema=Path(__file__).with_name("fca.xsd"),
    institutions=("fca",),
    envelope=root_envelope,
    documents={
        **{
            name: DocumentKind(item=None, mapping=mapping, reference=notices.reference)
            for name, mapping in _ENTRIES.items()
        },
        f"{_NS}Notices": DocumentKind(item=f"{_NS}Entry", mapping=entry, reference=entry_reference),
    },
)
