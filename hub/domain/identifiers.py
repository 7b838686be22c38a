"""Belgian numbers, checked: NISS, enterprise number, IBAN, structured communication, RF reference.

Every check takes the bare form (no separators, capitals; ``bare`` makes it) and gives None when the number holds
or the code of the broken rule, a key of the message catalogue. Nothing is raised and nothing is repaired.
Rules and test vectors: domain page fca-cpc §5. Integer arithmetic, for bulk documents carry twenty thousand of
them; python-stdnum and schwifty are the oracles of the tests (ADR 0006).
"""

from datetime import date

_DAYS = (0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_SEPARATORS = str.maketrans("", "", " \u00a0\u202f.-/+*")
_FEBRUARY = 2
_NISS, _NUMBER, _OGM, _BELGIAN, _IBAN, _RF = 11, 10, 12, 16, range(15, 35), range(5, 26)
_MONTH_SHIFTS = (0, 20, 40)
_LAST_ORDER = 998


def bare(text: str) -> str:
    """What a person typed, without separators and in capitals: the form that the checks take."""
    return text.translate(_SEPARATORS).upper()


def niss_problem(niss: str, today: date) -> str | None:
    """A register or BIS number: form, check digits of either century, birth date up to ``today``, order number."""
    if len(niss) != _NISS or not _digits(niss):
        return "niss-form"
    century = niss_century(niss)
    if century is None:
        return "niss-checksum"
    if not _born(century + int(niss[:2]), int(niss[2:4]), int(niss[4:6]), today):
        return "niss-date"
    return None if 1 <= int(niss[6:9]) <= _LAST_ORDER else "niss-order"


def niss_century(niss: str) -> int | None:
    """1900 or 2000: the check digits of 11 bare digits fit one of them at most, or neither (None)."""
    base, check = divmod(int(niss), 100)
    if 97 - base % 97 == check:
        return 1900
    return 2000 if 97 - (2_000_000_000 + base) % 97 == check else None


def enterprise_number_problem(number: str) -> str | None:
    """An enterprise number (BCE/KBO): ten digits from 0 or 1, never padded, 97 minus the remainder."""
    if len(number) != _NUMBER or not _digits(number) or number[0] not in "01":
        return "enterprise-number-form"
    base, check = divmod(int(number), 100)
    return None if 97 - base % 97 == check else "enterprise-number-checksum"


def person_number_problem(number: str, today: date) -> str | None:
    """A NISS (11 digits) or else an enterprise number."""
    return niss_problem(number, today) if len(number) == _NISS else enterprise_number_problem(number)


def iban_problem(iban: str) -> str | None:
    """An IBAN: ISO 13616, and for Belgium the national check too; any bank code, for no table is kept."""
    if len(iban) not in _IBAN or not (iban.isascii() and iban.isalnum()):
        return "iban-form"
    if not (iban[:2].isalpha() and iban.isupper() and iban[2:4].isdigit()):
        return "iban-form"
    account = iban[4:]
    if iban[:2] != "BE":
        return None if _iso7064(account, iban[:2]) == int(iban[2:4]) else "iban-checksum"
    if len(iban) != _BELGIAN or not account.isdigit():
        return "iban-form"
    if 98 - int(account + "111400") % 97 != int(iban[2:4]):
        return "iban-checksum"
    base, check = divmod(int(account), 100)
    return None if (base % 97 or 97) == check else "iban-national-checksum"


def ogm_problem(reference: str) -> str | None:
    """A structured communication (OGM/VCS): the remainder itself, 97 in place of 0."""
    if len(reference) != _OGM or not _digits(reference):
        return "ogm-form"
    base, check = divmod(int(reference), 100)
    return None if (base % 97 or 97) == check else "ogm-checksum"


def rf_problem(reference: str) -> str | None:
    """A creditor reference (ISO 11649): RF, two check digits, 1 to 21 capitals or digits."""
    if len(reference) not in _RF or not (reference.isascii() and reference.isalnum()):
        return "rf-form"
    if reference[:2] != "RF" or not reference[2:4].isdigit() or not reference.isupper():
        return "rf-form"
    return None if _iso7064(reference[4:], "RF") == int(reference[2:4]) else "rf-checksum"


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _iso7064(text: str, prefix: str) -> int:
    """The check digits that ISO 7064 MOD 97-10 gives ``text`` behind ``prefix`` (letters count from A = 10)."""
    return 98 - int("".join([str(int(sign, 36)) for sign in text + prefix]) + "00") % 97


def _born(year: int, month: int, day: int, today: date) -> bool:
    """Whether the date fields can be a birth date; 00 is an unknown month or day, +20 or +40 a BIS month."""
    shift = month // 20 * 20
    month -= shift
    if shift not in _MONTH_SHIFTS or month >= len(_DAYS):
        return False
    if month == 0:
        return day <= _DAYS[1] and year <= today.year
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    if day > _DAYS[month] or (month == _FEBRUARY and day == _DAYS[month] and not leap):
        return False
    return year < today.year or (year, month, day) <= (today.year, today.month, today.day)
