"""Verbs on what failed on the way out or at the door: sent again, redirected, closed (dead-letters; ADR 0013)."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from hub.application.consume.replay_ports import By, LetterClosedError, ReplayReport
from hub.application.dead_letters import verdicts
from hub.application.dead_letters.job_ports import JobRefusedError, Verb
from hub.application.dead_letters.verdicts import Verdict
from hub.application.ports import Vault
from hub.domain.messaging.cloudevent import Sealed
from hub.domain.messaging.errors import HubError
from schemas import EVENT_TYPES

_MAIL = "mail"


class GivenUp(NamedTuple):
    """A letter's delivery. ``happened``: the effect ledger knows it; ``doubled``: it may have been taken before."""

    letter: UUID
    letter_state: str
    delivery: UUID
    kind: str
    state: str
    happened: bool
    doubled: bool
    personal: Sealed | None


class HeldTimer(NamedTuple):
    """A letter's timer; ``type`` None: it is gone."""

    letter: UUID
    letter_state: str
    type: str | None
    data: str | None


class Outside(Protocol):
    """Deliveries and timers behind letters."""

    async def given_up(self, letters: Sequence[UUID]) -> Sequence[GivenUp]: ...
    async def knows_office(self, office: str) -> bool: ...
    async def send_again(self, letters: Sequence[UUID], by: By, *, office: str | None) -> set[UUID]:
        """Put deliveries back on their way, to another office if one is given; which ones were."""

    async def timers(self, letters: Sequence[UUID]) -> Sequence[HeldTimer]: ...
    async def drop_timers(self, letters: Sequence[UUID], by: By) -> set[UUID]:
        """Take timers away with their letters; which ones were."""


class DeliveryHand:
    """Mails that were given up. Their letter closes when they are on their way; it opens again if they fail again."""

    def __init__(self, outside: Outside, vault: Vault) -> None:
        self._outside, self._vault = outside, vault

    async def verdicts(
        self, _group: str, letters: Sequence[UUID], verb: Verb, options: Mapping[str, Any]
    ) -> list[Verdict]:
        """What the ledger and the persons' keys say; whether a partner takes it is known when it is sent."""
        office = _office(verb, options)
        unknown = office is not None and not await self._outside.knows_office(office)
        found = await self._outside.given_up(letters)
        boxes = [one.personal for one in found if one.personal]
        plain = iter(await self._vault.open_many(boxes))
        erased = {one.letter for one in found if one.personal and next(plain) is None}
        return [_verdict(one, erased=one.letter in erased, unknown=unknown) for one in found]

    async def carry(
        self, _group: str, letters: Sequence[UUID], verb: Verb, by: By, *, options: Mapping[str, Any]
    ) -> tuple[list[ReplayReport], dict[UUID, HubError]]:
        """Put them on their way."""
        found = {one.letter: _barred(one) for one in await self._outside.given_up(letters)}
        free = [letter for letter in letters if found.get(letter) is None]
        done = await self._outside.send_again(free, by, office=_office(verb, options))
        return _carried(letters, done, found)


class TimerHand:
    """Deadlines that this release could not read: they fire by themselves when one can, or are taken away."""

    def __init__(self, outside: Outside) -> None:
        self._outside = outside

    async def verdicts(
        self, _group: str, letters: Sequence[UUID], verb: Verb, _options: Mapping[str, Any]
    ) -> list[Verdict]:
        """Whether the present code reads their events."""
        found = await self._outside.timers(letters)
        return [Verdict(letter=one.letter, verdict=_timer_verdict(one, verb)) for one in found]

    async def carry(
        self, _group: str, letters: Sequence[UUID], verb: Verb, by: By, *, options: Mapping[str, Any]
    ) -> tuple[list[ReplayReport], dict[UUID, HubError]]:
        """Skip: take them away. Replay: the clock fires what can be read, and closes the letter."""
        del options
        done: set[UUID] = set()
        if verb == "skip":
            done = await self._outside.drop_timers(letters, by)
        return _carried(letters, done, dict.fromkeys(letters, "timer-unreadable"))


def _carried(
    letters: Sequence[UUID], done: set[UUID], why: Mapping[UUID, str | None]
) -> tuple[list[ReplayReport], dict[UUID, HubError]]:
    reports = [ReplayReport(letter=one, succeeded=True, released=0, parked=False) for one in letters if one in done]
    refused: dict[UUID, HubError] = {
        one: LetterClosedError(why.get(one) or "letter-state") for one in letters if one not in done
    }
    return reports, refused


def _office(verb: Verb, options: Mapping[str, Any]) -> str | None:
    if verb != "redirect":
        return None
    office = options.get("office")
    if not office:
        raise JobRefusedError("redirect-where", "say to which office of the Chamber's directory: office")
    return str(office)


def _barred(one: GivenUp) -> str | None:
    if one.letter_state != "waiting":
        return f"letter-{one.letter_state}"
    if one.kind != _MAIL:
        return "asked-again-by-its-cpas"  # its end was told to the saga, which decides (ADR 0012)
    return None if one.state == "failed" else "delivery-on-its-way"


def _verdict(one: GivenUp, *, erased: bool, unknown: bool) -> Verdict:
    why = _barred(one) or ("office-unknown" if unknown else None)
    if why:
        return Verdict(letter=one.letter, verdict=verdicts.BARRED, reason=why)
    if one.happened:
        return Verdict(letter=one.letter, verdict=verdicts.SENT)
    if erased:
        return Verdict(letter=one.letter, verdict=verdicts.ERASED)
    return Verdict(letter=one.letter, verdict=verdicts.SUCCEEDS, reason="possibly sent before" if one.doubled else None)


def _timer_verdict(one: HeldTimer, verb: Verb) -> str:
    if one.letter_state != "waiting" or one.type is None:
        return verdicts.BARRED
    if verb == "skip":
        return verdicts.SUCCEEDS
    kind = EVENT_TYPES.get(one.type)
    try:
        readable = kind is not None and kind.model_validate_json(one.data or "") is not None
    except ValueError:
        readable = False
    return verdicts.SUCCEEDS if readable else verdicts.INVALID
