"""Plans, jobs and the verbs on dead letters."""

import os
import socket
from collections.abc import Awaitable, Callable, Mapping
from functools import cached_property
from typing import Any
from uuid import UUID

from hub.adapters.kafka.lag import lag_of
from hub.adapters.kafka.window import KafkaWindows
from hub.adapters.postgres.aside import PostgresAside
from hub.adapters.postgres.audit import PostgresAudit
from hub.adapters.postgres.edits import PostgresEdits
from hub.adapters.postgres.letter_groups import PostgresLetterGroups
from hub.adapters.postgres.letter_reads import PostgresLetterReads
from hub.adapters.postgres.letters import PostgresLetters
from hub.adapters.postgres.outside import PostgresOutside
from hub.adapters.postgres.pressure import PostgresPressure
from hub.adapters.postgres.refused_documents import PostgresRefusedDocuments
from hub.adapters.postgres.replay_jobs import PostgresJobs
from hub.adapters.postgres.replay_plans import PostgresPlans
from hub.adapters.postgres.returns import PostgresReturns
from hub.adapters.postgres.reveals import PostgresRevealLog
from hub.adapters.postgres.rules import PostgresRules
from hub.application.consume.handle_batch import BatchReport
from hub.application.consume.replay_ports import REPLAY
from hub.application.dead_letters.corrections import Correct
from hub.application.dead_letters.edit import EditLetter
from hub.application.dead_letters.edit_document import EditDocument
from hub.application.dead_letters.expire_archived import ExpireArchived
from hub.application.dead_letters.groups import Groups
from hub.application.dead_letters.hands import CLOSED, ByVerb, LayAside, RecordHand
from hub.application.dead_letters.job_ports import Hand, Job, JobOptions, Pressure
from hub.application.dead_letters.jobs import AskJobs, JobRules
from hub.application.dead_letters.outward import CLOCK, DELIVER, INTAKE
from hub.application.dead_letters.outward_hands import DeliveryHand, TimerHand
from hub.application.dead_letters.plan import MakePlan, PlanRules
from hub.application.dead_letters.rehearse import Rehearse
from hub.application.dead_letters.replay_letter import ReplayLetter
from hub.application.dead_letters.return_to_sender import ReturnToSender
from hub.application.dead_letters.rules import FingerprintRules
from hub.application.dead_letters.run_jobs import RunJobs
from hub.application.dead_letters.search import SearchLetters
from hub.application.dead_letters.window import ReplayWindow
from hub.bootstrap.doors import DoorParts
from hub.bootstrap.messaging import MessagingParts
from hub.bootstrap.places import ISSUER
from hub.bootstrap.release import release


