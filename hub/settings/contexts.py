"""What each context leaves to its institution: deadlines, decisions, retention."""

from datetime import time, timedelta

from pydantic import Field

from hub.settings.group import Group


class MediationSettings(Group):
    """Deadlines of a CPC dossier that the manual leaves open (INF): see docs/deadlines.md."""

    answer: timedelta = timedelta(days=15)


class PersonsSettings(Group):
    """The legal gate of the BCSS, decisions D1 to D8 (bcss-primaweb §3.1): see docs/legal-gate.md.

    ``longest`` and ``warn`` are terms of whole days, months or years (``P1M``). ``legal_contexts``:
    ``flow/code=value`` separated by ``;``; a flow without one refuses to start. A mutation waits ``mutation_wait`` for
    one before it that has not come; ``mutation_flows`` says otherwise which answers a kind makes stale:
    ``HOUSEHOLD=identification,addresses`` separated by ``;``.
    """

    code: int = 31
    longest: str = Field(default="P1M", pattern=r"^P\d+[YMWD]")
    warn: str = Field(default="P5D", pattern=r"^P\d+[YMWD]")
    integrate_with_file: bool = True
    file_needed: bool = True
    end_with_file: bool = False
    tries: int = Field(default=3, ge=1)
    legal_contexts: str | None = None
    mutation_wait: timedelta = timedelta(hours=1)
    mutation_flows: str | None = None
    answer_retention: timedelta = timedelta(days=30)
    search_retention: timedelta = timedelta(hours=24)
    bis_search_age: timedelta = timedelta(minutes=15)


class RcdSettings(Group):
    """What the register's own rules leave open (rcd-justrestart §3.2, U9): see docs/rcd.md.

    ``digest_at``: the local time of day, Europe/Brussels, at which overviews are sent. ``retention``: how long a case
    is kept after its closing operations (art. 1675/24), a term of whole days, months or years.
    """

    digest_at: str = Field(default="18:00", pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    retention: str = Field(default="P5Y", min_length=3, pattern=r"^P(\d+Y)?(\d+M)?(\d+W)?(\d+D)?$")

    @property
    def hour(self) -> time:
        """As a time of day."""
        return time.fromisoformat(self.digest_at)


class DebtsSettings(Group):
    """What the manual leaves open about debt files (bcss-primaweb §4): see docs/decisions/0016-debt-files.md."""

    overpayment: bool = True
    counts_planned: bool = False
    retype_manual: bool = True
    edit_closed: bool = False
    close_before_opening: bool = False
