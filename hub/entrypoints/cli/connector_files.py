"""The files that a new connector begins with: they pass the linters and fail the shared suite until filled."""

import keyword
import re

_NAME = re.compile(r"[a-z][a-z0-9_]{1,30}")
_FOLDERS = re.compile(r"^FOLDERS = \(\n((?: {4}\"\w+\",\n)*)\)$", re.MULTILINE)

_PACKAGE = '''"""NAME: say whose system this is and what it exchanges. Contract: ``NAME.xsd``."""
'''
_CONTRACT = """<?xml version="1.0" encoding="UTF-8"?>
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="urn:be:mediationhub:NAME:1"
           targetNamespace="urn:be:mediationhub:NAME:1" elementFormDefault="qualified"
           attributeFormDefault="unqualified" version="1.0">
  <xs:annotation>
    <xs:documentation xml:lang="en">Exchange contract "NAME", version 1: say what it carries and from which source
      its fields come.</xs:documentation>
  </xs:annotation>

  <xs:element name="Document">
    <xs:annotation><xs:documentation>One document. Every root carries messageId, sender and
      sentAt.</xs:documentation></xs:annotation>
    <xs:complexType>
      <xs:attribute name="messageId" use="required">
        <xs:simpleType>
          <xs:restriction base="xs:string"><xs:pattern value="[A-Za-z0-9._:\\-]{1,100}"/></xs:restriction>
        </xs:simpleType>
      </xs:attribute>
      <xs:attribute name="sender" use="required">
        <xs:simpleType>
          <xs:restriction base="xs:string"><xs:pattern value="[A-Za-z0-9._\\-]{1,64}"/></xs:restriction>
        </xs:simpleType>
      </xs:attribute>
      <xs:attribute name="sentAt" type="xs:dateTime" use="required"/>
      <xs:attribute name="reference" use="required">
        <xs:simpleType>
          <xs:restriction base="xs:string"><xs:maxLength value="140"/><xs:pattern value="\\S.*"/></xs:restriction>
        </xs:simpleType>
      </xs:attribute>
    </xs:complexType>
  </xs:element>
</xs:schema>
"""
_MAPPING = '''"""The NAME connector: which document of ``NAME.xsd`` becomes which events."""

from pathlib import Path

from hub.sdk import Connector, DocumentKind, Element, Envelope, Fact, MappingRefusedError, Problem, root_envelope

_NS = "{urn:be:mediationhub:NAME:1}"


def document(element: Element, _: Envelope) -> tuple[Fact, ...]:
    """Say which event this document becomes; then return it instead of refusing."""
    raise MappingRefusedError((Problem(code="not-mapped", element=element),))


def reference(element: Element) -> str:
    """The sender's own reference of the document."""
    return element.get("reference", "")


CONNECTOR = Connector(
    name="NAME",
    summary="Say in one line what this partner exchanges",
    schema=Path(__file__).with_name("NAME.xsd"),
    institutions=("cpas",),
    envelope=root_envelope,
    documents={f"{_NS}Document": DocumentKind(item=None, mapping=document, reference=reference)},
)
'''
_ROOT = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:be:mediationhub:NAME:1" messageId="m-1" sender="cpas-liege"
          sentAt="2026-01-15T09:30:00+01:00"REST/>
"""
_EVENT = """[
  {
    "type": "be.mediationhub.<noun>.<past-tense>.v1",
    "time": "2026-01-15T09:30:00+01:00",
    "identifier": null,
    "clear": {},
    "personal": {}
  }
]
"""
_PROBLEM = """[
  {"code": "xsd", "limit": "cvc-complex-type-4", "line": 3, "xpath": "/Document/@reference"}
]
"""
_PAGE = """# The NAME contract

Say whose system this is. Schema: `connectors/NAME/NAME.xsd`, namespace `urn:be:mediationhub:NAME:1`. The root of every
document carries the envelope `messageId`, `sender`, `sentAt`, as in [the cia contract](cia.md#envelope).

## Documents

| root | becomes | examples |
|---|---|---|
| `Document` | say which event | `document.in.xml` |

## Rules beyond the schema

| code | where | rule |
|---|---|---|
| `xsd` | anywhere | the grammar; the answer names the broken facet |
"""


def name_problem(name: str) -> str | None:
    """Why ``name`` cannot be a connector's; None when it can."""
    if not _NAME.fullmatch(name) or keyword.iskeyword(name):
        return f"'{name}' is no connector name. Use 2 to 31 small letters, digits or _, beginning with a letter."
    return None


def connector_files(name: str) -> dict[str, str]:
    """The text of each new file, by its path from the project's root."""
    folder, examples = f"connectors/{name}", f"tests/connectors/{name}/examples"
    texts = {
        f"{folder}/__init__.py": _PACKAGE,
        f"{folder}/{name}.xsd": _CONTRACT,
        f"{folder}/mapping.py": _MAPPING,
        f"docs/contracts/{name}.md": _PAGE,
        f"{examples}/document.in.xml": _ROOT.replace("REST", ' reference="R-1"'),
        f"{examples}/document.event.json": _EVENT,
        f"{examples}/document-without-reference.bad.xml": _ROOT.replace("REST", ""),
        f"{examples}/document-without-reference.problem.json": _PROBLEM,
    }
    return {path: text.replace("NAME", name) for path, text in texts.items()}


def registered(registry: str, name: str) -> str:
    """The text of ``connectors/__init__.py`` with one more line, in alphabetical order.

    Raises:
        ValueError: the text has no ``FOLDERS`` of one line per folder.
    """
    found = _FOLDERS.search(registry)
    if found is None:
        raise ValueError("connectors/__init__.py has no FOLDERS with one line per folder")
    lines = sorted({*found[1].splitlines(), f'    "{name}",'})
    return f"{registry[: found.start(1)]}{chr(10).join(lines)}\n{registry[found.end(1) :]}"
