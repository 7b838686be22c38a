"""Belgian numbers that pass every check and cannot be real (domain page fca-cpc §5).

A NISS has an order number from 991 to 997, which would need hundreds of births on one day; enterprise numbers
begin with 01, a range that was never issued; accounts stand under bank codes that no bank has.
"""

from datetime import date
from typing import Literal

ORDERS = {"M": (991, 993, 995, 997), "F": (992, 994, 996)}
"""Order numbers of synthetic people: men are odd, women even."""

BANKS = (138, 152)
"""Bank codes that are absent from the national list."""

_TWENTY_FIRST = 2000
_BIS_MONTH = 40


def niss(born: date, order: int, *, bis: bool = False) -> str:
    """The NISS of a birth date and an order number; ``bis``: month + 40, for people outside the register."""
    month = born.month + (_BIS_MONTH if bis else 0)
    base = f"{born.year % 100:02d}{month:02d}{born.day:02d}{order:03d}"
    century = "2" if born.year >= _TWENTY_FIRST else ""
    return f"{base}{97 - int(century + base) % 97:02d}"


def enterprise_number(n: int) -> str:
    """The ``n``-th enterprise number of the range that was never issued (n below 1,000,000)."""
    base = f"01{n:06d}"
    return f"{base}{97 - int(base) % 97:02d}"


def iban(bank: Literal[138, 152], account: int) -> str:
    """A Belgian account (7 digits) at a bank that does not exist."""
    base = f"{bank:03d}{account:07d}"
    bban = f"{base}{int(base) % 97 or 97:02d}"
    return f"BE{98 - int(bban + '111400') % 97:02d}{bban}"


def ogm(n: int) -> str:
    """A structured communication, 12 bare digits."""
    base = f"099{n:07d}"
    return f"{base}{int(base) % 97 or 97:02d}"


def damaged(number: str) -> str:
    """The same number with a wrong last digit: the form holds, the check digits do not."""
    return number[:-1] + str((int(number[-1]) + 1) % 10)
