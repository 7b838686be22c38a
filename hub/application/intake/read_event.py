"""A posted CloudEvent: its attributes, its data by the published language, and whether the caller may say it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pydantic import ValidationError
from pydantic_core import to_json

from hub.application.envelope import moment
from hub.application.intake.callers import Caller
from hub.application.intake.ports import Finding
from hub.application.intake.refusals import DocumentRefusedError, NotPermittedError
from hub.domain.identifiers import person_number_problem
from hub.domain.messaging.cloudevent import event_id_of
from hub.domain.messaging.topics import Topics
from hub.sdk import Fact
from schemas import EVENT_TYPES
from schemas.event import Event

_ID = re.compile(r"[\x21-\x7e\u00a1-\ufffd]{1,200}")
_YEARS = range(2000, 2100)
_JSON_TYPE = re.compile(r"application/(?:[a-z0-9.-]+\+)?json\s*(?:;.*)?", re.IGNORECASE)
MOST_FINDINGS = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class PostedEvent:
    """A CloudEvent as posted: its JSON form, whatever mode it came in."""

    attributes: Mapping[str, Any]
    data: Any

    @property
    def id(self) -> str:
        """Its id, as far as it has one."""
        found = self.attributes.get("id")
        return found if isinstance(found, str) and _ID.fullmatch(found) else ""

    @classmethod
    def of(cls, value: Any) -> "PostedEvent":
        """From the structured form.

        Raises:
            DocumentRefusedError: ``event-attribute``.
        """
        if not isinstance(value, dict):
            raise _attribute("/", "specversion")
        data = value.get("data")
        return cls(attributes={name: one for name, one in value.items() if name != "data"}, data=data)

    def json(self) -> dict[str, Any]:
        """The structured form."""
        return {**self.attributes, "data": self.data}


def check_attributes(event: PostedEvent) -> type[Event]:
    """The event's class, its attributes being those of CloudEvents 1.0.

    Raises:
        DocumentRefusedError: ``event-attribute`` or ``event-type-unknown``.
    """
    given = event.attributes
    if given.get("specversion") != "1.0":
        raise _attribute("/specversion", "specversion")
    for name, value in (("id", event.id), ("source", given.get("source")), ("type", given.get("type"))):
        if not isinstance(value, str) or not value:
            raise _attribute(f"/{name}", name)
    if not _JSON_TYPE.fullmatch(str(given.get("datacontenttype", "application/json"))) or "data_base64" in given:
        raise _attribute("/datacontenttype", "datacontenttype")
    kind = EVENT_TYPES.get(str(given["type"]))
    if kind is None:
        raise DocumentRefusedError("event-type-unknown", [Finding("event-type-unknown", pointer="/type")])
    return kind


def check_permitted(kind: type[Event], caller: Caller, topics: Topics) -> None:
    """Whether the caller's key and the topic's grants let it publish this type.

    Raises:
        NotPermittedError: ``type-not-granted``, also when it comes in documents alone; ``signature-missing``: it comes
            in signed documents alone.
    """
    if kind.signed_only:
        raise NotPermittedError("signature-missing", limit=kind.type)
    topic = topics.by_type.get(kind.type)
    if topic is None or kind.documents_only or caller.kind not in topic.publish or kind.type not in caller.types:
        raise NotPermittedError("type-not-granted", limit=kind.type)


def fact_of(event: PostedEvent, kind: type[Event], caller: Caller, received: datetime) -> Fact:
    """What the event says.

    Raises:
        DocumentRefusedError: ``not-valid``, every finding with its JSON pointer.
    """
    time = _time(event.attributes.get("time"), received)
    try:
        data = kind.model_validate_json(to_json(event.data), strict=True, extra="forbid")
    except ValidationError as error:
        findings = [
            Finding("event-field", limit=one["type"], pointer=_pointer("data", *one["loc"]))
            for one in error.errors(include_input=False, include_url=False, include_context=False)
        ]
        raise DocumentRefusedError("not-valid", findings[:MOST_FINDINGS]) from None
    if findings := [*_identifier_findings(data, received.date()), *_own_findings(data, caller)]:
        raise DocumentRefusedError("not-valid", findings)
    return Fact(data=data, time=time)


def _identifier_findings(data: Event, today: date) -> list[Finding]:
    """A person's number must be there where the event is about her, and right."""
    field = data.identifier_field
    if field is None:
        return []
    number = data.identifier()
    if data.identifier_kind == "search" and number:
        return []  # its form is in the schema
    code = person_number_problem(number, today) if number else "identifier-required"
    return [Finding(code, pointer=_pointer("data", field))] if code else []


def _own_findings(data: Event, caller: Caller) -> list[Finding]:
    """An institution speaks only for itself, of its own claims under their own ids."""
    told = [name for name in (caller.kind, "institution") if hasattr(data, name)]
    field = told[0] if told and caller.kind in {"cpas", "office"} else ""
    own = getattr(data, field, caller.institution) if field else caller.institution
    findings = []
    if own != caller.institution:
        findings.append(Finding("event-not-yours", limit=caller.institution, pointer=_pointer("data", field)))
    claim, reference = getattr(data, "claim", None), getattr(data, "reference", None)
    if claim is not None and claim != event_id_of("claim", own, str(reference)):
        findings.append(Finding("claim-id", pointer="/data/claim"))
    return findings


def _time(text: object, received: datetime) -> datetime:
    """When it happened; when it was received, if it does not say."""
    if text is None:
        return received
    try:
        found = moment(str(text))
    except ValueError:
        raise _attribute("/time", "time") from None
    if found.year not in _YEARS:
        raise _attribute("/time", "time")
    return found


def _attribute(pointer: str, name: str) -> DocumentRefusedError:
    finding = Finding("event-attribute", limit=name, pointer=pointer)
    return DocumentRefusedError("event-attribute", [finding], limit=name)


def _pointer(*names: str | int) -> str:
    """A JSON pointer (RFC 6901)."""
    return "".join("/" + str(name).replace("~", "~0").replace("/", "~1") for name in names)
