"""Who carries a verb out: on records of a consumer group, through its inbox; laying aside, on letters of any origin."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from hub.application.consume.replay import Replay
from hub.application.consume.replay_ports import REPLAY, SKIP, By, LetterClosedError, ReplayReport, Treatment
from hub.application.dead_letters import verdicts
from hub.application.dead_letters.job_ports import Hand, JobRefusedError, Verb
from hub.application.dead_letters.rehearse import Rehearse
from hub.application.dead_letters.verdicts import Verdict
from hub.application.ports import Clock
from hub.domain.messaging.errors import HubError

TREATMENTS: Mapping[Verb, Treatment] = {"replay": REPLAY, "skip": SKIP}
MOVES: Mapping[Verb, tuple[Sequence[str], str]] = {
    "archive": (("waiting",), "archived"),
    "restore": (("archived", "returned"), "waiting"),
}
"""From which states to which; the dossier goes on waiting behind the letter."""
CLOSED: Mapping[Verb, tuple[Sequence[str], str]] = {"skip": (("waiting", "returned"), "skipped")}
"""Of letters that hold up nothing but themselves."""


class Aside(Protocol):
    """Letters laid aside and taken back."""

    async def move(
        self, letters: Sequence[UUID], source: Sequence[str], to: str, by: By, *, verb: str, expires_at: datetime | None
    ) -> set[UUID]:
        """Move those that are in these states, with their attempt, job and audit; which ones were."""

    async def states(self, letters: Sequence[UUID]) -> Mapping[UUID, tuple[str, int]]:
        """State of letters, and how many records wait behind each."""


class LayAside:
    """Archive and restore: the dossier goes on waiting behind the letter."""

    def __init__(
        self,
        aside: Aside,
        *,
        clock: Clock,
        keep: timedelta,
        moves: Mapping[Verb, tuple[Sequence[str], str]] = MOVES,
    ) -> None:
        self._aside, self._clock, self._keep, self._moves = aside, clock, keep, moves

    async def verdicts(
        self, _group: str, letters: Sequence[UUID], verb: Verb, _options: Mapping[str, Any]
    ) -> list[Verdict]:
        """Whether each may be moved."""
        source, _ = self._moves[verb]
        found = await self._aside.states(letters)
        return [
            Verdict(letter=letter, verdict=verdicts.SUCCEEDS, behind=behind)
            if state in source
            else Verdict(letter=letter, verdict=verdicts.BARRED, reason=f"letter-{state}", behind=behind)
            for letter, (state, behind) in found.items()
        ]

    async def carry(
        self, _group: str, letters: Sequence[UUID], verb: Verb, by: By, *, options: Mapping[str, Any]
    ) -> tuple[list[ReplayReport], dict[UUID, HubError]]:
        """Move them."""
        del options
        source, to = self._moves[verb]
        expires_at = self._clock() + self._keep if verb == "archive" else None
        moved = await self._aside.move(letters, source, to, by, verb=verb, expires_at=expires_at)
        reports = [_aside(letter) for letter in letters if letter in moved]
        refused: dict[UUID, HubError] = {
            letter: LetterClosedError("letter-state", f"to {verb} it, a letter must be {' or '.join(source)}")
            for letter in letters
            if letter not in moved
        }
        return reports, refused


def _aside(letter: UUID) -> ReplayReport:
    return ReplayReport(letter=letter, succeeded=True, released=0, parked=False)


class ByVerb:
    """Who carries out which verb on letters of one origin."""

    def __init__(self, hands: Mapping[Verb, Hand]) -> None:
        self._hands = hands

    async def verdicts(
        self, group: str, letters: Sequence[UUID], verb: Verb, options: Mapping[str, Any]
    ) -> Sequence[Verdict]:
        """What would become of each."""
        return await self._of(verb).verdicts(group, letters, verb, options)

    async def carry(
        self, group: str, letters: Sequence[UUID], verb: Verb, by: By, *, options: Mapping[str, Any]
    ) -> tuple[Sequence[ReplayReport], Mapping[UUID, HubError]]:
        """One step."""
        return await self._of(verb).carry(group, letters, verb, by, options=options)

    def _of(self, verb: Verb) -> Hand:
        found = self._hands.get(verb)
        if found is None:
            raise JobRefusedError("verb-not-here", f"of these letters only: {', '.join(self._hands)}")
        return found


class RecordHand:
    """Replay and skip of records that a consumer group could not handle, through its inbox."""

    def __init__(self, replay: Replay, rehearse: Rehearse) -> None:
        self._replay, self._rehearse = replay, rehearse

    async def verdicts(
        self, group: str, letters: Sequence[UUID], verb: Verb, _options: Mapping[str, Any]
    ) -> Sequence[Verdict]:
        """What would become of each."""
        return await self._rehearse.verdicts(group, dict.fromkeys(letters, TREATMENTS[verb]))

    async def carry(
        self, group: str, letters: Sequence[UUID], verb: Verb, by: By, *, options: Mapping[str, Any]
    ) -> tuple[Sequence[ReplayReport], Mapping[UUID, HubError]]:
        """One step."""
        del options
        limit = max(20, by.most // len(letters))
        return await self._replay.letters(group, dict.fromkeys(letters, TREATMENTS[verb]), by, limit=limit)
