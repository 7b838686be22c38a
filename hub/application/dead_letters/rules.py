"""Fingerprint rules: park everything like this until a release runs, then replay it in canary steps (§20)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

import structlog

from hub.application.audit import Audit, Deed
from hub.application.dead_letters.jobs import AskJobs
from hub.application.dead_letters.plan import MakePlan
from hub.application.dead_letters.selection import Selection
from hub.application.ports import Clock
from hub.domain.messaging.errors import RefusalError

_log = structlog.get_logger()
_LONGEST = timedelta(days=90)


class RuleRefusedError(RefusalError):
    """A fingerprint rule cannot be made or taken away."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FingerprintRule:
    """Letters of a fingerprint wait for a release (its version, or the beginning of its full name)."""

    fingerprint: str
    release: str
    who: str
    reason: str
    expires_at: datetime


class Rules(Protocol):
    """Where rules are kept."""

    async def add(self, rule: FingerprintRule, deed: Deed) -> bool:
        """Keep a rule; False when the fingerprint has one."""

    async def remove(self, fingerprint: str, deed: Deed) -> bool: ...
    async def all(self) -> Sequence[FingerprintRule]: ...
    async def known(self, fingerprint: str) -> bool:
        """Whether any letter ever failed like this."""


class FingerprintRules:
    """Makes rules, and carries out those whose release runs."""

    def __init__(
        self, rules: Rules, plans: MakePlan, jobs: AskJobs, *, audit: Audit, clock: Clock, release: str
    ) -> None:
        self._rules, self._plans, self._jobs = rules, plans, jobs
        self._audit, self._clock, self._release = audit, clock, release

    async def add(self, fingerprint: str, *, release: str, lasts: timedelta, who: str, reason: str) -> FingerprintRule:
        """Let everything like this wait for a release: it no longer counts for the ceiling of its group.

        Raises:
            RuleRefusedError: nothing was changed; audited.
        """
        what = f"group {fingerprint[:64]}"
        try:
            await self._check(fingerprint, release, lasts, reason)
        except RuleRefusedError as refusal:
            await self._audit.note([Deed(who=who, verb="rule", what=what, outcome="refused", reason=refusal.rule)])
            raise
        made = FingerprintRule(
            fingerprint=fingerprint, release=release, who=who, reason=reason, expires_at=self._clock() + lasts
        )
        deed = Deed(who=who, verb="rule", what=what, reason=reason, detail={"release": release})
        if not await self._rules.add(made, deed):
            raise RuleRefusedError("rule-exists", "this fingerprint has a rule; remove that first")
        return made

    async def _check(self, fingerprint: str, release: str, lasts: timedelta, reason: str) -> None:
        if not await self._rules.known(fingerprint):
            raise RuleRefusedError("group-unknown", f"no group {fingerprint}; see: hub dlq groups")
        if not release.strip() or not reason.strip():
            raise RuleRefusedError("rule-incomplete", "say the release that it waits for, and why")
        if not timedelta(0) < lasts <= _LONGEST:
            raise RuleRefusedError("rule-lasts", f"a rule expires: within {_LONGEST.days} days")

    async def remove(self, fingerprint: str, *, who: str) -> None:
        """Take a rule away.

        Raises:
            RuleRefusedError: there is none.
        """
        if not await self._rules.remove(fingerprint, Deed(who=who, verb="rule removed", what=f"group {fingerprint}")):
            raise RuleRefusedError("rule-unknown", f"group {fingerprint} has no rule")

    async def listed(self) -> Sequence[FingerprintRule]:
        """Every rule."""
        return await self._rules.all()

    async def once(self) -> int:
        """End rules that expired; ask for the replay of those whose release runs; how many jobs were asked for."""
        asked = 0
        for rule in await self._rules.all():
            if rule.expires_at <= self._clock():
                await self._end(rule, "rule expired")
                _log.warning("fingerprint rule expired", fingerprint=rule.fingerprint, alert=True)
            elif self._release.startswith(rule.release):
                asked += await self._replayed(rule)
        return asked

    async def _replayed(self, rule: FingerprintRule) -> bool:
        """A death between asking and ending the rule asks again: letters have one job, so nothing is doubled."""
        who = f"rule of {rule.who}"
        try:
            plan = await self._plans.make(Selection(fingerprint=rule.fingerprint), verb="replay", who=who)
            typed = self._jobs.confirmation(plan) or ""
            await self._jobs.ask(plan.id, who=who, reason=rule.reason, typed=typed)
        except RefusalError as refusal:
            await self._end(rule, f"rule ended: {refusal.rule}")
            return False
        await self._end(rule, "rule carried out")
        return True

    async def _end(self, rule: FingerprintRule, verb: str) -> None:
        await self._rules.remove(rule.fingerprint, Deed(who="hub", verb=verb, what=f"group {rule.fingerprint}"))


def shown(rule: FingerprintRule) -> Mapping[str, Any]:
    """A rule as commands and pages show it."""
    return {
        "fingerprint": rule.fingerprint,
        "release": rule.release,
        "who": rule.who,
        "reason": rule.reason,
        "expires_at": rule.expires_at,
    }
