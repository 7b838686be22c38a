"""A consumer group's endless work: batch after batch, waiting out what passes, stopping at the ceiling."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from time import perf_counter

import structlog

from hub.application.consume.handle_batch import BatchReport, Consume
from hub.application.ports import MovableClock, Record
from hub.domain.messaging.ceiling import Ceiling
from hub.domain.messaging.errors import HubError, RefusalError
from hub.domain.messaging.retry import Backoff

_log = structlog.get_logger()


class CeilingReachedError(RefusalError):
    """Too much failed in a row: mend the cause (hub dlq groups), then let the group go on (hub dlq resume)."""


class GroupWorker:
    """What a lane calls with each batch. ``done`` hears each report; ``stop`` stops the group, here and everywhere.

    ``expected``: fingerprints that a rule lets wait for a release; they do not count for the ceiling.
    """

    def __init__(
        self,
        consume: Consume,
        *,
        clock: MovableClock,
        ceiling: Ceiling,
        backoff: Backoff,
        done: Callable[[str, BatchReport, float], None],
        waited: Callable[[str], None],
        stop: Callable[[str, str], Awaitable[None]],
        expected: Callable[[], Collection[str]] = tuple,
    ) -> None:
        self._consume = consume
        self._clock = clock
        self._ceiling = ceiling
        self._backoff = backoff
        self._done = done
        self._waited = waited
        self._stop = stop
        self._expected = expected

    async def handle(self, records: Sequence[Record]) -> None:
        """Handle a batch to its commit, however long that takes; then it may be acknowledged.

        Raises:
            CeilingReachedError: the process is about to stop; nothing was handled.
        """
        group = self._consume.manager.group
        if self._ceiling.reached:
            await asyncio.sleep(self._backoff.first.total_seconds())
            raise CeilingReachedError("ceiling-reached", f"{group}: this consumer stops")
        attempt = 0
        while True:
            began = perf_counter()
            try:
                await self._clock.refresh()
                report = await self._consume.handle(records)
                break
            except Exception as error:  # noqa: BLE001 - whatever it is, nothing was committed: wait, never lose
                attempt += 1
                self._waited(group)
                known = isinstance(error, HubError) and error.retriable
                say = _log.warning if known else _log.error
                say("batch waits", group=group, attempt=attempt, failure=type(error).__name__, alert=not known)
                await asyncio.sleep(self._backoff.wait(attempt).total_seconds())
        self._done(group, report, perf_counter() - began)
        await self._watch(group, report)

    async def _watch(self, group: str, report: BatchReport) -> None:
        known = self._ceiling.reached  # by another lane, whose batch ended first
        expected = self._expected()
        failed = sum(one not in expected for one in report.fingerprints)
        self._ceiling = self._ceiling.after(handled=report.folded, failed=failed)
        if self._ceiling.reached and not known:
            reason = f"{self._ceiling.seen} dead letters in a row"
            _log.critical("ceiling reached, consumer stops", group=group, reason=reason, alert=True)
            await self._stop(group, reason)
