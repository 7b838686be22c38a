"""Runs jobs: canary steps first, within a rate, until done, paused, or a stop condition holds (dead-letters §17).

A step's letters, what they release and what the job knows of them are one transaction, so a runner that dies loses and
repeats nothing: whoever takes the job over goes on with what is still waiting.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from itertools import accumulate, groupby
from operator import attrgetter
from time import monotonic
from typing import Any
from uuid import UUID

from hub.application.audit import Deed
from hub.application.consume.failures import failure_of
from hub.application.consume.handle_batch import BatchReport
from hub.application.consume.replay_ports import By, ReplayReport
from hub.application.dead_letters.job_ports import Hand, Job, JobLetter, JobOptions, Jobs, Pressure
from hub.application.dead_letters.jobs import AskJobs
from hub.application.ports import Bell, MovableClock
from hub.domain.messaging.errors import HubError, RefusalError, TransientError
from hub.domain.messaging.retry import Backoff

_POLL = timedelta(seconds=2)
_LOOK_AT_LAG = 2.0
_LIVE_FOR = 2.0
"""Seconds after new events were seen during which a job makes room for them."""
_ROOM, _WAIT, _PATIENCE = 300, 0.02, 2.0
_ALONE, _GENTLE, _OF_EACH = 1000, 40, 20
"""Records of a step: with nobody waiting, and beside live traffic. Whoever comes in the middle of one waits for it."""
_LANES = 2
"""Steps at once, with nobody waiting."""
_FEWEST = 10
"""Letters before a share of failures means anything."""


class RunJobs:
    """One runner; any number may run side by side, each job is run by one at a time.

    ``beside``: what is looked at between jobs: corrections that came, archived letters whose time is over.
    """

    def __init__(
        self,
        jobs: Jobs,
        asked: AskJobs,
        hands: Callable[[str], Hand],
        *,
        options: Callable[[UUID], Awaitable[Mapping[str, Any]]],
        lag: Callable[[], Awaitable[int]],
        window: Callable[[Job], Awaitable[BatchReport]],
        pressure: Callable[[], Awaitable[Pressure]],
        clock: MovableClock,
        name: str,
        release: str,
        lease: timedelta,
        beside: Sequence[Callable[[], Awaitable[int]]] = (),
    ) -> None:
        self._jobs, self._asked, self._hands = jobs, asked, hands
        self._options, self._lag, self._window, self._clock = options, lag, window, clock
        self._pressure, self._live_until = pressure, 0.0
        self._name, self._release, self._lease = name, release, lease
        self._beside = beside
        self._lag_seen = (0.0, 0)

    async def run(self, bell: Bell, backoff: Backoff) -> None:
        """Run jobs until cancelled."""
        failures = 0
        while True:
            try:
                await self._clock.refresh()
                await self._asked.expire()
                await self._look()  # so that a job knows from its first step whether it is alone
                for work in self._beside:
                    await work()
                if not await self.once():
                    await bell.wait(_POLL)
                failures = 0
            except TransientError:
                failures += 1
                await asyncio.sleep(backoff.wait(failures).total_seconds())

    async def once(self) -> bool:
        """Take a job and run it as far as it goes; False when there was none."""
        job = await self._jobs.take(self._name, self._lease)
        if job is None:
            return False
        try:
            await self._run(job)
        finally:
            await self._jobs.let_go(job.id, self._name)
        return True

    async def _run(self, job: Job) -> None:
        if job.release != self._release:
            await self._stop(job, "it was planned with another release than the one that runs it")
            return
        if job.verb == "window":
            await self._done(job, asdict(await self._window(job)))
            return
        begun, at_begin = monotonic(), await self._ended(job)
        options = await self._options(job.plan)
        while await self._jobs.keep(job.id, self._name, self._lease):
            ended = await self._ended(job)
            await self._pace(job.options, ended - at_begin, monotonic() - begun)
            most = await self._room()
            step_began = monotonic()
            lanes = 1 if most == _GENTLE else _LANES
            letters = await self._jobs.next(job.id, min(_size(job.options, ended), lanes * most // _OF_EACH))
            if not letters:
                await self._done(job, await self._jobs.counts(job.id))
                return
            try:
                reports = await self._side_by_side(job, letters, options, most, lanes)
            except TransientError:
                raise
            except Exception as error:  # noqa: BLE001 - what nobody foresaw stops this job, not the runner of all
                await self._stop(job, f"an error nobody foresaw: {failure_of(error, 'job').reason}")
                return
            if most == _GENTLE:  # four parts of the time for the others, one for this job
                await asyncio.sleep(min(_PATIENCE, 4 * (monotonic() - step_began)))
            why = await self._why_stop(job, reports)
            if why:
                await self._stop(job, why)
                return

    async def _side_by_side(
        self, job: Job, letters: Sequence[JobLetter], options: Mapping[str, Any], most: int, lanes: int
    ) -> list[ReplayReport]:
        """Steps over different dossiers at once: one hides the other's wait for the database."""
        parts = [part for lane in range(lanes) if (part := letters[lane::lanes])]
        found = await asyncio.gather(*(self._step(job, one, options, most) for one in parts), return_exceptions=True)
        reports: list[ReplayReport] = []
        for one in found:
            if isinstance(one, BaseException):
                raise one
            reports.extend(one)
        return reports

    async def _step(
        self, job: Job, letters: Sequence[JobLetter], options: Mapping[str, Any], most: int
    ) -> list[ReplayReport]:
        """One step: the letters of each group together; what is refused is passed over."""
        reports: list[ReplayReport] = []
        by = By(job.who, job.id, job.reason, most)
        for group, members in groupby(sorted(letters, key=attrgetter("group")), key=attrgetter("group")):
            wanted = [one.letter for one in members]
            try:
                done, refused = await self._hands(group).carry(group, wanted, job.verb, by, options=options)
            except RefusalError as refusal:
                done, refused = [], dict.fromkeys(wanted, refusal)
            reports.extend(done)
            await self._pass_over(job, refused)
        return reports

    async def _room(self) -> int:
        """How many records the next step may handle: few while new events come, once their way is short."""
        patience = monotonic() + _PATIENCE
        while True:
            backlog = await self._look()
            if monotonic() >= self._live_until:
                return _ALONE
            if backlog < _ROOM or monotonic() >= patience:
                return _GENTLE
            await asyncio.sleep(_WAIT)

    async def _look(self) -> int:
        """Learn whether new events come, and how much waits for Kafka."""
        found = await self._pressure()
        if found.live:
            self._live_until = monotonic() + _LIVE_FOR
        return found.backlog

    async def _done(self, job: Job, detail: Mapping[str, Any]) -> None:
        deed = Deed(who="hub", verb="done", what=f"job {job.id}", detail=detail)
        await self._jobs.change(job.id, ("running",), "done", deed)

    async def _ended(self, job: Job) -> int:
        counts = await self._jobs.counts(job.id)
        return counts.get("done", 0) + counts.get("failed", 0)

    async def _pass_over(self, job: Job, refused: Mapping[UUID, HubError]) -> None:
        """Letters that cannot be dealt with now; the others go on."""
        if refused:
            why = {letter: getattr(error, "rule", type(error).__name__) for letter, error in refused.items()}
            await self._jobs.pass_over(job.id, why)

    async def _why_stop(self, job: Job, reports: list[ReplayReport]) -> str | None:
        failed = {one.failure.fingerprint for one in reports if one.failure}
        new = failed - await self._jobs.known(job.id) if failed else set()
        if new:
            return f"a failure that the plan did not know: {min(new)}"
        counts = await self._jobs.counts(job.id)
        bad, ended = counts.get("failed", 0), counts.get("done", 0) + counts.get("failed", 0)
        if ended >= _FEWEST and bad > job.options.stop_share * ended:
            return f"{bad} of {ended} letters failed"
        lag = await self._live_lag(job.options)
        return f"a consumer group is {lag} records behind" if lag else None

    async def _live_lag(self, options: JobOptions) -> int:
        """How far the slowest group is behind, when that is too far; looked at now and then."""
        if not options.stop_lag:
            return 0
        seen, lag = self._lag_seen
        if monotonic() - seen > _LOOK_AT_LAG:
            lag = await self._lag()
            self._lag_seen = (monotonic(), lag)
        return lag if lag > options.stop_lag else 0

    async def _stop(self, job: Job, why: str) -> None:
        deed = Deed(who="hub", verb="stop", what=f"job {job.id}", reason=why)
        await self._jobs.change(job.id, ("running",), "stopped", deed, why=why)

    @staticmethod
    async def _pace(options: JobOptions, done: int, seconds: float) -> None:
        if options.rate:
            await asyncio.sleep(max(0.0, min(5.0, done / options.rate - seconds)))


def _size(options: JobOptions, ended: int) -> int:
    """How many letters the next step takes: up to the end of the present canary step, then many."""
    size = next((border - ended for border in accumulate(options.canary) if border > ended), options.together)
    return max(1, min(size, options.together, int(options.rate) or options.together))
