"""From elements to facts: which kind of document, whose it is, and what each item says."""

from dataclasses import replace

import structlog

from hub.application.intake.callers import Caller
from hub.application.intake.ports import Contract, Finding
from hub.application.intake.refusals import DocumentRefusedError, NotPermittedError
from hub.sdk import DocumentKind, Element, Envelope, Fact, MappingRefusedError

_LOG = structlog.get_logger()


def kind_of(contract: Contract, root: Element, caller: Caller) -> DocumentKind:
    """What kind of document a root begins.

    Raises:
        DocumentRefusedError: ``document-kind-unknown``.
        NotPermittedError: ``institution-kind``: not for this kind of institution.
    """
    connector = contract.connector
    kind = connector.documents.get(str(root.tag))
    if kind is None:
        known = ", ".join(sorted(name.rpartition("}")[2] for name in connector.documents))
        place = Finding(code="document-kind-unknown", limit=known, line=root.sourceline or 1, xpath="/*")
        raise DocumentRefusedError("document-kind-unknown", [place], limit=known)
    allowed = kind.institutions or connector.institutions
    if caller.kind not in allowed:
        raise NotPermittedError("institution-kind", limit=", ".join(allowed))
    return kind


def envelope_of(contract: Contract, root: Element, caller: Caller) -> Envelope:
    """The envelope of a root, sent by who is calling.

    Raises:
        DocumentRefusedError: ``not-valid``: the envelope is not one.
        NotPermittedError: ``sender-not-you``.
    """
    try:
        envelope = contract.connector.envelope(root)
    except MappingRefusedError as refusal:
        findings = [contract.place(problem) for problem in refusal.problems]
        raise DocumentRefusedError("not-valid", findings) from None
    if envelope.sender != caller.institution:
        raise NotPermittedError("sender-not-you", limit=caller.institution)
    return envelope


def facts_of(
    contract: Contract, kind: DocumentKind, envelope: Envelope, element: Element, item: int = 0
) -> tuple[Fact, ...]:
    """What one item says, after its schema and its mapping's own rules.

    Raises:
        DocumentRefusedError: ``not-valid``, with every finding and the sender's own reference of the item.
    """
    findings = contract.findings(element, item)
    if not findings:
        try:
            return kind.mapping(element, envelope)
        except MappingRefusedError as refusal:
            findings = tuple(contract.place(problem, item) for problem in refusal.problems)
        except Exception as error:  # noqa: BLE001 - a mapping's defect refuses one item, not the whole document
            _LOG.error("mapping failed", connector=contract.connector.name, error=type(error).__name__)
            findings = (Finding(code="not-mapped", line=element.sourceline or 0, item=item),)
    reference = _reference_of(kind, element)
    raise DocumentRefusedError("not-valid", [replace(finding, reference=reference) for finding in findings])


def _reference_of(kind: DocumentKind, element: Element) -> str:
    """The sender's own reference; '' when the item is too broken to tell."""
    try:
        return kind.reference(element)[:200]
    except (LookupError, ValueError, TypeError, AttributeError, StopIteration):
        return ""
