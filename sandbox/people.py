"""A synthetic population: people, bailiff offices and CPAS, the same for the same seed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import cycle, islice
from random import Random
from typing import Literal

from sandbox.names import NAMES, Language
from sandbox.numbers import ORDERS, niss

_FIRST_BIRTHDAY = date(1948, 1, 1)
_BIRTHDAYS = 57 * 365
_BIS_SHARE = 0.04
_LANGUAGES: tuple[Language, ...] = ("fr", "nl", "fr", "nl", "fr", "nl", "de")


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """Where somebody lives, on a street that does not exist."""

    street: str
    number: str
    postcode: str
    city: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Somebody with debts. ``niss`` is valid by its check digits and cannot be real."""

    niss: str
    name: str
    first_name: str
    sex: Literal["M", "F"]
    born: date
    language: Language
    address: Address


@dataclass(frozen=True, kw_only=True, slots=True)
class Office:
    """A bailiff office (étude). ``email`` None: the Chamber's directory knows none."""

    id: str
    name: str
    language: Language
    email: str | None
    address: Address
    registered: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Cpas:
    """A public centre for social welfare (CPAS, OCMW, ÖSHZ)."""

    id: str
    name: str
    language: Language
    email: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Population:
    """Everybody."""

    people: tuple[Person, ...]
    offices: tuple[Office, ...]
    cpas: tuple[Cpas, ...]

    @classmethod
    def of(cls, *, seed: int, people: int, offices: int, cpas: int) -> "Population":
        """So many of each; the last office has no mail address."""
        random = Random(seed)
        return cls(
            people=tuple(_people(random, people)),
            offices=tuple(_office(random, n, language, last=n == offices) for n, language in _numbered(offices)),
            cpas=tuple(_cpas(n, language) for n, language in _numbered(cpas)),
        )


def _numbered(count: int) -> Sequence[tuple[int, Language]]:
    return list(zip(range(1, count + 1), islice(cycle(_LANGUAGES[::-1]), count), strict=True))


def _people(random: Random, count: int) -> list[Person]:
    found: dict[str, Person] = {}
    while len(found) < count:
        person = _person(random, _LANGUAGES[len(found) % len(_LANGUAGES)])
        found.setdefault(person.niss, person)
    return list(found.values())


def _person(random: Random, language: Language) -> Person:
    names = NAMES[language]
    sex: Literal["M", "F"] = random.choice(("M", "F"))
    born = _FIRST_BIRTHDAY + timedelta(days=random.randrange(_BIRTHDAYS))
    return Person(
        niss=niss(born, random.choice(ORDERS[sex]), bis=random.random() < _BIS_SHARE),
        name=random.choice(names.surnames),
        first_name=random.choice(names.women if sex == "F" else names.men),
        sex=sex,
        born=born,
        language=language,
        address=_address(random, language),
    )


def _address(random: Random, language: Language) -> Address:
    postcode, city = random.choice(NAMES[language].places)
    street = random.choice(NAMES[language].streets)
    return Address(street=street, number=str(random.randint(1, 180)), postcode=postcode, city=city)


def _office(random: Random, n: int, language: Language, *, last: bool) -> Office:
    names = NAMES[language]
    surname = names.surnames[-1 - n % len(names.surnames)]
    return Office(
        id=f"etude-{n:03d}",
        name=f"{names.office} {surname}",
        language=language,
        email=None if last else f"etude-{n:03d}@huissiers.sandbox.invalid",
        address=_address(random, language),
        registered=n % 4 != 0,
    )


def _cpas(n: int, language: Language) -> Cpas:
    places = NAMES[language].places
    town = places[n % len(places)][1]
    return Cpas(
        id=f"cpas-{n:03d}",
        name=f"{NAMES[language].centre} {town}",
        language=language,
        email=f"cpas-{n:03d}@cpas.sandbox.invalid",
    )
