"""What a connector is made of; its whole view of the hub.

A connector is a folder with the partner's contract (XSD) and one ``CONNECTOR`` value. Its mappings are pure:
a parsed, valid element in, facts out. A mapping does no IO, reads no clock, names no topic, URL or retry.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from lxml.etree import _Element as Element

from hub.domain.identifiers import (
    enterprise_number_problem,
    iban_problem,
    niss_problem,
    ogm_problem,
    person_number_problem,
    rf_problem,
)
from hub.domain.messaging.cloudevent import event_id_of
from hub.domain.messaging.errors import RefusalError
from schemas.event import Event

__all__ = [
    "Column",
    "Connector",
    "DocumentKind",
    "Element",
    "Envelope",
    "Fact",
    "MailForm",
    "MailLayout",
    "MappingRefusedError",
    "Problem",
    "Sheet",
    "enterprise_number_problem",
    "event_id_of",
    "iban_problem",
    "niss_problem",
    "ogm_problem",
    "person_number_problem",
    "rf_problem",
    "root_envelope",
]


@dataclass(frozen=True, kw_only=True, slots=True)
class Envelope:
    """What the root element says of its document: the partner's message id, who sent it, when."""

    message_id: str
    sender: str
    sent_at: datetime
    sequence: int | None = None
    """Of a bulk synchronisation, counted by the sender from 1."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """One event of a document: its data and when it happened.

    ``renumbered``: another number of the person that ``data`` is about, from now on; what comes under it belongs to the
    same dossiers, unless the hub knows somebody under it already: then both stay, and ``apart`` is told instead.
    """

    data: Event
    time: datetime
    renumbered: str = field(default="", repr=False)
    apart: Event | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """One broken rule: its stable code, the element (for line and XPath) and an optional attribute name.

    ``code`` is a key of the message catalogue (FR/NL/DE/EN); ``limit`` fills its one placeholder and never
    holds personal data or the refused value.
    """

    code: str
    element: Element
    attribute: str | None = None
    limit: str = ""


class MappingRefusedError(RefusalError):
    """A mapping found values that the contract's grammar cannot forbid (checksums, sums, dates)."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("mapping-refused", f"{len(problems)} rules broken")
        self.problems = problems


ItemMapping = Callable[[Element, Envelope], tuple[Fact, ...]]
"""One item of a document → its facts; raises MappingRefusedError with every broken rule of the item."""

Reference = Callable[[Element], str]
"""The sender's own reference of an item, for the list of refused items; '' when it has none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentKind:
    """One kind of document, by its root element.

    ``item`` None: the root is the one item. Else the document is bulk: the root's children of that qualified
    name are streamed, validated and mapped one by one; each must be a global element of the schema, and the
    schema must accept the root without any of them. ``closing`` gives facts of the document as a whole after
    its items, from the root (attributes only), the envelope, and how many items were accepted and refused.
    """

    item: str | None
    mapping: ItemMapping
    reference: Reference
    closing: Callable[[Element, Envelope, int, int], tuple[Fact, ...]] | None = None
    institutions: tuple[str, ...] = ()
    """Kinds of institution that may send it, when fewer than the connector's own; empty: all of those."""
    case: Callable[[Element], str] | None = None
    """Of a root: the case that all of the document speaks of, which only its mediator and the register may send."""
    every_case: bool = False
    """What it says is told to each case whose acts its sender has told, whatever case the mapping names."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """A column of a workbook and the attribute it fills. ``headings`` by language; ``also``: others that people use.

    ``words`` of a closed list: value of the attribute → word by language.
    """

    attribute: str
    headings: Mapping[str, str]
    also: tuple[str, ...] = ()
    form: Literal["text", "amount", "date", "word"] = "text"
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    must: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """A workbook as another notation of a bulk document.

    ``common``: columns that are also attributes of the root. ``key``: the column that no two rows share.
    """

    root: str
    item: str
    title: Mapping[str, str]
    columns: tuple[Column, ...]
    common: tuple[str, ...] = ()
    key: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class MailLayout:
    """How mails of one kind look in one language: every line must be known, or the mail is not of this layout.

    ``subject`` may have a group ``day`` (dd/mm/yyyy). ``item`` has ``case`` and maybe ``what``, whose words mean a
    kind; else the kind is ``kind``. ``quiet``: lines that say nothing; ``ends``: what follows says nothing.
    """

    name: str
    language: str
    subject: re.Pattern[str]
    item: re.Pattern[str]
    quiet: re.Pattern[str]
    ends: re.Pattern[str]
    kinds: Mapping[str, str] = field(default_factory=dict)
    kind: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class MailForm:
    """Mails as another notation of a document: ``item`` elements in a ``root``."""

    root: str
    item: str
    layouts: tuple[MailLayout, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Connector:
    """A partner system: its contract, how to read the envelope, and its kinds of documents.

    ``documents`` is keyed by the qualified name of the root element (``{namespace}Name``). ``institutions``
    names the kinds of institution that may use it. ``outbound`` says for an event what document the partner
    would get (outbound mapping), by event type; each takes the event class of its type.
    """

    name: str
    summary: str
    schema: Path
    institutions: tuple[str, ...]
    envelope: Callable[[Element], Envelope]
    documents: Mapping[str, DocumentKind]
    outbound: Mapping[str, Callable[[Any], Element]] = field(default_factory=dict)
    sheet: Sheet | None = None
    """How its workbooks are read and written, when it has any."""
    mails: MailForm | None = None
    """How the partner's mails are read, when there are any."""
    signed: bool = False
    """Only documents whose sender signed them are taken: WS-Security by SOAP, PKCS#7 by folder."""


_ENVELOPE = {"messageId": re.compile(r"[A-Za-z0-9._:-]{1,100}"), "sender": re.compile(r"[A-Za-z0-9._-]{1,64}")}
_CENTURY = range(2000, 2100)
_COUNTER = re.compile(r"\+?[0-9]{1,18}", re.ASCII)


def root_envelope(root: Element) -> Envelope:
    """The envelope of the hub's own contracts: ``messageId``, ``sender``, ``sentAt``, of bulk also ``sequence``.

    Reads the root's start tag alone, before any validation; raises MappingRefusedError (``envelope-form``).
    """
    missing = [name for name, form in _ENVELOPE.items() if not form.fullmatch(root.get(name, ""))]
    sent_at = _instant(root.get("sentAt", ""))
    sequence = root.get("sequence")
    if sent_at is None:
        missing.append("sentAt")
    if sequence is not None and not _COUNTER.fullmatch(sequence.strip()):
        missing.append("sequence")
    if missing or sent_at is None:
        raise MappingRefusedError(
            tuple(Problem(code="envelope-form", element=root, attribute=name, limit=name) for name in missing)
        )
    return Envelope(
        message_id=root.attrib["messageId"],
        sender=root.attrib["sender"],
        sent_at=sent_at,
        sequence=None if sequence is None else int(sequence),
    )


def _instant(text: str) -> datetime | None:
    """A date and time with offset; None when the text is none."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return moment if moment.tzinfo and moment.year in _CENTURY else None
