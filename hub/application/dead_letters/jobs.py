"""Jobs: a verb over a plan's frozen letters, asked for by one administrator, approved by another where it must be."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from hub.application.audit import Audit, Deed
from hub.application.dead_letters.job_ports import OPEN, Job, JobOptions, JobRefusedError, Jobs, JobState, Plan
from hub.application.dead_letters.plan import MakePlan
from hub.application.dead_letters.verdicts import GOOD
from hub.application.ports import Clock
from hub.domain.messaging.errors import RefusalError

_ALWAYS = frozenset({"edit", "skip", "redirect", "window"})
_STALE = {
    "plan-unfinished": "its making was interrupted",
    "plan-expired": "it is too old",
    "plan-of-another-release": "another release runs now",
    "plan-letters-changed": "letters changed since it was made",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class JobRules:
    """How many letters one administrator may deal with alone, how long an approval is awaited, how jobs run."""

    four_eyes: int
    approval_life: timedelta
    options: JobOptions


class AskJobs:
    """What administrators ask of jobs. Every operation is audited, also a refused one."""

    def __init__(self, jobs: Jobs, plans: MakePlan, *, audit: Audit, clock: Clock, rules: JobRules) -> None:
        self._jobs, self._plans, self._audit = jobs, plans, audit
        self._clock, self._rules = clock, rules

    def confirmation(self, plan: Plan) -> str | None:
        """What is typed to confirm a query-wide action; None: nothing."""
        return f"{plan.verb.upper()} {plan.letters}" if plan.by_query else None

    def needs_two(self, plan: Plan) -> bool:
        """Whether a second administrator must approve what a plan showed."""
        return plan.verb in _ALWAYS or plan.letters > self._rules.four_eyes

    async def ask(
        self,
        plan: UUID,
        *,
        who: str,
        reason: str,
        typed: str = "",
        everything: bool = False,
        options: JobOptions | None = None,
    ) -> Job:
        """Ask for what a plan showed; it runs at once, or waits for a second administrator.

        Args:
            plan: not older than its life, made by the code that runs, its letters unchanged.
            who: the administrator.
            reason: why; mandatory.
            typed: of a query-wide plan, what ``confirmation`` says.
            everything: also letters whose verdict is not good.
            options: how it runs.

        Raises:
            PlanRefusedError, JobRefusedError: nothing was changed.
        """
        async with self._audited(who, "ask", f"plan {plan}"):
            found = await self._plans.found(plan)
            await self._check(found, reason, typed)
            return await self._added(found, who=who, reason=reason, everything=everything, options=options)

    async def _check(self, plan: Plan, reason: str, typed: str) -> None:
        stale = await self._plans.stale(plan)
        if stale:
            raise JobRefusedError(stale, f"this plan cannot be used: {_STALE[stale]}; plan again: hub dlq plan")
        if not reason.strip():
            raise JobRefusedError("reason-missing", "say why: the reason stands in the audit")
        wanted = self.confirmation(plan)
        if wanted and typed.strip() != wanted:
            raise JobRefusedError("confirmation-missing", f"this is for everything the query found: type {wanted}")

    async def _added(self, plan: Plan, *, who: str, reason: str, everything: bool, options: JobOptions | None) -> Job:
        now = self._clock()
        alone = not self.needs_two(plan)
        job = Job(
            id=uuid4(),
            seq=0,
            plan=plan.id,
            verb=plan.verb,
            who=who,
            reason=reason,
            state="running" if alone else "asked",
            needs_approval=not alone,
            approver=None,
            why_stopped=None,
            release=plan.release,
            options=options or self._rules.options,
            letters=plan.letters if plan.verb == "window" else 0,
            asked_at=now,
            approved_at=None,
            expires_at=now + self._rules.approval_life,
            ended_at=None,
        )
        deed = Deed(
            who=who, verb="ask", what=f"job {job.id}", reason=reason, detail={"verb": job.verb, "plan": plan.id}
        )
        if not await self._jobs.add(job, None if everything else sorted(GOOD), deed):
            raise JobRefusedError(
                "job-empty", "no letter is left for it: others have another job, or their verdict is not good (--all)"
            )
        return await self.found(job.id)

    async def approve(self, job: UUID, *, who: str) -> Job:
        """Let a job run that another administrator asked for.

        Raises:
            JobRefusedError: ``job-unknown``, ``job-state``, ``approver-is-asker``, ``approval-expired``,
                or its plan is stale; nothing was changed.
        """
        async with self._audited(who, "approve", f"job {job}"):
            self._check_approval(await self.found(job), who)
        return await self._change(job, who, "approve", to="running", source=("asked",))

    def _check_approval(self, job: Job, who: str) -> None:
        if job.who == who:
            raise JobRefusedError("approver-is-asker", "another administrator must approve this")
        if job.state == "asked" and job.expires_at <= self._clock():
            raise JobRefusedError("approval-expired", "it waited too long for its approval; ask again")

    async def deny(self, job: UUID, *, who: str, reason: str) -> Job:
        """Refuse what another administrator asked for."""
        return await self._change(job, who, "deny", to="denied", source=("asked",), reason=reason)

    async def pause(self, job: UUID, *, who: str) -> Job:
        """Let it stand still after its present step."""
        return await self._change(job, who, "pause", to="paused", source=("running",))

    async def resume(self, job: UUID, *, who: str) -> Job:
        """Go on, also after a stop: what stopped it is known now."""
        return await self._change(job, who, "resume", to="running", source=("paused", "stopped"))

    async def cancel(self, job: UUID, *, who: str, reason: str = "") -> Job:
        """End it after its present step; what it did stays done, its other letters are free again."""
        return await self._change(job, who, "cancel", to="cancelled", source=OPEN, reason=reason)

    async def _change(
        self, job: UUID, who: str, verb: str, *, to: JobState, source: Sequence[JobState], reason: str = ""
    ) -> Job:
        """One change of state with its entry in the audit; a refused one too.

        Raises:
            JobRefusedError: nothing was changed.
        """
        async with self._audited(who, verb, f"job {job}"):
            found = await self.found(job)
            deed = Deed(who=who, verb=verb, what=f"job {job}", reason=reason)
            if not await self._jobs.change(job, source, to, deed):
                raise JobRefusedError("job-state", f"this job is {found.state}; {verb} wants: {', '.join(source)}")
        return await self.found(job)

    async def found(self, job: UUID) -> Job:
        """A job.

        Raises:
            JobRefusedError: there is none.
        """
        found = await self._jobs.find(job)
        if found is None:
            raise JobRefusedError("job-unknown", f"no job {job}; see: hub dlq jobs")
        return found

    async def shown(self, job: UUID) -> dict[str, Any]:
        """A job with its outcomes counted.

        Raises:
            JobRefusedError: there is none.
        """
        return {**asdict(await self.found(job)), "outcomes": await self._jobs.counts(job)}

    async def listed(
        self, *, states: Sequence[str] | None = None, before: int | None = None, limit: int = 50
    ) -> Sequence[Mapping[str, Any]]:
        """Jobs, the newest first; ``before`` is the last ``seq`` of the page before."""
        return await self._jobs.listed(states=states, before=before, limit=limit)

    async def outcomes(self, job: UUID, *, after: int = 0, limit: int = 50) -> Sequence[Mapping[str, Any]]:
        """What became of each letter, page by page; ``after`` is the last ``n`` seen."""
        await self.found(job)
        return await self._jobs.outcomes(job, after=after, limit=limit)

    async def expire(self) -> int:
        """End jobs that nobody approved in time; how many."""
        overdue = await self._jobs.overdue(self._clock())
        for job in overdue:
            deed = Deed(who="hub", verb="expire", what=f"job {job}", reason="approval-expired")
            await self._jobs.change(job, ("asked",), "expired", deed)
        return len(overdue)

    @asynccontextmanager
    async def _audited(self, who: str, verb: str, what: str) -> AsyncIterator[None]:
        """A refusal within is an entry of the audit."""
        try:
            yield
        except RefusalError as refusal:
            await self._audit.note([Deed(who=who, verb=verb, what=what, outcome="refused", reason=refusal.rule)])
            raise
