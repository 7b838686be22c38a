"""The register of references: who registered whom, why, from when to when (bcss-primaweb §1.1, §2.1)."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

_ONE = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An inscription; ``end`` None: open."""

    niss: str
    code: int
    begin: date
    end: date | None
    organisation: str
    register: str = "SECONDARY"

    def meets(self, begin: date, end: date | None) -> bool:
        """Whether it shares a day with a period."""
        return (end is None or self.begin <= end) and (self.end is None or begin <= self.end)


class Books:
    """Every inscription."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []

    def overlapping(self, niss: str, begin: date, end: date | None) -> list[Entry]:
        """Inscriptions of a person that share a day with a period, of everybody."""
        return [one for one in self._entries if one.niss == niss and one.meets(begin, end)]

    def add(self, entry: Entry) -> None:
        """Register; the same once more changes nothing."""
        if entry not in self._entries:
            self._entries.append(entry)

    def cut(self, taken: Entry) -> None:
        """Take days away: before, inside, whole (D4)."""
        kept: list[Entry] = []
        for one in self._entries:
            same = (one.niss, one.code, one.organisation) == (taken.niss, taken.code, taken.organisation)
            if not same or not one.meets(taken.begin, taken.end):
                kept.append(one)
                continue
            if one.begin < taken.begin:
                kept.append(replace(one, end=taken.begin - _ONE))
            if taken.end is not None and (one.end is None or one.end > taken.end):
                kept.append(replace(one, begin=taken.end + _ONE))
        self._entries = kept

    def integrated(self, niss: str, organisation: str, day: date, code: int | None = None) -> bool:
        """Whether a CPAS may ask about a person on a day; ``code``: for what (a legal context wants one)."""
        held = [one for one in self.overlapping(niss, day, day) if one.organisation == organisation]
        return any(code in {None, one.code} for one in held)
