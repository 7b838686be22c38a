"""Replay of dead letters: to the group that failed only, then what waits behind them, in order (dead-letters §16).

Each step is one transaction under the locks of its dossiers, so a record that arrives meanwhile is neither lost nor
overtaken. Success is the commit. Whoever dies between two steps leaves the dossiers parked; call again.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from hub.application.audit import Deed
from hub.application.consume.failures import failure_of
from hub.application.consume.follow import Consequences
from hub.application.consume.replay_ports import (
    HUB,
    REPLAY,
    By,
    Letters,
    LetterUnknownError,
    ReplayReport,
    ReplayTransaction,
    Treatment,
)
from hub.application.consume.replay_step import Step, step
from hub.application.consume.trace_folds import trace_folds
from hub.application.ports import Clock, Failure, Vault
from hub.application.spans import OFF, Spans
from hub.domain.messaging.decision import ProcessManager
from hub.domain.messaging.errors import HubError
from hub.domain.messaging.topics import Topics

_ALL = 2**31 - 1
"""Every record of a queue."""


class Replay:
    """Replays letters."""

    def __init__(
        self,
        managers: Mapping[str, ProcessManager[Any]],
        *,
        letters: Letters,
        vault: Vault,
        topics: Topics,
        clock: Clock,
        spans: Spans = OFF,
        step: int = 500,
    ) -> None:
        self._managers = managers
        self._letters = letters
        self._vault = vault
        self._topics = topics
        self._clock = clock
        self._spans = spans
        self._step = step

    async def letter(
        self, letter: UUID, *, last: bool = False, who: str = HUB, treatment: Treatment = REPLAY, reason: str = ""
    ) -> ReplayReport:
        """Replay one letter and release what waits behind it.

        ``last``: the letter came too early, so it is handled after what waits behind it; all of it in one
        transaction, and if any of it fails nothing is changed.

        Raises:
            LetterUnknownError, LetterClosedError, LetterNotHeadError: nothing was changed.
            HubError: retriable; nothing of the present step was committed, call again.
        """
        places = await self._letters.places_of([letter])
        if letter not in places:
            raise LetterUnknownError("letter-unknown", f"no dead letter {letter}; see: hub dlq list")
        group, _ = places[letter]
        by = By(who, reason=reason or None)
        if last:
            return await self._after_the_queue(letter, group, by)
        released, succeeded = 0, None
        while True:
            report = await self._safe_step(group, letter, treatment, by)
            released += report.released
            succeeded = report.succeeded if succeeded is None else succeeded
            if report.finished:
                return replace(report, released=released, succeeded=succeeded)

    async def letters(
        self, group: str, wanted: Mapping[UUID, Treatment], by: By, *, limit: int
    ) -> tuple[list[ReplayReport], Mapping[UUID, HubError]]:
        """One step for many letters of one group; those whose report is not finished want another one.

        What the database refuses to write is found by replaying its letters one by one. ``limit``: records of one
        dossier.

        Returns:
            Reports, and why letters were refused (nothing was changed for those).
        """
        try:
            found = await self._step_of(group, wanted, by, limit)
        except HubError:
            raise
        except Exception:  # noqa: BLE001 - found below, one letter at a time
            reports: list[ReplayReport] = []
            refused: dict[UUID, HubError] = {}
            for letter, treatment in wanted.items():
                try:
                    reports.append(await self._safe_step(group, letter, treatment, by))
                except HubError as error:
                    if error.retriable:
                        raise
                    refused[letter] = error
            return reports, refused
        return found.reports(), found.refused

    async def _safe_step(self, group: str, letter: UUID, treatment: Treatment, by: By) -> ReplayReport:
        """One step; what the database refuses to write is found record by record and becomes a failure."""
        wanted = {letter: treatment}
        try:
            return await self._one(group, wanted, by, self._step)
        except HubError:
            raise
        except Exception:  # noqa: BLE001 - found below, one record at a time
            try:
                return await self._one(group, wanted, by, 1)
            except HubError:
                raise
            except Exception as error:  # noqa: BLE001 - this record is the reason: a failure becomes an outcome
                return await self._one(group, wanted, by, 1, cause=failure_of(error, "write"))

    async def _one(
        self, group: str, wanted: Mapping[UUID, Treatment], by: By, limit: int, *, cause: Failure | None = None
    ) -> ReplayReport:
        found = await self._step_of(group, wanted, by, limit, cause=cause)
        _check(found)
        return found.reports()[0]

    async def _step_of(
        self, group: str, wanted: Mapping[UUID, Treatment], by: By, limit: int, *, cause: Failure | None = None
    ) -> Step:
        """Fold letters (if they still wait) and the heads of their queues; write what that makes."""
        async with self._spans.batch() as spans, self._letters.begin(group) as transaction:
            found = await step(transaction, self._managers[group], self._vault, wanted, limit=limit, cause=cause)
            trace_folds(found.batch, spans, group)
            await self._write(transaction, group, found, by)
            return found

    async def _write(self, transaction: ReplayTransaction, group: str, found: Step, by: By) -> None:
        consequences = Consequences(group=group, topics=self._topics, vault=self._vault)
        await transaction.write(await consequences.of(found.written(), self._clock()))
        await transaction.settle(found.settled(), by)
        await transaction.take_from_queue([work.stored.key for work in found.works], found.taken())
        reports = found.reports()
        free = {one.letter for one in reports if not one.parked}
        await transaction.unpark([work.stored.key for work in found.works if work.stored.id in free])
        if by.job:
            deeds = [_deed(one, work.treatment, by) for one, work in zip(reports, found.works, strict=True)]
            await transaction.report(reports, by, deeds)

    async def _after_the_queue(self, letter: UUID, group: str, by: By) -> ReplayReport:
        failed = ReplayReport(letter=letter, succeeded=False, released=0, parked=True)
        try:
            async with self._spans.batch() as spans, self._letters.begin(group) as transaction:
                wanted = {letter: REPLAY}
                found = await step(transaction, self._managers[group], self._vault, wanted, limit=_ALL, last=True)
                _check(found)
                if found.batch.failed:
                    return replace(failed, failure=found.batch.failed[0][1])
                trace_folds(found.batch, spans, group)
                await self._write(transaction, group, found, by)
        except HubError:
            raise
        except Exception as error:  # noqa: BLE001 - what the database refuses to write becomes a failure
            return replace(failed, failure=failure_of(error, "write"))
        return found.reports()[0]


def _check(found: Step) -> None:
    for error in found.refused.values():
        raise error


def _deed(report: ReplayReport, treatment: Treatment, by: By) -> Deed:
    detail = {"job": by.job, "succeeded": report.succeeded, "released": report.released, "parked": report.parked}
    return Deed(who=by.who, verb=treatment.outcome, what=f"letter {report.letter}", detail=detail)
