"""Each kind of change to an event class, and whether it breaks who reads or writes the event."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

import pytest
from pydantic import BaseModel, Field, create_model

from schemas.compatibility import breaks
from schemas.event import Event, KeyKind, Money, PersonalMark
from schemas.json_schema import schema_of

Fields = dict[str, Any]


class PartV1(BaseModel):
    street: str


class PartWithoutStreet(BaseModel):
    city: str | None = None


class PartWithCity(BaseModel):
    street: str
    city: str | None = None


class PartWithRequiredCity(BaseModel):
    street: str
    city: str


def event(fields: Fields, *, keyed_by: KeyKind = "dossier", identifier_field: str | None = None) -> type[Event]:
    kind = create_model("Told", __base__=Event, **fields)
    kind.type = "be.mediationhub.test.told.v1"
    kind.keyed_by = keyed_by
    kind.identifier_field = identifier_field
    return kind


XY = Literal["x", "y"]
XZ = Literal["x", "z"]
XYZ = Literal["x", "y", "z"]
PersonalText = Annotated[str | None, PersonalMark()]
PersonalPart = Annotated[PartV1 | None, PersonalMark()]
PersonalPartWithoutStreet = Annotated[PartWithoutStreet | None, PersonalMark()]
FewerDigits = Annotated[Decimal, Field(ge=0, max_digits=9, decimal_places=2)]
MoreDecimals = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=4)]
Negative = Annotated[Decimal, Field(max_digits=14, decimal_places=2)]


def a(kind: Any, default: Any = ...) -> Fields:
    return {"a": (kind, default)}


def text(**limits: Any) -> Fields:
    return a(Annotated[str, Field(**limits)])


BREAKING: dict[str, tuple[Fields, Fields, str]] = {
    "field removed": (a(str), {}, "/a: removed or renamed"),
    "optional field removed": (a(str | None, None), {}, "/a: removed or renamed"),
    "field renamed": (a(str), {"b": (str, ...)}, "/a: removed or renamed"),
    "field retyped": (a(str), a(int), "/a: retyped, type was 'string' and is now 'integer'"),
    "field may now be null": (a(str, ""), a(str | None, ""), "/a: retyped"),
    "field may no longer be null": (a(str | None, None), a(str, ""), "/a: retyped"),
    "format changed": (a(date), a(datetime), "/a: retyped, format was 'date' and is now 'date-time'"),
    "required field added": ({}, a(str), "/a: added as a required field"),
    "optional field newly required": (a(str | None, None), a(str | None), "/a: newly required"),
    "required field made optional": (a(str), a(str, "x"), "/a: no longer required"),
    "default changed": (a(str, "fr"), a(str, "nl"), "/a: default changed, was 'fr' and is now 'nl'"),
    "enum value removed": (a(XY), a(XZ), "/a: value ['y'] was removed"),
    "enum value added": (a(XY), a(XYZ), "/a: value ['z'] was added"),
    "text became an enum": (a(str), a(XY), "/a: is now limited"),
    "enum became a text": (a(XY), a(str), "/a: is no longer limited"),
    "constant changed": (a(Literal["x"]), a(Literal["y"]), "/a: retyped, const"),
    "pattern appeared": (text(), text(pattern="^x"), "/a: pattern tightened"),
    "pattern disappeared": (text(pattern="^x"), text(), "/a: pattern loosened"),
    "pattern changed": (text(pattern="^x"), text(pattern="^y"), "/a: pattern changed"),
    "length tightened": (text(max_length=9), text(max_length=8), "/a: maxLength tightened, was 9 and is now 8"),
    "length loosened": (text(max_length=8), text(max_length=9), "/a: maxLength loosened"),
    "length limited": (text(), text(max_length=9), "/a: maxLength tightened, was absent and is now 9"),
    "least length raised": (text(min_length=1), text(min_length=2), "/a: minLength tightened"),
    "least number appeared": (a(int), a(Annotated[int, Field(ge=0)]), "/a: minimum tightened"),
    "amount with fewer digits": (a(Money), a(FewerDigits), "/a: x-max-digits tightened, was 14 and is now 9"),
    "amount with more decimals": (a(Money), a(MoreDecimals), "/a: pattern changed"),
    "amount may be negative": (a(Money), a(Negative), "/a: pattern changed"),
    "field became personal": (a(str | None, None), a(PersonalText, None), "/a: was readable and is now personal"),
    "field is personal no more": (a(PersonalText, None), a(str | None, None), "/a: was personal and is now readable"),
    "part lost a field": (a(PartV1), a(PartWithoutStreet), "/a/street: removed"),
    "part of a list lost a field": (a(tuple[PartV1, ...]), a(tuple[PartWithoutStreet, ...]), "/a/*/street: removed"),
    "personal part lost a field": (a(PersonalPart, None), a(PersonalPartWithoutStreet, None), "/a/street: removed"),
    "part needs a new field": (a(PartV1), a(PartWithRequiredCity), "/a/city: added as a required field"),
    "list became one": (a(tuple[str, ...]), a(str), "/a: retyped"),
    "mapping retyped": (a(dict[str, str]), a(dict[str, int]), "/a/additionalProperties: retyped"),
}

HARMLESS: dict[str, tuple[Fields, Fields]] = {
    "nothing": (a(str), a(str)),
    "optional field added": (a(str), a(str) | {"b": (str | None, None)}),
    "personal field added": (a(str), a(str) | {"b": (PersonalText, None)}),
    "field with a default added": ({}, a(bool, default=False)),
    "part got an optional field": (a(PartV1), a(PartWithCity)),
    "field explained": (text(), text(description="What it is.")),
    "fields in another order": (a(str) | {"b": (str, ...)}, {"b": (str, ...)} | a(str)),
}


@pytest.mark.parametrize(("old", "new", "told"), BREAKING.values(), ids=BREAKING)
def test_change_that_breaks_is_named_with_its_field(old: Fields, new: Fields, told: str) -> None:
    found = breaks(schema_of(event(old)), schema_of(event(new)))

    assert any(line.startswith(told) for line in found), found


@pytest.mark.parametrize(("old", "new"), HARMLESS.values(), ids=HARMLESS)
def test_addition_that_readers_may_ignore_passes(old: Fields, new: Fields) -> None:
    assert breaks(schema_of(event(old)), schema_of(event(new))) == ()


def test_other_kafka_key_breaks_the_order_that_readers_rely_on() -> None:
    found = breaks(schema_of(event({})), schema_of(event({}, keyed_by="person")))

    assert found == ("/: what keeps its order (its Kafka key) changed from 'dossier' to 'person'",)


def test_subject_made_from_another_field_is_another_person() -> None:
    fields: Fields = {"niss": (PersonalText, None)}

    found = breaks(schema_of(event(fields)), schema_of(event(fields, identifier_field="niss")))

    assert found == ("/: the field its subject is made from changed from absent to 'niss'",)


def test_type_of_a_part_that_contains_itself_is_compared_once() -> None:
    class Tree(Event):
        type: ClassVar[str] = "be.mediationhub.test.grown.v1"
        branches: tuple["Tree", ...] = ()

    Tree.model_rebuild(_types_namespace={"Tree": Tree})

    assert breaks(schema_of(Tree), schema_of(Tree)) == ()
