"""What the registers behind the simulated bank know of people: made from the population alone, the same each time.

Everybody lives somewhere and has a household; most work or have worked; some were self-employed, are retired, have a
recognised handicap. Years are of 2000 to 2026, whatever day the bank thinks it is.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from sandbox.names import NAMES
from sandbox.people import Address, Person

_RETIRED_BEFORE = date(1960, 1, 1)
_FIRST, _LAST = date(2000, 1, 1), date(2026, 1, 1)
YEARS = range(2019, 2026)
_COUPLE, _FAMILY = 2, 3
_ROLES = ("01", "02", "03", "12")
"""Head, spouse, child, not related (bcss-primaweb §2.4)."""


@dataclass(frozen=True, kw_only=True)
class Spell:
    """Some days; ``end`` None: they go on."""

    begin: date
    end: date | None = None

    def meets(self, begin: date, end: date | None) -> bool:
        """Whether it shares a day with a period."""
        return (end is None or self.begin <= end) and (self.end is None or begin <= self.end)


@dataclass(frozen=True, kw_only=True)
class Home(Spell):
    """An address and its days."""

    address: Address


@dataclass(frozen=True, kw_only=True)
class Job(Spell):
    """A contract: its employer by a number, its kind of worker."""

    employer: int
    worker: str


@dataclass(frozen=True, kw_only=True)
class Segment(Spell):
    """Days of a career as self-employed, and in which quality."""

    quality: str


@dataclass(frozen=True, kw_only=True)
class Pension(Spell):
    """A pension, monthly and in cents; or, with ``demanded``, what is asked for."""

    cents: int
    kind: str = "1"
    demanded: bool = False


@dataclass(frozen=True, kw_only=True)
class Recognition(Spell):
    """A recognised handicap: the day of the decision, and the monthly right in cents, if any."""

    decided: date
    cents: int | None


@dataclass(frozen=True, kw_only=True)
class Member:
    """Somebody of a household, by her role towards its head."""

    person: Person = field(repr=False)
    role: str
    since: date


@dataclass(frozen=True, kw_only=True)
class Life:
    """Everything about one person. ``household``: its head first. ``incomes``: cents by year."""

    person: Person = field(repr=False)
    homes: tuple[Home, ...]
    household: tuple[Member, ...]
    jobs: tuple[Job, ...]
    career: tuple[Segment, ...]
    pension: Pension | None
    recognition: Recognition | None
    incomes: Mapping[int, int]

    @property
    def married(self) -> Person | None:
        """Whom she is assessed together with: head and spouse of one household."""
        couple = [one.person for one in self.household if one.role in _ROLES[:2]]
        others = [one for one in couple if one.niss != self.person.niss]
        return others[0] if len(couple) == _COUPLE and len(others) == 1 else None

    @property
    def whole(self) -> bool:
        """Whether every flow finds something, in 2026 too."""
        lasting = [*self.jobs, *([self.recognition] if self.recognition else [])]
        return bool(
            any(one.end is None for one in self.jobs)
            and self.career
            and self.pension
            and self.recognition
            and lasting[-1].end is None
            and self.incomes
        )


def lives(people: Sequence[Person]) -> Mapping[str, Life]:
    """The life of everybody, by number."""
    found: dict[str, Life] = {}
    for group in _households(people):
        home = _homes(Random(f"{group[0].niss}/homes"), group[0])
        members = tuple(
            Member(person=one, role=_ROLES[min(n, _FAMILY)], since=home[-1].begin) for n, one in enumerate(group)
        )
        for one in group:
            found[one.niss] = _life(one, home, members)
    return found


def _households(people: Sequence[Person]) -> Iterator[Sequence[Person]]:
    """One to four people, in the order of the population."""
    random, at = Random("households"), 0
    while at < len(people):
        size = random.choices((1, 2, 3, 4), (5, 3, 1, 1))[0]
        yield people[at : at + size]
        at += size


def _life(person: Person, homes: tuple[Home, ...], household: tuple[Member, ...]) -> Life:
    random = Random(f"{person.niss}/life")
    retired = person.born < _RETIRED_BEFORE
    return Life(
        person=person,
        homes=homes,
        household=household,
        jobs=tuple(_jobs(random, retired=retired)),
        career=tuple(_career(random)) if _happens(random, 0.5) else (),
        pension=_pension(random, retired=retired),
        recognition=_recognition(random) if _happens(random, 0.3) else None,
        incomes={year: random.randrange(900_000, 4_200_000, 100) for year in YEARS if _happens(random, 0.9)},
    )


def _happens(random: Random, share: float) -> bool:
    return random.random() < share


def _day(random: Random, first: date, last: date) -> date:
    return first + timedelta(days=random.randrange(max((last - first).days, 1)))


def _homes(random: Random, head: Person) -> tuple[Home, ...]:
    begins = sorted({_day(random, _FIRST, _LAST) for _ in range(random.randint(1, 3))})
    ends = [one - timedelta(days=1) for one in begins[1:]]
    places = [*(_elsewhere(random, head) for _ in begins[1:]), head.address]
    return tuple(
        Home(begin=begin, end=end, address=place)
        for begin, end, place in zip(begins, [*ends, None], places, strict=True)
    )


def _elsewhere(random: Random, head: Person) -> Address:
    postcode, city = random.choice(NAMES[head.language].places)
    street = random.choice(NAMES[head.language].streets)
    return Address(street=street, number=str(random.randint(1, 180)), postcode=postcode, city=city)


def _jobs(random: Random, *, retired: bool) -> Iterator[Job]:
    begin = _day(random, _FIRST, date(2010, 1, 1))
    for _ in range(random.randint(0, 3)):
        end = begin + timedelta(days=random.randint(200, 2500))
        last = not retired and (end >= _LAST or _happens(random, 0.4))
        worker = random.choice(("oth", "oth", "bcw", "ext", "stu"))
        yield Job(begin=begin, end=None if last else end, employer=random.randint(60, 90), worker=worker)
        if last:
            return
        begin = end + timedelta(days=random.randint(1, 400))
        if begin >= _LAST:
            return


def _career(random: Random) -> Iterator[Segment]:
    begin = _day(random, _FIRST, date(2015, 1, 1))
    for _ in range(random.randint(1, 3)):
        end = begin + timedelta(days=random.randint(300, 2000))
        yield Segment(begin=begin, end=end if end < _LAST else None, quality=str(random.choice((100, 110, 120))))
        begin = end + timedelta(days=1)
        if begin >= _LAST:
            return


def _pension(random: Random, *, retired: bool) -> Pension | None:
    cents = random.randrange(90_000, 190_000)
    if retired:
        return Pension(begin=_day(random, date(2012, 1, 1), date(2025, 1, 1)).replace(day=1), cents=cents)
    if _happens(random, 0.1):  # of a partner who died
        return Pension(begin=_day(random, date(2012, 1, 1), _LAST).replace(day=1), cents=cents // 2, kind="2")
    if _happens(random, 0.2):
        return Pension(begin=_day(random, date(2025, 1, 1), _LAST), cents=0, demanded=True)
    return None


def _recognition(random: Random) -> Recognition:
    begin = _day(random, date(2010, 1, 1), _LAST).replace(day=1)
    decided = begin + timedelta(days=random.randint(30, 200))
    end = begin.replace(year=begin.year + random.randint(2, 20)) if _happens(random, 0.3) else None
    return Recognition(begin=begin, end=end, decided=decided, cents=random.choice((None, 35_000, 71_250)))


def somebody_whole(people: Sequence[Person]) -> Person:
    """The first of whom every flow finds something; the population must be large enough to have one."""
    known = lives(people)
    return next(one for one in people if known[one.niss].whole)
