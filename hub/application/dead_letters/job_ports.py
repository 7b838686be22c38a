"""Plans and jobs as they are kept, and what carries a verb out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple, Protocol
from uuid import UUID

from hub.application.audit import Deed
from hub.application.consume.replay_ports import By, ReplayReport
from hub.application.dead_letters.selection import Selection
from hub.application.dead_letters.verdicts import Verdict
from hub.domain.messaging.errors import HubError, RefusalError

Row = Mapping[str, Any]
Verb = Literal["replay", "skip", "archive", "restore", "return", "redirect", "edit", "window"]
VERBS: tuple[Verb, ...] = ("replay", "skip", "archive", "restore", "return", "redirect", "edit")
JobState = Literal["asked", "running", "paused", "stopped", "done", "cancelled", "denied", "expired"]
OPEN: tuple[JobState, ...] = ("asked", "running", "paused", "stopped")


class PlanRefusedError(RefusalError):
    """A plan cannot be made, or not be used any more; nothing was changed."""


class JobRefusedError(RefusalError):
    """A job cannot be asked for, approved or changed in this way; nothing was changed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class JobOptions:
    """How a job runs.

    ``canary``: how many letters its first steps take. It stops at the first fingerprint that the plan did not know,
    when more than ``stop_share`` of ten letters or more failed, and when a consumer group is more than ``stop_lag``
    records behind (0: never). ``rate``: letters a second (0: no limit). ``together``: letters in one transaction.
    """

    canary: tuple[int, ...] = (1, 2, 5, 20)
    stop_share: float = 0.2
    stop_lag: int = 0
    rate: float = 0
    together: int = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """A plan as it is kept; ``selection`` is what was asked, ``by_query`` that it was not a list of letters."""

    id: UUID
    who: str
    verb: Verb
    selection: Row
    release: str
    letters: int
    made_at: datetime
    expires_at: datetime
    options: Row = field(default_factory=dict)

    @property
    def by_query(self) -> bool:
        """Whether everything that a query found was frozen."""
        return "letters" not in self.selection


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """A job as it is kept."""

    id: UUID
    seq: int
    plan: UUID
    verb: Verb
    who: str
    reason: str
    state: JobState
    needs_approval: bool
    approver: str | None
    why_stopped: str | None
    release: str
    options: JobOptions
    letters: int
    asked_at: datetime
    approved_at: datetime | None
    expires_at: datetime
    ended_at: datetime | None


class JobLetter(NamedTuple):
    """A letter that a job has yet to deal with."""

    letter: UUID
    group: str


class Plans(Protocol):
    """Where plans are kept."""

    async def keep(self, plan: Plan) -> None:
        """Keep a plan that has no letters."""

    async def freeze(self, plan: Plan, asked: Selection | Sequence[UUID], most: int) -> int:
        """Keep a plan and the list of its letters, the oldest first; how many (``most`` + 1: there are more)."""

    async def drop(self, plan: UUID) -> None: ...
    async def frozen(self, plan: UUID) -> Sequence[JobLetter]: ...
    async def say(self, plan: UUID, verdicts: Sequence[Verdict]) -> None: ...
    async def finish(self, plan: UUID, letters: int, expires_at: datetime, deed: Deed) -> None: ...
    async def find(self, plan: UUID) -> Plan | None: ...
    async def counts(self, plan: UUID) -> Sequence[Row]:
        """How many letters of each verdict, with what waits behind them and would be released."""

    async def letters(self, plan: UUID, *, after: int, limit: int) -> Sequence[Row]: ...
    async def changed(self, plan: UUID) -> int:
        """How many letters are no longer as the plan saw them."""


class Jobs(Protocol):
    """Where jobs are kept. A change and its entry in the audit are one transaction."""

    async def add(self, job: Job, take: Sequence[str] | None, deed: Deed) -> int:
        """Keep a job over its plan's letters with these verdicts (None: all); how many it got.

        Letters that another job has are passed over; with none left nothing is kept. A window has no letters.
        """

    async def find(self, job: UUID) -> Job | None: ...
    async def change(
        self, job: UUID, source: Sequence[JobState], to: JobState, deed: Deed, *, why: str | None = None
    ) -> bool:
        """Change the state if it is one of these; letters of a job that ended are free again."""

    async def listed(self, *, states: Sequence[str] | None, before: int | None, limit: int) -> Sequence[Row]: ...
    async def counts(self, job: UUID) -> Mapping[str, int]:
        """How many letters of each outcome, and ``released``."""

    async def outcomes(self, job: UUID, *, after: int, limit: int) -> Sequence[Row]: ...
    async def of_letter(self, letter: UUID) -> UUID | None:
        """The open job that a letter belongs to."""

    async def take(self, runner: str, lease: timedelta) -> Job | None:
        """The next running job that nobody runs."""

    async def keep(self, job: UUID, runner: str, lease: timedelta) -> bool:
        """Go on running it; False when it was paused, ended or taken over."""

    async def let_go(self, job: UUID, runner: str) -> None: ...
    async def next(self, job: UUID, limit: int) -> Sequence[JobLetter]: ...
    async def known(self, job: UUID) -> set[str]:
        """Fingerprints that the plan knew."""

    async def pass_over(self, job: UUID, why: Mapping[UUID, str]) -> None: ...
    async def overdue(self, now: datetime) -> Sequence[UUID]:
        """Jobs that waited too long for their approval."""


class Pressure(NamedTuple):
    """Whether consumers handled new events since the last look, and how much waits for Kafka (1,000 at the most)."""

    live: bool
    backlog: int


class Hand(Protocol):
    """Carries verbs out on letters of some origin."""

    async def verdicts(self, group: str, letters: Sequence[UUID], verb: Verb, options: Row, /) -> Sequence[Verdict]: ...
    async def carry(
        self, group: str, letters: Sequence[UUID], verb: Verb, by: By, /, *, options: Row
    ) -> tuple[Sequence[ReplayReport], Mapping[UUID, HubError]]:
        """One step; letters whose report is not finished come again."""
