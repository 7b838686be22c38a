"""What identifies a person never stands in a readable field of an event (architecture §4 and §6)."""

from collections.abc import Collection, Iterator
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from schemas import EVENT_TYPES
from schemas.access import OfficeListed
from schemas.debts import DebtFileOpened
from schemas.event import Event
from schemas.rcd import RegisterActRecorded

TELLING = {
    *("niss", "bis", "name", "names", "iban", "bic", "email", "mail", "phone", "mobile", "fax"),
    *("address", "street", "number", "box", "postcode", "city", "born", "birth", "birthday", "sex", "gender"),
    *("identifier", "debtor", "creditor", "client", "person", "spouse", "child", "children", "enterprise"),
}
NOT_PERSONAL: dict[type[BaseModel], set[str]] = {
    OfficeListed: {"name", "street", "number", "postcode", "city", "email", "phone"},  # the public directory
    DebtFileOpened: {"number"},  # 1, 2, 3 … of a person's debt files
    RegisterActRecorded: {"role_number"},  # of a case on the roll of its court
}
"""Fields that look telling and are not, with the reason."""
AMOUNTS = {"client_costs"}
"""Heads of a claim: sums."""


def readable(model: type[BaseModel], hidden: Collection[str] = ()) -> Iterator[str]:
    """Paths of the fields that travel in clear, parts included."""
    for name, field in model.model_fields.items():
        if name in hidden or name in NOT_PERSONAL.get(model, ()) or name in AMOUNTS:
            continue
        yield name
        for part in parts(field.annotation):
            yield from (f"{name}.{inner}" for inner in readable(part))


def parts(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from parts(argument)


def telling(path: str) -> bool:
    return bool(set(path.rsplit(".", 1)[-1].split("_")) & TELLING)


@pytest.mark.parametrize("kind", EVENT_TYPES.values(), ids=lambda kind: kind.__name__)
def test_readable_fields_tell_of_no_person(kind: type[Event]) -> None:
    found = [path for path in readable(kind, kind.personal_fields()) if telling(path)]

    assert found == [], "mark it Personal, or list it in NOT_PERSONAL with the reason"


@pytest.mark.parametrize("kind", EVENT_TYPES.values(), ids=lambda kind: kind.__name__)
def test_identifier_that_becomes_the_subject_is_personal(kind: type[Event]) -> None:
    assert kind.identifier_field is None or kind.identifier_field in kind.personal_fields()


def test_every_exception_is_still_needed() -> None:
    for model, names in NOT_PERSONAL.items():
        assert {name for name in names if telling(name)} == names
        assert names <= set(model.model_fields)
