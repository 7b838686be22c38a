"""BIS numbers of the simulated bank (bcss-primaweb §2.3): who may be meant, or a new number."""

from collections.abc import MutableMapping
from copy import deepcopy
from datetime import date

from lxml import etree
from lxml.builder import ElementMaker

from sandbox.bcss.lives import Life, lives
from sandbox.bcss.phonetic import accepted, sound
from sandbox.bcss.soa import bank, status
from sandbox.numbers import ORDERS, niss
from sandbox.people import Address, Person

SPACE = "urn:hub:bcss:bis:v1"
REQUEST = f"{{{SPACE}}}assignBisRequest"
_MAKE = ElementMaker(namespace=SPACE, nsmap={"b": SPACE})
_BARE = ElementMaker()


def assigned(asked: etree._Element, known: MutableMapping[str, Life], fate: str) -> etree._Element:
    """The response; whoever gets a number is known from then on."""
    customer, declared = asked.find("informationCustomer"), asked.find("declaration")
    if customer is None or declared is None:
        raise ValueError("a request without its parts")
    root = _MAKE.assignBisResponse(deepcopy(customer), bank(), status("MSG00000" if fate == "ok" else fate))
    if fate != "ok":
        return root
    first, last = accepted(declared.findtext("birthDate", ""), 0)
    heard = sound(declared.findtext("lastName", ""))
    people = (one.person for one in known.values())
    if meant := [one for one in people if sound(one.name) == heard and first <= one.born <= last]:
        root.extend(_existing(one) for one in meant)
        return root
    new = _new(declared, first, known)
    known.update(lives((new,)))
    root.append(_BARE.newlyRegisteredPerson(_BARE.ssin(new.niss)))
    return root


def _existing(person: Person) -> etree._Element:
    return _BARE.existingPerson(
        _BARE.ssin(person.niss),
        _BARE.lastName(person.name),
        _BARE.firstNames(person.first_name),
        _BARE.birthDate(person.born.isoformat()),
        _BARE.gender("1" if person.sex == "M" else "2"),
    )


def _new(declared: etree._Element, born: date, known: MutableMapping[str, Life]) -> Person:
    """Born on the first day that is possible; of an unknown sex as if male."""

    def told(part: str, otherwise: str) -> str:
        return declared.findtext(f"addressBelgium/{part}") or otherwise

    sex: str = "F" if declared.findtext("gender") == "2" else "M"
    free = (number for order in ORDERS[sex] if (number := niss(born, order, bis=True)) not in known)
    return Person(
        niss=next(free),
        name=declared.findtext("lastName", ""),
        first_name=declared.findtext("firstNames", ""),
        sex="F" if sex == "F" else "M",
        born=born,
        language="fr",
        address=Address(
            street=told("street", "rue Sans Nom"),
            number=told("number", "1"),
            postcode=told("postalCode", "1000"),
            city=told("locality", "Bruxelles"),
        ),
    )