class DeadLetterParts(MessagingParts, DoorParts):
    """What administrators see of dead letters and do with them."""

    @cached_property
    def audit(self) -> PostgresAudit:
        """What administrators did."""
        return PostgresAudit(self.database)

    @cached_property
    def letter_reads(self) -> PostgresLetterReads:
        """Dead letters as administrators read them."""
        return PostgresLetterReads(self.database.engine, list(self.managers))

    @cached_property
    def search_letters(self) -> SearchLetters:
        """Pages of letters, for whoever may see what."""
        return SearchLetters(self.letter_reads, self.audit)

    @cached_property
    def letter_groups(self) -> Groups:
        """Dead letters that fail alike, and what administrators say of them."""
        kept = PostgresLetterGroups(self.database.engine, at_risk=self.settings.dead_letters.at_risk)
        return Groups(kept, self.audit)

    @cached_property
    def replay_letter(self) -> ReplayLetter:
        """Replay of one letter, audited."""
        return ReplayLetter(self.replay, PostgresJobs(self.database), self.audit, verdict=self._verdict_on)

    async def _verdict_on(self, letter: UUID) -> str | None:
        """What a rehearsal says of one letter of a consumer group; None of others, and of unknown ones."""
        group, _ = (await PostgresLetters(self.database).places_of([letter])).get(letter, ("", ""))
        if group not in self.managers:
            return None
        (verdict,) = await self._rehearse.verdicts(group, {letter: REPLAY})
        return verdict.verdict

    @cached_property
    def plans(self) -> MakePlan:
        """Plan first."""
        plans = PostgresPlans(self.database)
        return MakePlan(plans, self.hand, audit=self.audit, clock=self.clock, rules=self._plan_rules)

    @property
    def _plan_rules(self) -> PlanRules:
        settings = self.settings.dead_letters
        return PlanRules(life=settings.plan_life, most=settings.plan_most, release=release())

    @cached_property
    def jobs(self) -> AskJobs:
        """Jobs, asked for and approved."""
        settings = self.settings.dead_letters
        rules = JobRules(four_eyes=settings.four_eyes, approval_life=settings.approval_life, options=self.job_options())
        return AskJobs(PostgresJobs(self.database), self.plans, audit=self.audit, clock=self.clock, rules=rules)

    def job_options(self) -> JobOptions:
        """How a job runs unless it is asked otherwise."""
        settings = self.settings.dead_letters
        return JobOptions(
            canary=tuple(int(one) for one in settings.canary.split(",") if one),
            stop_share=settings.stop_share,
            stop_lag=settings.stop_lag,
            rate=settings.rate,
            together=settings.together,
        )

    @cached_property
    def run_jobs(self) -> RunJobs:
        """A runner of jobs."""
        return RunJobs(
            PostgresJobs(self.database),
            self.jobs,
            self.hand,
            options=self._options_of,
            lag=self._most_lag,
            window=self._run_window,
            pressure=self._pressure,
            clock=self.clock,
            name=f"{socket.gethostname()}/{os.getpid()}",
            release=release(),
            lease=self.settings.dead_letters.lease,
            beside=(self.correct.once, self.expire_archived.once, self.settle_outward, self.fingerprint_rules.once),
        )

    @cached_property
    def correct(self) -> Correct:
        """Closes returned letters whose corrections came."""
        return Correct(PostgresReturns(self.database), self.replay, self._rehearse)

    @cached_property
    def expire_archived(self) -> ExpireArchived:
        """Ends archived letters whose time is over."""
        return ExpireArchived(PostgresAside(self.database), self.replay, audit=self.audit, clock=self.clock)

    @cached_property
    def fingerprint_rules(self) -> FingerprintRules:
        """Park everything like this until a release runs."""
        rules = PostgresRules(self.database)
        return FingerprintRules(rules, self.plans, self.jobs, audit=self.audit, clock=self.clock, release=release())

    @cached_property
    def windows(self) -> ReplayWindow:
        """A window of a topic for one group."""
        groups = {name: self.topics.of_types(one.handles) for name, one in self.managers.items()}
        return ReplayWindow(
            KafkaWindows(self.where.kafka),
            groups,
            self.consume,
            PostgresPlans(self.database),
            audit=self.audit,
            clock=self.clock,
            rules=self._plan_rules,
        )

    @cached_property
    def _pressure(self) -> Callable[[], Awaitable[Pressure]]:
        return PostgresPressure(self.database)

    async def _run_window(self, job: Job) -> BatchReport:
        return await self.windows.run(job)

    def hand(self, group: str) -> Hand:
        """Who carries verbs out on letters of a group."""
        return self._outward_hands.get(group) or self._record_hand

    @cached_property
    def _outward_hands(self) -> dict[str, Hand]:
        outside, aside = PostgresOutside(self.database), PostgresAside(self.database)
        keep = self.settings.dead_letters.archive
        close = LayAside(aside, clock=self.clock, keep=keep, moves=CLOSED)
        deliveries, timers = DeliveryHand(outside, self.vault), TimerHand(outside)
        laid = self._lay_aside
        return {
            DELIVER: ByVerb(
                {"replay": deliveries, "redirect": deliveries, "skip": close, "archive": laid, "restore": laid}
            ),
            INTAKE: ByVerb({"skip": close, "archive": laid, "restore": laid, "edit": self.document_edits}),
            CLOCK: ByVerb({"replay": timers, "skip": timers, "archive": laid, "restore": laid}),
        }

    async def settle_outward(self) -> int:
        """Close letters that were settled by what happened meanwhile."""
        return await PostgresOutside(self.database).settle(self.clock())

    @cached_property
    def _lay_aside(self) -> LayAside:
        return LayAside(PostgresAside(self.database), clock=self.clock, keep=self.settings.dead_letters.archive)

    @cached_property
    def _rehearse(self) -> Rehearse:
        return Rehearse(
            self.managers,
            letters=PostgresLetters(self.database),
            vault=self.vault,
            topics=self.topics,
            clock=self.clock,
        )

    @cached_property
    def edits(self) -> EditLetter:
        """Edit and replay."""
        return EditLetter(
            PostgresEdits(self.database), self.replay, self._rehearse, vault=self.vault, signer=self.signer
        )

    @cached_property
    def document_edits(self) -> EditDocument:
        """Edits of refused documents."""
        documents, log = PostgresRefusedDocuments(self.database), PostgresRevealLog(self.database)
        return EditDocument(documents, self.document_keys, self.intake, log, clock=self.clock)

    @cached_property
    def _record_hand(self) -> ByVerb:
        back = ReturnToSender(
            PostgresReturns(self.database),
            signer=self.signer,
            topics=self.topics,
            clock=self.clock,
            issuer=self.settings.http.public_url or ISSUER,
        )
        again, aside = RecordHand(self.replay, self._rehearse), self._lay_aside
        return ByVerb(
            {"replay": again, "skip": again, "archive": aside, "restore": aside, "return": back, "edit": self.edits}
        )

    async def _options_of(self, plan: UUID) -> Mapping[str, Any]:
        return (await self.plans.found(plan)).options

    async def _most_lag(self) -> int:
        """How far the slowest group is behind."""
        handled = {name: self.topics.of_types(one.handles) for name, one in self.managers.items()}
        return max((int(str(row["lag"])) for row in await lag_of(self.where.kafka, handled)), default=0)
