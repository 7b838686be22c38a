"""Notices as the FCA keeps and sends them (fca-cpc §2), and what happens to them (§3)."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Literal

from sandbox.names import NAMES
from sandbox.numbers import enterprise_number
from sandbox.people import Address, Office, Person
from sandbox.xml import FCA, Element, Vocabulary

x = Vocabulary(FCA)

NoticeState = Literal["active", "suspended", "struck", "expired"]
RUNNING = frozenset[NoticeState]({"active", "suspended"})

_NATURES = ("energy", "rent", "hospital", "consumer-credit")
_OFFICE_KINDS = ("N1", "N2", "N2", "N3", "N5", "N9")
_TERMS = {"N5": timedelta(days=90), "N14": timedelta(days=1825)}
_THREE_YEARS = timedelta(days=1095)


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """A notice as the FCA knows it now. ``office`` None: deposited by a court registry."""

    number: str
    kind: str
    person: Person
    office: str | None
    registered_on: date
    expires_on: date
    amount: Decimal
    version: int = 1
    state: NoticeState = "active"


def new_notice(random: Random, number: str, person: Person, office: Office | None, today: date) -> Notice:
    """A notice of the last months; a few run out within days of today."""
    kind = random.choice(_OFFICE_KINDS) if office else "N10"
    age = random.choice((86, 20, 40)) if kind == "N5" else random.randint(5, 700)
    registered_on = today - timedelta(days=age)
    return Notice(
        number=number,
        kind=kind,
        person=person,
        office=office.id if office else None,
        registered_on=registered_on,
        expires_on=registered_on + _TERMS.get(kind, _THREE_YEARS),
        amount=Decimal(random.randint(10_000, 900_000)) / 100,
    )


def registration(notice: Notice, **envelope: object) -> Element:
    """A notice, or its newer version."""
    acts = notice.kind in {"N1", "N2", "N3", "N5"}
    attributes = {
        **envelope,
        "number": notice.number,
        "kind": notice.kind,
        "subkind": "moveable" if acts else None,
        "office": notice.office,
        "depositor": None if notice.office else "greffe-001",
        "registeredAt": datetime.combine(notice.registered_on, time(9, 30), tzinfo=UTC),
        "expiresOn": notice.expires_on,
        "version": notice.version if notice.version > 1 else None,
    }
    return x(
        "Notice" if notice.version == 1 else "NewVersion",
        attributes,
        _company("Seizing", notice) if notice.kind != "N10" else None,
        _debtor(notice.person),
        _company("ThirdParty", notice) if notice.kind in {"N3", "N9"} else None,
        _act(notice) if acts else None,
        _claim(notice) if acts else None,
        x("Goods", None, "Voiture de tourisme, mobilier de salon") if notice.kind == "N2" else None,
        _own(notice),
    )


def strike(notice: Notice, today: date, **envelope: object) -> Element:
    """Struck: paid."""
    return _operation("Strike", notice, today, "Payé en totalité", **envelope)


def suspension(notice: Notice, today: date) -> Element:
    """Suspended."""
    return _operation("Suspension", notice, today, "Plan de paiement en cours")


def reactivation(notice: Notice, today: date) -> Element:
    """Active again."""
    return _operation("Reactivation", notice, today, "Plan de paiement rompu")


def renewal(notice: Notice, today: date) -> Element:
    """Renewed until its new term."""
    return _operation("Renewal", notice, today, "Créance non soldée", expiresOn=notice.expires_on)


def holder_change(notice: Notice, today: date) -> Element:
    """Another office holds it now."""
    name = {"number": notice.number, "debtor": notice.person.niss, "on": today, "office": notice.office}
    return x("HolderChange", name)


def changed(notice: Notice, **to: object) -> Notice:
    """The notice after something happened to it."""
    return replace(notice, **to)  # type: ignore[arg-type] # the callers name fields of a notice


def _operation(name: str, notice: Notice, today: date, reason: str, **attributes: object) -> Element:
    known = {**attributes, "number": notice.number, "debtor": notice.person.niss, "on": today}
    return x(name, known, x("Reason", None, reason))


def _debtor(person: Person) -> Element:
    attributes = {"kind": "NP", "name": person.name, "born": person.born, "niss": person.niss}
    return x("Debtor", attributes, x("FirstName", None, person.first_name), _address(person.address))


def _company(role: str, notice: Notice) -> Element:
    names = NAMES[notice.person.language]
    n = sum(notice.number.encode()) * 7 + len(role)
    name = f"{names.surnames[n % len(names.surnames)]} & Cie"
    return x(role, {"kind": "PM", "name": name, "enterpriseNumber": enterprise_number(n), "legalForm": "SA"})


def _address(address: Address) -> Element:
    where = {"street": address.street, "number": address.number, "postcode": address.postcode, "city": address.city}
    return x("Address", where)


def _act(notice: Notice) -> Element:
    on = notice.registered_on - timedelta(days=1)
    return x("Act", {"on": on, "place": notice.person.address.city, "servedOn": notice.registered_on})


def _claim(notice: Notice) -> Element:
    nature = _NATURES[sum(notice.number.encode()) % len(_NATURES)]
    return x("Claim", {"nature": nature, "amount": f"{notice.amount:.2f}"})


def _own(notice: Notice) -> Element | None:
    """What one kind of notice has alone."""
    if notice.kind == "N9":
        return x("Assignment", {"balanceDue": f"{notice.amount:.2f}"})
    if notice.kind == "N10":
        court = f"Tribunal du travail de {notice.person.address.city}"
        roll = f"{notice.registered_on.year % 100}/{sum(notice.number.encode())}/B"
        return x(
            "Settlement",
            {"court": court, "roll": roll, "decidedOn": notice.registered_on, "mediator": "Maître Ondelune"},
        )
    return None
