"""Plan first: a verb's letters are frozen, and the present code says what would become of each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID, uuid4

from hub.application.audit import Audit, Deed
from hub.application.dead_letters.job_ports import VERBS, Hand, Plan, PlanRefusedError, Plans, Verb
from hub.application.dead_letters.selection import Selection
from hub.application.ports import Clock

_TOGETHER = 200
Progress = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanRules:
    """How long a plan may be used, over how many letters, and which code answers now."""

    life: timedelta
    most: int
    release: str


class MakePlan:
    """Makes plans and shows them."""

    def __init__(
        self, plans: Plans, hands: Callable[[str], Hand], *, audit: Audit, clock: Clock, rules: PlanRules
    ) -> None:
        self._plans, self._hands, self._audit = plans, hands, audit
        self._clock, self._rules = clock, rules

    async def make(
        self,
        asked: Selection | Sequence[UUID],
        *,
        verb: Verb,
        who: str,
        options: Mapping[str, Any] | None = None,
        progress: Progress = lambda _done, _all: None,
    ) -> Plan:
        """Freeze the list, then ask the present code about each letter. A plan whose making died is never used.

        ``options``: what the verb needs beside; ``progress`` hears how many letters of how many are done.

        Raises:
            PlanRefusedError: ``plan-verb``, ``plan-empty``, ``plan-large``, ``letter-unknown``; audited.
        """
        now = self._clock()
        plan = Plan(
            id=uuid4(),
            who=who,
            verb=verb,
            selection=_said(asked),
            release=self._rules.release,
            letters=0,
            made_at=now,
            expires_at=now,
            options=options or {},
        )
        try:
            count = await self._freeze(plan, asked)
        except PlanRefusedError as refusal:
            await self._audit.note([Deed(who=who, verb="plan", what=verb[:40], outcome="refused", reason=refusal.rule)])
            raise
        await self._say(plan, count, progress)
        deed = Deed(who=who, verb="plan", what=f"plan {plan.id}", detail={"verb": verb, "letters": count})
        await self._plans.finish(plan.id, count, now + self._rules.life, deed)
        return await self.found(plan.id)

    async def _freeze(self, plan: Plan, asked: Selection | Sequence[UUID]) -> int:
        if plan.verb not in VERBS:
            raise PlanRefusedError("plan-verb", f"a plan is for one of: {', '.join(VERBS)}")
        count = await self._plans.freeze(plan, asked, self._rules.most)
        if 0 < count <= self._rules.most and (isinstance(asked, Selection) or count == len(set(asked))):
            return count
        await self._plans.drop(plan.id)
        if count > self._rules.most:
            raise PlanRefusedError("plan-large", f"a plan has {self._rules.most} letters at most: narrow the query")
        if isinstance(asked, Selection):
            raise PlanRefusedError("plan-empty", "no letter is like this; see: hub dlq list")
        raise PlanRefusedError("letter-unknown", f"{len(set(asked)) - count} of these are no dead letters")

    async def _say(self, plan: Plan, count: int, progress: Progress) -> None:
        """The verdict on every letter, as far as it got at any moment."""
        frozen = sorted(await self._plans.frozen(plan.id), key=attrgetter("group"))
        done = 0
        for group, members in groupby(frozen, key=attrgetter("group")):
            letters = [one.letter for one in members]
            for at in range(0, len(letters), _TOGETHER):
                part = letters[at : at + _TOGETHER]
                found = await self._hands(group).verdicts(group, part, plan.verb, plan.options)
                await self._plans.say(plan.id, found)
                done += len(part)
                progress(done, count)

    async def found(self, plan: UUID) -> Plan:
        """A plan.

        Raises:
            PlanRefusedError: there is none.
        """
        found = await self._plans.find(plan)
        if found is None:
            raise PlanRefusedError("plan-unknown", f"no plan {plan}; make one: hub dlq plan")
        return found

    async def shown(self, plan: UUID) -> dict[str, Any]:
        """A plan with its verdicts counted.

        Raises:
            PlanRefusedError: there is none.
        """
        found = await self.found(plan)
        return {**asdict(found), "verdicts": await self._plans.counts(plan), "stale": await self.stale(found)}

    async def stale(self, plan: Plan) -> str | None:
        """Why a plan can no longer be used; None: it can."""
        if plan.expires_at <= plan.made_at:
            return "plan-unfinished"
        if plan.expires_at <= self._clock():
            return "plan-expired"
        if plan.release != self._rules.release:
            return "plan-of-another-release"
        return "plan-letters-changed" if await self._plans.changed(plan.id) else None

    async def letters(self, plan: UUID, *, after: int = 0, limit: int = 50) -> Sequence[Mapping[str, Any]]:
        """A page of its letters with their verdicts; ``after`` is the last ``n`` seen."""
        await self.found(plan)
        return await self._plans.letters(plan, after=after, limit=limit)


def _said(asked: Selection | Sequence[UUID]) -> dict[str, Any]:
    """What was asked, as it is kept."""
    if isinstance(asked, Selection):
        return {name: value for name, value in asdict(asked).items() if value is not None}
    return {"letters": len(asked)}
