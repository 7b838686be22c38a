"""Everything a story plays with: the simulators, the administrator, and who tells how far it is."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Protocol

from sandbox.bailiff import BailiffSoftware
from sandbox.bcss.house import BankHouse
from sandbox.cpas import Case, CpasSystem
from sandbox.fca import Fca
from sandbox.feed import FeedFollower
from sandbox.mailroom import Mailroom
from sandbox.people import Person, Population
from sandbox.register.house import RegisterHouse
from sandbox.wire import HubClient


@dataclass(frozen=True, kw_only=True, slots=True)
class Scale:
    """How large the story is."""

    people: int = 300
    offices: int = 12
    cpas: int = 4
    notices: int = 1500
    claims: int = 3000

    @classmethod
    def of(cls, people: int) -> "Scale":
        """In proportion to the number of people."""
        return cls(
            people=people,
            offices=max(5, min(12, people // 20)),
            cpas=max(2, min(4, people // 15)),
            notices=people * 5,
            claims=people * 10,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class LetterSeen:
    """A dead letter as the administrator sees it. ``behind``: records that wait behind it."""

    id: str
    group: str
    reason: str
    behind: int


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanSeen:
    """A plan: how many letters would succeed, how many would fail again."""

    id: str
    good: int
    fails: int


@dataclass(frozen=True, kw_only=True, slots=True)
class JobSeen:
    """A replay job: how many letters are done and failed; why it stopped."""

    state: str
    done: int
    failed: int
    why: str


class Administrator(Protocol):
    """What the hub's administrator can do and see; the story never looks into the hub by itself."""

    async def counts(self) -> Mapping[str, int]:
        """How many there are of everything, by name and state."""

    async def letters(self, origin: str = "record") -> Sequence[LetterSeen]:
        """Dead letters that wait, of records or of deliveries."""

    async def replay(self, letter: str, *, last: bool) -> bool:
        """Replay a letter (``last``: after what waits behind it); whether its dossier goes on."""

    async def plan(self, verb: str, letters: Sequence[str], **options: str) -> PlanSeen:
        """Plan a verb over letters; none named: over all that wait."""

    async def ask(self, plan: str, reason: str) -> str:
        """Ask for what a plan showed, approved by somebody else where it must be; the job."""

    async def job(self, job: str) -> JobSeen:
        """How far a job is."""

    async def resume(self, job: str) -> None:
        """Let a stopped job go on."""

    async def release(self, fault: str | None) -> None:
        """Run a release that cannot write strikes ("bad"), one that fails otherwise ("worse"), or a good one."""

    async def advance(self, by: timedelta) -> None:
        """Move the hub's time forward."""

    async def erase(self, niss: str) -> None:
        """Erase a person."""


class Teller(Protocol):
    """Shows how far the story is."""

    def begin(self, title: str, total: int = 0) -> None:
        """A chapter begins; it has so many steps, if that is known."""

    def advance(self, steps: int = 1) -> None:
        """So many steps further."""

    def note(self, text: str) -> None:
        """Something worth saying happened."""


@dataclass(kw_only=True, slots=True)
class Settlement:
    """A collective settlement of the story. ``acting``: office by creditor; ``told``: offices told of its notices."""

    case: str
    person: Person
    dossier: str
    mediator: str
    creditors: int
    acting: Mapping[str, str]
    cedes: bool = False
    told: list[str] = field(default_factory=list)
    ended: bool = False
    exported: bool = False


@dataclass(kw_only=True, slots=True)
class Memory:
    """What chapters leave for the summary."""

    facts: dict[str, bool] = field(default_factory=dict)
    reminded: int = 0
    reminders_mailed: int = 0
    closings_mailed: int = 0
    bad_items: int = 0
    rejected: int = 0
    letters: Counter[str] = field(default_factory=Counter)
    """Dead letters by what became of them."""
    erased: Case | None = None
    settlements: list[Settlement] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True, slots=True)
class Scene:
    """One run of the story."""

    run: str
    seed: int
    scale: Scale
    today: date
    random: Random
    population: Population
    fca: Fca
    offices: Mapping[str, BailiffSoftware]
    cpas: Mapping[str, CpasSystem]
    bank: BankHouse
    bank_client: HubClient
    mailroom: Mailroom
    register: RegisterHouse
    administrator: Administrator
    teller: Teller
    memory: Memory = field(default_factory=Memory)

    def cases(self) -> Iterator[Case]:
        """Every dossier there must be."""
        for system in self.cpas.values():
            yield from system.cases.values()

    def feeds(self) -> list[FeedFollower]:
        """Every institution's copy of its feed."""
        return [
            self.register.feed,
            *(software.feed for software in self.offices.values()),
            *(system.feed for system in self.cpas.values()),
        ]

    def check(self, name: str, *, true: bool) -> None:
        """A fact that must hold; the summary shows it and fails without it."""
        self.memory.facts[name] = true
        if not true:
            self.teller.note(f"✗ {name}")
