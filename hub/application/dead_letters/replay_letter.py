"""An administrator replays one letter: what became of it, or why it was refused, stands in the audit."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from hub.application.audit import Audit, Deed
from hub.application.consume.replay import Replay
from hub.application.consume.replay_ports import ReplayReport
from hub.application.dead_letters.job_ports import JobRefusedError, Jobs
from hub.application.dead_letters.verdicts import ERASED
from hub.domain.messaging.errors import RefusalError


class ReplayLetter:
    """Replay with its entry in the audit."""

    def __init__(
        self, replay: Replay, jobs: Jobs, audit: Audit, *, verdict: Callable[[UUID], Awaitable[str | None]]
    ) -> None:
        self._replay = replay
        self._verdict = verdict
        self._jobs = jobs
        self._audit = audit

    async def run(self, letter: UUID, *, who: str, last: bool = False, reason: str = "") -> ReplayReport:
        """Replay a letter and what waits behind it.

        A death between the replay and its entry leaves the attempt with its name (``letter_attempt``) and no
        entry: the audit never says that something happened which did not.

        Raises:
            LetterUnknownError, LetterClosedError, LetterNotHeadError, JobRefusedError: nothing was changed; audited.
        """
        verb, what = "replay last" if last else "replay", f"letter {letter}"
        try:
            job = await self._jobs.of_letter(letter)
            if job is not None:
                raise JobRefusedError("letter-in-job", f"this letter belongs to job {job}; cancel that first")
            if await self._verdict(letter) == ERASED:
                raise JobRefusedError("letter-subject-erased", "its person was erased; skip it: hub dlq skip")
            report = await self._replay.letter(letter, last=last, who=who, reason=reason)
        except RefusalError as refusal:
            await self._audit.note([Deed(who=who, verb=verb, what=what, outcome="refused", reason=refusal.rule)])
            raise
        detail = {"succeeded": report.succeeded, "released": report.released, "parked": report.parked}
        await self._audit.note([Deed(who=who, verb=verb, what=what, reason=reason, detail=detail)])
        return report
