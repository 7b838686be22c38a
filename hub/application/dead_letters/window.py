"""Bounded replay: a window of a topic for one group, read beside its live offsets, through its inbox (§25).

What the group handled or parked before is known to the inbox and passed over, so a window can be replayed again and a
runner that dies begins it anew.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import uuid4

from hub.application.audit import Audit, Deed
from hub.application.consume.handle_batch import BatchReport, Consume
from hub.application.dead_letters.job_ports import Job, Plan, PlanRefusedError, Plans
from hub.application.dead_letters.plan import PlanRules
from hub.application.ports import Clock, Record


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """Records of a topic with a Kafka timestamp from ``since`` until before ``until``, for one group."""

    topic: str
    group: str
    since: datetime
    until: datetime


class WindowReader(Protocol):
    """Reads windows of topics without any group."""

    def records(self, window: Window) -> AsyncIterator[Sequence[Record]]: ...


class ReplayWindow:
    """Plans and carries out windows."""

    def __init__(
        self,
        reader: WindowReader,
        groups: Mapping[str, Sequence[str]],
        consume: Any,
        plans: Plans,
        *,
        audit: Audit,
        clock: Clock,
        rules: PlanRules,
    ) -> None:
        self._reader, self.groups, self._consume, self._plans = reader, groups, consume, plans
        self._audit, self._clock, self._rules = audit, clock, rules

    async def plan(self, window: Window, *, who: str) -> Plan:
        """Say what the window would do: it is handled in one transaction, which is rolled back.

        Raises:
            PlanRefusedError: ``window-group``, ``window-topic``, ``window-empty``, ``plan-large``; audited.
        """
        try:
            report = await self._rehearsed(window)
        except PlanRefusedError as refusal:
            what = f"window of {window.topic[:60]}"
            await self._audit.note([Deed(who=who, verb="plan", what=what, outcome="refused", reason=refusal.rule)])
            raise
        now = self._clock()
        plan = Plan(
            id=uuid4(),
            who=who,
            verb="window",
            selection={**asdict(window)},
            release=self._rules.release,
            letters=report.folded + report.failed + report.queued,
            made_at=now,
            expires_at=now,
            options={"would": asdict(report)},
        )
        await self._plans.keep(plan)
        deed = Deed(who=who, verb="plan", what=f"plan {plan.id}", detail={"verb": "window", **asdict(report)})
        await self._plans.finish(plan.id, plan.letters, now + self._rules.life, deed)
        found = await self._plans.find(plan.id)
        assert found is not None  # noqa: S101 - it was kept a moment ago
        return found

    async def _rehearsed(self, window: Window) -> BatchReport:
        if window.group not in self.groups:
            raise PlanRefusedError("window-group", f"a window is for one of: {', '.join(self.groups)}")
        if window.topic not in self.groups[window.group]:
            raise PlanRefusedError("window-topic", f"{window.group} reads: {', '.join(self.groups[window.group])}")
        consume: Consume = self._consume(window.group)
        read = 0
        async with consume.rehearsal() as rehearsal:
            async for records in self._reader.records(window):
                read += len(records)
                if read > self._rules.most:
                    raise PlanRefusedError("plan-large", f"a window has {self._rules.most} records at most: narrow it")
                await rehearsal.handle(records)
            report = rehearsal.report
        if not report.folded + report.failed + report.queued:
            raise PlanRefusedError("window-empty", f"{read} records, all of them known to {window.group}")
        return report

    async def run(self, job: Job) -> BatchReport:
        """Handle a window for its group: what it does not know yet, in order, parked keys respected."""
        plan = await self._plans.find(job.plan)
        said = plan.selection if plan else {}
        window = Window(
            topic=said["topic"],
            group=said["group"],
            since=datetime.fromisoformat(said["since"]),
            until=datetime.fromisoformat(said["until"]),
        )
        consume: Consume = self._consume(window.group)
        total = BatchReport()
        async for records in self._reader.records(window):
            total += await consume.handle(records)
        return total
