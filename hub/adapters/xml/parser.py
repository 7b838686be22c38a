"""The one hardened parser: no DTD, no entities, no network, no encoding that hides markup.

Every attack of the usual lists (billion laughs, quadratic blow-up, external entities, external DTD) needs a
document type declaration, and no contract of ours has one: it is refused before anything in it is expanded.
Encodings are supersets of ASCII, so that a declaration cannot hide from the look for it.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from lxml import etree

from hub.application.intake.ports import Finding
from hub.application.intake.refusals import DocumentRefusedError
from hub.sdk import Element

ENCODINGS = frozenset({"utf-8", "us-ascii", "iso-8859-1", "iso-8859-15", "windows-1252"})
OPTIONS: dict[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "dtd_validation": False,
    "attribute_defaults": False,
    "huge_tree": False,
    "recover": False,
    "remove_comments": True,
    "remove_pis": True,
}
HEAD_MOST = 65_536
"""Bytes within which the root element must begin."""

_DECLARED = re.compile(rb"^(?:\xef\xbb\xbf)?<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_UNICODE_16_32 = (b"\xff\xfe", b"\xfe\xff", b"\x00", b"<\x00")


def check_beginning(data: bytes) -> None:
    """Refuse by the first bytes what must not reach the parser.

    Raises:
        DocumentRefusedError: ``empty``, ``encoding-unsupported`` or ``dtd-forbidden``.
    """
    if not data.strip():
        raise DocumentRefusedError("empty")
    declared = _DECLARED.match(data)
    encoding = declared[1].decode().lower() if declared else "utf-8"
    if data.startswith(_UNICODE_16_32) or encoding not in ENCODINGS:
        raise DocumentRefusedError("encoding-unsupported", limit=", ".join(sorted(ENCODINGS)))
    if _after_prolog(data).startswith(b"<!DOCTYPE"):
        raise DocumentRefusedError("dtd-forbidden")


def _after_prolog(data: bytes) -> bytes:
    """The first bytes behind declaration, comments and processing instructions: a DOCTYPE or the root."""
    at = 3 if data.startswith(b"\xef\xbb\xbf") else 0
    while True:
        while data[at : at + 1].isspace():
            at += 1
        for begins, ends in ((b"<?", b"?>"), (b"<!--", b"-->")):
            if data.startswith(begins, at):
                end = data.find(ends, at + len(begins))
                at = len(data) if end < 0 else end + len(ends)
                break
        else:
            return data[at : at + 16]


@contextmanager
def translated() -> Iterator[None]:
    """Parser errors as refusals with line and rule; never with the text that broke it.

    Raises:
        DocumentRefusedError: ``not-wellformed``, or ``xml-limits`` where the parser's own safety limits stop it.
    """
    try:
        yield
    except etree.XMLSyntaxError as error:
        entry = error.error_log.last_error
        rule = entry.type_name if entry is not None else "ERR_DOCUMENT_EMPTY"
        limits = "RESOURCE_LIMIT" in rule or "AMPLIFICATION" in rule or "NAME_TOO_LONG" in rule
        line = entry.line if entry is not None else 1
        code = "xml-limits" if limits else "not-wellformed"
        raise DocumentRefusedError(code, [Finding(code=code, limit=rule, line=line)], limit=rule) from None


def check_no_dtd(element: Element) -> None:
    """Refuse a document type declaration wherever it hid."""
    if element.getroottree().docinfo.doctype:
        raise DocumentRefusedError("dtd-forbidden")


def parsed(data: bytes) -> Element:
    """A small document as a tree."""
    check_beginning(data)
    with translated():
        root: Element = etree.fromstring(data, etree.XMLParser(**OPTIONS))
    check_no_dtd(root)
    return root


def root_of(data: bytes) -> Element:
    """A copy of the root, with attributes and without content, from a document's first bytes."""
    check_beginning(data)
    parser = etree.XMLPullParser(events=("start",), **OPTIONS)
    with translated():
        parser.feed(data[:HEAD_MOST])
        for _, root in parser.read_events():
            check_no_dtd(root)
            return etree.Element(root.tag, dict(root.attrib), nsmap=root.nsmap)
    raise DocumentRefusedError("xml-limits", limit=f"root within {HEAD_MOST} bytes")
