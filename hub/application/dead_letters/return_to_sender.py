"""Return to sender: a signed rejection that its sender can act on, tracked until the correction is handled (§19)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from hub.application.consume.replay_ports import By, LetterClosedError, ReplayReport
from hub.application.dead_letters import verdicts
from hub.application.dead_letters.job_ports import JobRefusedError, Verb
from hub.application.dead_letters.verdicts import Verdict
from hub.application.envelope import encode, outbox_row
from hub.application.intake.ports import Signer
from hub.application.ports import Clock, FeedRow, Follow, OutboxRow
from hub.domain.messaging.cloudevent import CloudEvent, event_id_of
from hub.domain.messaging.decision import Delivery
from hub.domain.messaging.errors import HubError
from hub.domain.messaging.messages import LANGUAGES, message
from hub.domain.messaging.return_messages import RETURN_CODES
from hub.domain.messaging.topics import Topics
from schemas.dead_letters import DocumentReturned

_SOURCE = "/hub/dead-letters"
MAIL = "returned"
"""The mail's template and effect."""


class Returnable(NamedTuple):
    """A letter as far as its return is concerned; ``known``: its institution lives."""

    letter: UUID
    state: str
    key: str
    event: UUID
    type: str | None
    rule: str
    attempts: int
    institution: str | None
    known: bool
    behind: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Rejection:
    """A return with everything that follows from it."""

    letter: UUID
    institution: str
    code: str
    rule: str
    where: str | None
    event: UUID
    type: str | None
    signed: str
    outbox: OutboxRow
    feed: FeedRow
    mail: Follow


class Returns(Protocol):
    """Where returns are kept."""

    async def returnable(self, letters: Sequence[UUID]) -> Sequence[Returnable]: ...
    async def give_back(self, rejections: Sequence[Rejection], by: By) -> set[UUID]:
        """Return what still waits, in one transaction with events, feeds, mails, job and audit; which ones."""


class ReturnToSender:
    """Returns letters to the institution whose document they came from."""

    def __init__(self, returns: Returns, *, signer: Signer, topics: Topics, clock: Clock, issuer: str) -> None:
        self._returns, self._signer, self._topics = returns, signer, topics
        self._clock, self._issuer = clock, issuer

    async def verdicts(
        self, _group: str, letters: Sequence[UUID], _verb: Verb, options: Mapping[str, Any]
    ) -> list[Verdict]:
        """Whether each may be returned.

        Raises:
            JobRefusedError: ``return-code-unknown``.
        """
        _code(options)
        return [
            Verdict(letter=one.letter, verdict=verdicts.BARRED if why else verdicts.SUCCEEDS, reason=why)
            for one in await self._returns.returnable(letters)
            for why in (_barred(one),)
        ]

    async def carry(
        self, _group: str, letters: Sequence[UUID], _verb: Verb, by: By, *, options: Mapping[str, Any]
    ) -> tuple[list[ReplayReport], dict[UUID, HubError]]:
        """Return them."""
        found = await self._returns.returnable(letters)
        now, code, where = self._clock(), _code(options), options.get("where")
        rejections = [self._rejection(one, code, where, now) for one in found if not _barred(one)]
        done = await self._returns.give_back(rejections, by) if rejections else set()
        reports = [ReplayReport(letter=one, succeeded=True, released=0, parked=False) for one in letters if one in done]
        refused: dict[UUID, HubError] = {
            one.letter: LetterClosedError(_barred(one) or "letter-state") for one in found if one.letter not in done
        }
        return reports, refused

    def _rejection(self, one: Returnable, code: str, where: str | None, now: datetime) -> Rejection:
        institution = str(one.institution)
        signed = self._signer.sign(self._claims(one, code, where, now))
        event = self._event(one, code, where, signed, now)
        headers, value = encode(event)
        content = {"template": MAIL, "institution": institution, "reference": str(one.letter), "code": code}
        mail = Delivery(
            effect=f"{MAIL}/{one.attempts}",
            kind="mail",
            partner="mail",
            key=f"returns/{institution}",
            content={**content, **({"where": where} if where else {})},
        )
        return Rejection(
            letter=one.letter,
            institution=institution,
            code=code,
            rule=one.rule,
            where=where,
            event=one.event,
            type=one.type,
            signed=signed,
            outbox=outbox_row(event, self._topics),
            feed=FeedRow(institution, event.id, event.type, headers, value),
            mail=Follow(cause=event, key=one.key, what=mail),
        )

    def _claims(self, one: Returnable, code: str, where: str | None, now: datetime) -> dict[str, Any]:
        """What is signed: checked offline with the hub's published key, as a receipt is."""
        return {
            "iss": self._issuer,
            "jti": str(event_id_of("return", str(one.letter), str(one.attempts))),
            "state": "returned",
            "reference": str(one.letter),
            "institution": one.institution,
            "event": str(one.event),
            "eventType": one.type,
            "code": code,
            "rule": one.rule,
            "where": where,
            "returnedAt": now.isoformat(),
            "text": {language: message(code, language) for language in LANGUAGES},
        }

    def _event(self, one: Returnable, code: str, where: str | None, signed: str, now: datetime) -> CloudEvent:
        return CloudEvent(
            id=event_id_of("return", str(one.letter), str(one.attempts)),
            source=_SOURCE,
            type=DocumentReturned.type,
            time=now,
            recordedtime=now,
            partitionkey=one.key,
            subject=None,
            correlationid=one.key,
            causationid=str(one.event),
            data=DocumentReturned(
                letter=one.letter,
                institution=str(one.institution),
                code=code,
                rule=one.rule,
                where=where,
                event=one.event,
                event_type=one.type,
                rejection=signed,
            ),
        )


def _code(options: Mapping[str, Any]) -> str:
    code = str(options.get("code", ""))
    if code not in RETURN_CODES:
        raise JobRefusedError("return-code-unknown", f"say what the sender is told: {', '.join(RETURN_CODES)}")
    return code


def _barred(one: Returnable) -> str | None:
    """Why a letter cannot be returned."""
    if one.state != "waiting":
        return f"letter-{one.state}"
    if one.institution is None:
        return "letter-without-sender"
    return None if one.known else "institution-revoked"
