"""One step of a replay: letters of one group and the heads of their queues, folded together."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple
from uuid import UUID

from hub.application.consume.arrivals import Arrival, arrivals, opened
from hub.application.consume.fold_batch import FoldedBatch, fold_batch
from hub.application.consume.replay_ports import (
    REPLAY,
    LetterClosedError,
    LetterNotHeadError,
    LetterUnknownError,
    ReplayReport,
    ReplayTransaction,
    Settled,
    StoredLetter,
    Treatment,
    WaitingRecord,
)
from hub.application.ports import Failure, Record, Vault
from hub.domain.messaging.decision import ProcessManager
from hub.domain.messaging.errors import RefusalError

_ASIDE = {
    "archived": "this letter is archived; restore it first: hub dlq restore",
    "returned": "this letter waits for its sender's correction; take it back first: hub dlq restore",
}
_FROM = {"expired": "archived", "corrected": "returned"}
"""What ends a letter that was laid aside."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Work:
    """A letter in a step: its own record (None: left out, or dealt with before), and what follows it.

    ``fresh``: the letter itself was not dealt with yet. ``limit``: how many records the step takes of this key.
    """

    stored: StoredLetter
    treatment: Treatment
    fresh: bool
    own: Record | None
    queue: Sequence[WaitingRecord]
    limit: int
    last: bool = False

    @property
    def records(self) -> list[Record]:
        """In the order in which they are handled; ``last``: the letter came too early and follows its queue."""
        own, queue = [self.own] if self.own else [], [one.record for one in self.queue]
        return [*queue, *own] if self.last else [*own, *queue]

    @property
    def emptied(self) -> bool:
        """Whether the step sees the end of the queue."""
        return len(self.queue) < self.limit - self.fresh

    def handled(self, failed: Arrival | None) -> Sequence[WaitingRecord]:
        """What leaves the queue: everything up to and including the record that failed (it is a letter now)."""
        if failed is None:
            return self.queue
        at = next((at for at, one in enumerate(self.queue) if one.record is failed.record), len(self.queue) - 1)
        return self.queue[: at + 1]


class Step(NamedTuple):
    """Works and what their fold made. ``refused``: letters that cannot be replayed now, with why."""

    works: Sequence[Work]
    batch: FoldedBatch
    refused: Mapping[UUID, RefusalError]

    def failed(self, work: Work) -> tuple[Arrival, Failure] | None:
        """The record of this key that failed, if one did."""
        return next((one for one in self.batch.failed if one[0].key == work.stored.key), None)

    def failed_itself(self, work: Work) -> Failure | None:
        """The failure of the letter's own record."""
        found = self.failed(work)
        return found[1] if found and work.own is not None and found[0].record is work.own else None

    def written(self) -> FoldedBatch:
        """What is written: a letter that failed again stays the letter that it is."""
        again = {work.stored.key for work in self.works if self.failed_itself(work)}
        return replace(self.batch, failed=[one for one in self.batch.failed if one[0].key not in again], waiting=[])

    def settled(self) -> list[Settled]:
        """What became of the letters' own records."""
        return [
            Settled(
                letter=work.stored.id,
                outcome=work.treatment.outcome,
                failure=self.failed_itself(work),
                event=work.treatment.event,
            )
            for work in self.works
            if work.fresh
        ]

    def reports(self) -> list[ReplayReport]:
        """What the step did for each letter."""
        return [self._report(work) for work in self.works]

    def _report(self, work: Work) -> ReplayReport:
        again = self.failed_itself(work)
        if again:
            return ReplayReport(letter=work.stored.id, succeeded=False, released=0, parked=True, failure=again)
        arrival, failure = self.failed(work) or (None, None)
        return ReplayReport(
            letter=work.stored.id,
            succeeded=True,
            released=len(work.handled(arrival)) - (failure is not None),
            parked=failure is not None or not work.emptied,
            failure=failure,
            behind=failure is not None,
        )

    def taken(self) -> list[int]:
        """Places in queues that are empty now."""
        found = [one.seq for work in self.works if not self.failed_itself(work) for one in self._handled(work)]
        return found + [w.treatment.taken for w in self.works if w.treatment.taken and not self.failed_itself(w)]

    def _handled(self, work: Work) -> Sequence[WaitingRecord]:
        failed = self.failed(work)
        return work.handled(failed[0] if failed else None)


async def step(
    transaction: ReplayTransaction,
    manager: ProcessManager[Any],
    vault: Vault,
    wanted: Mapping[UUID, Treatment],
    *,
    limit: int,
    cause: Failure | None = None,
    last: bool = False,
) -> Step:
    """Lock the dossiers of these letters and fold what this step takes of each.

    Args:
        transaction: open; its locks are held until it ends.
        manager: the group's.
        vault: opens what the group opens.
        wanted: letters and what becomes of them.
        limit: records of one key.
        cause: why the first record cannot be written (of one letter only): it is not folded.
        last: letters are handled after what waits behind them.
    """
    keys = sorted({one.key for one in (await transaction.letters(list(wanted))).values()})
    states = await transaction.load(keys) if keys else {}
    stored = await transaction.letters(list(wanted))  # as they are under the lock
    refused = {id_: why for id_, how in wanted.items() if (why := refusal(stored.get(id_), id_, how))}
    mine = {one.key: one for id_, one in stored.items() if id_ not in refused}
    limits = {key: limit - _fresh(one, wanted[one.id]) for key, one in mine.items()}
    queues: defaultdict[str, list[WaitingRecord]] = defaultdict(list)
    for one in await transaction.queues(limits) if limits else ():
        queues[one.key].append(one)
    works = [_work(one, wanted[one.id], queues[one.key], limit, last=last) for one in mine.values()]
    found = [arrival._replace(key=work.stored.key) for work in works for arrival in arrivals(manager, work.records)]
    found = await opened(manager, found, vault)
    batch = FoldedBatch(failed=[(found[0], cause)]) if cause and found else fold_batch(manager, found, states, set())
    return Step(works, batch, refused)


def _work(
    stored: StoredLetter, treatment: Treatment, queue: Sequence[WaitingRecord], limit: int, *, last: bool
) -> Work:
    fresh = _fresh(stored, treatment)
    return Work(
        stored=stored,
        treatment=treatment,
        fresh=fresh,
        own=(treatment.record or stored.record) if fresh and treatment.fold else None,
        queue=[one for one in queue if one.seq != treatment.taken],
        limit=limit - any(one.seq == treatment.taken for one in queue),
        last=last,
    )


def _fresh(stored: StoredLetter, treatment: Treatment) -> bool:
    """Whether the letter's own record was not dealt with yet."""
    return stored.state == _FROM.get(treatment.outcome, "waiting") or stored.state == "waiting"


def refusal(stored: StoredLetter | None, letter: UUID, treatment: Treatment = REPLAY) -> RefusalError | None:
    """Why a letter cannot be treated like this now; None: its dossier waits behind it."""
    if stored is None:
        return LetterUnknownError("letter-unknown", f"no dead letter {letter}; see: hub dlq list")
    if stored.state in _ASIDE and _FROM.get(treatment.outcome) != stored.state:
        return LetterClosedError(f"letter-{stored.state}", _ASIDE[stored.state])
    if not stored.head and stored.state == "waiting":
        return LetterNotHeadError("letter-not-head", "an earlier letter of this dossier must be replayed first")
    if not stored.head:
        return LetterClosedError("letter-closed", f"this letter was {stored.state}; nothing waits behind it")
    return None
