"""The mutations connector: a mutation of ``mutations.xsd`` becomes its event; a new number, a second one."""

from datetime import date
from pathlib import Path
from uuid import UUID

from hub.sdk import (
    Connector,
    DocumentKind,
    Element,
    Envelope,
    Fact,
    MappingRefusedError,
    Problem,
    niss_problem,
    root_envelope,
)
from schemas.mutations import Change, ChangedField, PersonMutationNotified, PersonRenumbered

_NS = "{urn:be:mediationhub:mutations:1}"


def mutation(element: Element, envelope: Envelope) -> tuple[Fact, ...]:
    """A mutation of a person, at the moment it was sent; its own effective days may lie before or be incomplete."""
    changes = list(element.iterchildren(f"{_NS}Change"))
    today = envelope.sent_at.date()
    replacing = [one for change in changes for one in _replacing(change, element.attrib["niss"], today)]
    if problems := [*_numbers(element, today), *replacing]:
        raise MappingRefusedError(tuple(problems))
    notified = PersonMutationNotified(
        cpas=element.attrib["recipient"],
        notification=UUID(element.attrib["messageId"]),
        order=int(element.attrib["order"]),
        source=element.attrib["source"],
        ticket=element.get("ticket"),
        changes=tuple(_change(one) for one in changes),
        niss=element.attrib["niss"],
        fields=tuple(_field(n, one) for n, change in enumerate(changes) for one in change) or None,
    )
    renumbered = [_renumbered(notified, one, envelope) for one in _new(changes)]
    return (Fact(data=notified, time=envelope.sent_at), *renumbered)


def form(element: Element, envelope: Envelope) -> tuple[Fact, ...]:
    """The mutation inside a form of a batch."""
    return mutation(_inside(element), envelope)


def _inside(element: Element) -> Element:
    found = element.find(f"{_NS}Data/{_NS}DocumentXML/{_NS}Mutation")
    return element if found is None else found


def _new(changes: list[Element]) -> list[str]:
    """Numbers that replace the person's, unless it is told that they do not."""
    replaced = [one for one in changes if one.get("kind") == "SSIN_REPLACED" and one.get("deleted", "0") in _NO]
    return [one.attrib["replacing"] for one in replaced]


_NO = {"0", "false"}


def _renumbered(notified: PersonMutationNotified, new: str, envelope: Envelope) -> Fact:
    data = PersonRenumbered(
        cpas=notified.cpas, notification=notified.notification, order=notified.order, niss=new, former=notified.niss
    )
    return Fact(data=data, time=envelope.sent_at, renumbered=new, apart=data.model_copy(update={"merged": False}))


def _change(element: Element) -> Change:
    return Change(
        kind=element.attrib["kind"],
        form=element.get("form"),
        effective=element.attrib["effective"],
        deleted=element.get("deleted", "0") not in _NO,
    )


def _field(change: int, element: Element) -> ChangedField:
    return ChangedField(
        change=change, name=element.attrib["name"], before=element.get("before"), after=element.get("after")
    )


def _numbers(element: Element, today: date) -> list[Problem]:
    problem = niss_problem(element.attrib["niss"], today)
    return [Problem(code=problem, element=element, attribute="niss")] if problem else []


def _replacing(change: Element, niss: str, today: date) -> list[Problem]:
    """Only a replaced number says by which; which is a number too, and another one."""
    replaced, new = change.attrib["kind"] == "SSIN_REPLACED", change.get("replacing")
    if replaced != (new is not None) or new == niss:
        return [Problem(code="replacing-number", element=change, attribute="replacing")]
    problem = niss_problem(new, today) if new else None
    return [Problem(code=problem, element=change, attribute="replacing")] if problem else []


def reference(element: Element) -> str:
    """The notification's id."""
    return _inside(element).get("messageId", "")


def envelope(root: Element) -> Envelope:
    """Of a mutation, or of the one inside a form: the same notification is the same message on either way."""
    return root_envelope(_inside(root))


CONNECTOR = Connector(
    name="mutations",
    summary="Mutations that the Crossroads Bank pushes for persons whom a CPAS has integrated; always signed",
    schema=Path(__file__).with_name("mutations.xsd"),
    institutions=("bcss",),
    envelope=envelope,
    documents={
        f"{_NS}Mutation": DocumentKind(item=None, mapping=mutation, reference=reference),
        f"{_NS}Form": DocumentKind(item=None, mapping=form, reference=reference),
    },
    signed=True,
)
