"""What a replay asks of the tables, and the words it speaks in."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import NamedTuple, Protocol
from uuid import UUID

from hub.application.audit import Deed
from hub.application.ports import BatchTransaction, Failure, Record
from hub.domain.messaging.errors import RefusalError


class LetterUnknownError(RefusalError):
    """No dead letter has this id; ``hub dlq groups`` and ``hub dlq list`` show those there are."""


class LetterClosedError(RefusalError):
    """The letter was dealt with before and nothing waits behind it any more."""


class LetterNotHeadError(RefusalError):
    """Another letter of the same dossier failed earlier and must be replayed first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredLetter:
    """A letter as it lies: ``head`` says whether its dossier waits behind it."""

    id: UUID
    group: str
    key: str
    state: str
    head: bool
    fingerprint: str
    record: Record


class WaitingRecord(NamedTuple):
    """A record behind a parked key, with its place in the queue."""

    key: str
    seq: int
    record: Record


class Treatment(NamedTuple):
    """What becomes of the letter's own record: handled again, left out, or another one in its place.

    ``outcome`` is the letter's state when that succeeded. ``event`` is the id of what stands in its place, ``taken``
    its seq if it waited in the queue itself.
    """

    outcome: str = "replayed"
    fold: bool = True
    record: Record | None = None
    event: UUID | None = None
    taken: int | None = None


REPLAY = Treatment()
SKIP = Treatment(outcome="skipped", fold=False)
HUB = "hub"
"""Who replays when no administrator is named."""


class By(NamedTuple):
    """Who replays, for which job, and why; ``most``: records in one transaction."""

    who: str = HUB
    job: UUID | None = None
    reason: str | None = None
    most: int = 2000


class Settled(NamedTuple):
    """An attempt at a letter's own record: it has the outcome, or it failed."""

    letter: UUID
    outcome: str
    failure: Failure | None = None
    event: UUID | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ReplayReport:
    """What a replay did: whether the letter succeeded, how many were released behind it, what still waits.

    ``finished``: nothing is left to be done for it now. ``behind``: the failure is of a record behind the letter.
    """

    letter: UUID
    succeeded: bool
    released: int
    parked: bool
    failure: Failure | None = None
    behind: bool = False

    @property
    def finished(self) -> bool:
        """Whether no further step would do anything."""
        return self.failure is not None or not self.parked


class ReplayTransaction(BatchTransaction, Protocol):
    """A batch transaction that can also empty the queues of parked keys."""

    async def letters(self, letters: Sequence[UUID]) -> Mapping[UUID, StoredLetter]: ...
    async def queues(self, limits: Mapping[str, int]) -> Sequence[WaitingRecord]: ...
    async def settle(self, settled: Sequence[Settled], by: By) -> None: ...
    async def take_from_queue(self, keys: Sequence[str], sequences: Sequence[int]) -> None: ...
    async def unpark(self, keys: Sequence[str]) -> None: ...
    async def report(self, reports: Sequence[ReplayReport], by: By, deeds: Sequence[Deed]) -> None:
        """Write what became of a job's letters, and the audit of those that are finished."""


class RehearsalTransaction(ReplayTransaction, Protocol):
    """A replay transaction that is always rolled back."""

    async def handled(self, keys: Sequence[str], events: Sequence[UUID]) -> set[UUID]:
        """Events that these dossiers hold already."""

    async def delivered(self, deliveries: Sequence[UUID]) -> set[UUID]:
        """Outward effects that exist already."""

    async def waiting(self, keys: Sequence[str]) -> Mapping[str, int]:
        """How many records wait behind each key."""


class Letters(Protocol):
    """Dead letters and the queues behind them."""

    async def places_of(self, letters: Sequence[UUID]) -> Mapping[UUID, tuple[str, str]]:
        """Consumer group and key of letters; unknown ones are missing."""

    def begin(self, group: str) -> AbstractAsyncContextManager[ReplayTransaction]: ...
    def rehearse(self, group: str) -> AbstractAsyncContextManager[RehearsalTransaction]: ...
