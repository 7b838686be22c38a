"""Answers for callers that speak XML; their schema is ``answer.xsd`` beside this file."""

from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

NAMESPACE = "urn:be:mediationhub:answer:1"
_FINDING = ("item", "line", "xpath", "pointer", "code", "reference")


def answer_xml(members: Mapping[str, Any]) -> bytes:
    """An accepted document: ``<answer>``."""
    return _text(answer_element(members))


def problem_xml(members: Mapping[str, Any]) -> bytes:
    """A refusal: ``<problem>`` with the members of RFC 9457."""
    return _text(problem_element(members))


def answer_element(members: Mapping[str, Any]) -> Element:
    """``<answer>``, to stand alone or in an envelope."""
    root = Element("answer", {"xmlns": NAMESPACE})
    for name in ("document", "state", "receiptId", "receipt", "events", "refusedCount"):
        SubElement(root, name).text = str(members[name])
    if gap := members.get("gap"):
        element = SubElement(root, "gap", {"expected": str(gap["expected"]), "received": str(gap["received"])})
        for first, last in gap["missing"]:
            SubElement(element, "missing", {"first": str(first), "last": str(last)})
    _findings(root, members["refused"])
    return root


def problem_element(members: Mapping[str, Any]) -> Element:
    """``<problem>``, to stand alone or in a fault."""
    root = Element("problem", {"xmlns": NAMESPACE})
    for name in ("type", "title", "status", "detail", "instance", "code", "document", "refusedCount"):
        if name in members:
            SubElement(root, name).text = str(members[name])
    _findings(root, members.get("errors", ()))
    return root


def _findings(root: Element, findings: Sequence[Mapping[str, Any]]) -> None:
    for finding in findings:
        attributes = {name: str(finding[name]) for name in _FINDING if name in finding}
        SubElement(root, "refused", attributes).text = finding["text"]


def _text(root: Element) -> bytes:
    found: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return found
