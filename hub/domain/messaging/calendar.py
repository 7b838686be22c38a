"""Terms and deadlines: what "15 days" or "2 months" from a moment means, in Belgium, as pure values.

A term counts local days of Europe/Brussels. It begins at 00:00 of the day after its start and ends with the
last hour of its last day (art. 1.7 C. civ.; fca-cpc §3.4). Whether a last day that is no working day moves is
a policy, because law and agreement may say otherwise. Terms of procedure follow arts. 52–54 of the Judicial Code,
whose month edge is disputed: they have an early and a late last day.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Self
from zoneinfo import ZoneInfo

BRUSSELS = ZoneInfo("Europe/Brussels")
_SATURDAY, _SUNDAY = 5, 6
_TERM = re.compile(r"P(?=\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?", re.ASCII)


def add_months(day: date, months: int) -> date:
    """The same day number so many months on (or back), clamped to the end of that month."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def add_years(day: date, years: int) -> date:
    """The same date so many years on; 29 February becomes 28 where there is none."""
    return add_months(day, 12 * years)


@dataclass(frozen=True, kw_only=True, slots=True)
class Term:
    """A length of time in calendar units; months count first, then days."""

    months: int = 0
    days: int = 0

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read an ISO 8601 duration of whole years, months, weeks and days (``P15D``, ``P2M``, ``P4W``, ``P3Y``).

        Raises:
            ValueError: anything else; hours have no place in a term of days.
        """
        found = _TERM.fullmatch(text)
        if found is None:
            raise ValueError(f"{text!r} is no term: write whole years, months, weeks, days, such as P15D or P2M")
        years, months, weeks, days = (int(part or 0) for part in found.groups())
        return cls(months=12 * years + months, days=7 * weeks + days)

    def after(self, day: date) -> date:
        """The last day of a term that a day's event started."""
        return add_months(day, self.months) + timedelta(days=self.days)

    def before(self, day: date) -> date:
        """The day so long before another: for warnings, such as ten days before a notice expires."""
        return add_months(day, -self.months) - timedelta(days=self.days)


@cache
def easter(year: int) -> date:
    """Easter Sunday, Gregorian calendar (the "anonymous" algorithm of Meeus, Jones and Butcher)."""
    a, b, c = year % 19, *divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


@cache
def holidays(year: int) -> frozenset[date]:
    """The ten legal holidays of Belgium (royal decree of 18 April 1974, art. 1)."""
    fixed = ((1, 1), (5, 1), (7, 21), (8, 15), (11, 1), (11, 11), (12, 25))
    moving = (1, 39, 50)  # Easter Monday, Ascension, Whit Monday
    return frozenset(date(year, *day) for day in fixed) | {easter(year) + timedelta(days=n) for n in moving}


def is_working(day: date) -> bool:
    """Whether a day is neither a Saturday, a Sunday nor a legal holiday (art. 1.7 C. civ.)."""
    return day.weekday() not in {_SATURDAY, _SUNDAY} and day not in holidays(day.year)


def next_working(day: date) -> date:
    """The day itself when it is a working day, else the first one after it."""
    while not is_working(day):
        day += timedelta(days=1)
    return day


def add_working_days(day: date, count: int) -> date:
    """The last of so many working days after a day (three for the deposit of a notice, fca-cpc §3.3)."""
    for _ in range(count):
        day = next_working(day + timedelta(days=1))
    return day


def local_date(moment: datetime) -> date:
    """The date in Brussels at an (aware) moment."""
    if moment.tzinfo is None:
        raise ValueError("a moment without time zone has no date in Brussels: give an aware datetime")
    return moment.astimezone(BRUSSELS).date()


def start_of(day: date) -> datetime:
    """00:00 in Brussels of a day, in UTC."""
    return datetime.combine(day, time(), BRUSSELS).astimezone(UTC)


def end_of(day: date) -> datetime:
    """The end of a day's last hour in Brussels (00:00 of the next), in UTC."""
    return start_of(day + timedelta(days=1))


@dataclass(frozen=True, kw_only=True, slots=True)
class TermPolicy:
    """How the terms of one context are counted.

    ``to_working_day``: a last day that is no working day moves to the next one (art. 1.7 C. civ., the default
    for contracts since 1 January 2023). The CPC manual of 2021 predates the rule and is silent (fca-cpc §3.4).
    """

    to_working_day: bool

    def last_day(self, start: date, term: Term) -> date:
        """The last day of a term."""
        last = term.after(start)
        return next_working(last) if self.to_working_day else last

    def deadline(self, start: datetime, term: Term) -> datetime:
        """When a term that began with an event at ``start`` is over, in UTC: the end of its last day in Brussels."""
        return end_of(self.last_day(local_date(start), term))


CIVIL_CODE = TermPolicy(to_working_day=True)
"""Art. 1.7 C. civ."""

PLAIN = TermPolicy(to_working_day=False)
"""Calendar days, unmoved: the validity of FCA notices."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LastDay:
    """The last day of a term, read twice: ``early`` for reminders, ``late`` before a right may be called lost."""

    early: date
    late: date

    @property
    def disputed(self) -> bool:
        """Whether the two readings differ: the term began at the end of a month that is shorter than another."""
        return self.early != self.late


def quantieme_to_eve(day: date, months: int) -> date:
    """Months "de quantième à veille de quantième", literally (art. 54 Judicial Code), counted from the day after.

    A month without that day number ends the term with its own last day.
    """
    first = day + timedelta(days=1)
    same = add_months(first, months)
    return same - timedelta(days=1) if same.day == first.day else same


def judicial_last_day(day: date, term: Term) -> LastDay:
    """The last day of a procedural term that an act or event on ``day`` started (arts. 52–54 Judicial Code).

    Counted from the day after, every day included; a last day that is a Saturday, a Sunday or a legal holiday
    moves to the next working day (art. 53). Both readings of the month edge are given: the same day number
    (28 March after 28 February) and the literal eve (31 March); rcd-justrestart §2.1.
    """
    literal = quantieme_to_eve(day, term.months) if term.months else day
    return LastDay(early=next_working(term.after(day)), late=next_working(literal + timedelta(days=term.days)))
