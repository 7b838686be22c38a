"""One attempt at one delivery: whether it may start, and what its end means."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import NamedTuple

from pydantic_core import from_json

from hub.application.deliver.ports import DeliveryOutcome, DeliveryResult, DueDelivery, Gateway
from hub.application.ports import Clock
from hub.application.spans import OFF, Spans
from hub.domain.messaging.breaker import Breaker
from hub.domain.messaging.errors import PartnerAwayError, PartnerRefusedError, TransientError
from hub.domain.messaging.retry import Backoff
from schemas.event import Event

Ended = tuple[DueDelivery, DeliveryResult]
GIVEN_UP = "attempts-exhausted"
_AWAY = Backoff(first=timedelta(milliseconds=200), most=timedelta(seconds=10))


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliverPolicy:
    """How deliveries are tried.

    A delivery gives up after ``attempts``. An attempt holds its delivery for ``lease``: it starts in the first
    half of it or not at all, and is cut off when a quarter is left. ``batch``: deliveries in hand at once;
    ``concurrency``: sends at once. ``poll``: how often to look when nobody rings. ``grace``: how long a stop
    waits for what is on its way. ``away``: how long to wait for the hub's own database.
    """

    attempts: int
    backoff: Backoff
    breaker: Breaker
    lease: timedelta
    batch: int = 200
    concurrency: int = 20
    poll: timedelta = timedelta(seconds=1)
    grace: timedelta = timedelta(seconds=10)
    away: Backoff = _AWAY


class _Carried(NamedTuple):
    """What a gateway said at its end."""

    reference: str
    told: Event | None


class Attempts:
    """Tries deliveries at their gateways, with a breaker per partner."""

    def __init__(
        self, *, gateways: Mapping[str, Gateway], clock: Clock, policy: DeliverPolicy, spans: Spans = OFF
    ) -> None:
        self._gateways, self._clock, self._policy, self._spans = gateways, clock, policy, spans
        self._breakers: defaultdict[str, Breaker] = defaultdict(lambda: policy.breaker)
        self._room = asyncio.Semaphore(policy.concurrency)
        self.stopping = False

    def shut(self) -> list[str]:
        """Partners whose breaker is not closed."""
        return [name for name, breaker in self._breakers.items() if not breaker.closed]

    def trials(self) -> list[str]:
        """Of those, the ones that may be given one delivery to try."""
        now = self._clock()
        return [name for name in self.shut() if self._breakers[name].allows(now)]

    async def attempt(self, delivery: DueDelivery, personal: bytes | None, begun: float) -> Ended:
        """Try in turn; every failure is a result. ``begun``: when the lease began, in the loop's seconds.

        What is told of the delivery belongs under its attempt: it comes back with that ``traceparent``.
        """
        template, parent = delivery.effect.partition("/")[0], delivery.traceparent
        async with self._room:
            with self._spans.one("deliver", template, parent, kind=delivery.kind, attempt=delivery.attempt) as span:
                delivery = replace(delivery, traceparent=span.traceparent)
                result = await self._attempted(delivery, personal, begun)
                failed = result.outcome in {"refused", "unreachable"}
                span.tell(failed=failed, outcome=result.outcome, rule=result.reason or "")
            return delivery, result

    async def _attempted(self, delivery: DueDelivery, personal: bytes | None, begun: float) -> DeliveryResult:
        held = asyncio.get_running_loop().time() - begun
        if delivery.happened:
            return _result(delivery, "sent", reason="happened-before")
        if delivery.personal and personal is None:
            return _result(delivery, "refused", reason="subject-erased")
        if self.stopping or held > self._policy.lease.total_seconds() / 2:
            return _result(delivery, "postponed")
        now, breaker = self._clock(), self._breakers[delivery.partner]
        if not breaker.allows(now):
            return _result(delivery, "postponed", wait=(breaker.again_at or now) - now)
        self._breakers[delivery.partner] = breaker.started()
        return await self._sent(delivery, personal, begun + self._policy.lease.total_seconds() * 3 / 4)

    async def _sent(self, delivery: DueDelivery, personal: bytes | None, until: float) -> DeliveryResult:
        try:
            carried = await self._carried(delivery, personal, until)
        except PartnerRefusedError as error:
            self._learn(delivery, answered=True)
            return _result(delivery, "refused", reason=error.rule)
        except PartnerAwayError as error:
            self._learn(delivery, answered=False if error.wholly else None)
            return self._away(delivery, error.rule, uncertain=error.uncertain)
        except TransientError:  # our own database: nothing was tried
            self._learn(delivery, answered=None)
            return _result(delivery, "postponed", wait=self._policy.poll)
        except Exception as error:  # noqa: BLE001 - here a failure becomes an outcome
            self._learn(delivery, answered=None)
            return self._away(delivery, f"ours:{type(error).__name__}", uncertain=True)
        self._learn(delivery, answered=True)
        return replace(_result(delivery, "sent", reference=carried.reference), told=carried.told)

    async def _carried(self, delivery: DueDelivery, personal: bytes | None, until: float) -> _Carried:
        gateway = self._gateways.get(delivery.kind)
        if gateway is None:
            raise PartnerRefusedError("kind-unknown", f"no gateway carries deliveries of kind {delivery.kind!r}")
        try:
            async with asyncio.timeout_at(until):
                said = await gateway.send(delivery, from_json(personal) if personal else None)
        except TimeoutError as error:
            raise PartnerAwayError("send-timeout", uncertain=True) from error
        return _Carried(said, None) if isinstance(said, str) else _Carried(said.reference, said.told)

    def _learn(self, delivery: DueDelivery, *, answered: bool | None) -> None:
        """What an attempt says of its partner; None: nothing."""
        breaker = self._breakers[delivery.partner]
        if answered is None:
            self._breakers[delivery.partner] = breaker.withdrawn()
        else:
            self._breakers[delivery.partner] = breaker.succeeded() if answered else breaker.failed(self._clock())

    def _away(self, delivery: DueDelivery, reason: str, *, uncertain: bool) -> DeliveryResult:
        if delivery.attempt >= self._policy.attempts:
            return _result(delivery, "refused", reason=f"{GIVEN_UP}:{reason}", uncertain=uncertain)
        wait = self._policy.backoff.wait(delivery.attempt)
        return _result(delivery, "unreachable", reason=reason, wait=wait, uncertain=uncertain)


def postponed(delivery: DueDelivery) -> DeliveryResult:
    """Handed back untried."""
    return _result(delivery, "postponed")


def _result(
    delivery: DueDelivery,
    outcome: DeliveryOutcome,
    *,
    wait: timedelta = timedelta(0),
    reason: str | None = None,
    reference: str | None = None,
    uncertain: bool = False,
) -> DeliveryResult:
    return DeliveryResult(
        id=delivery.id,
        attempt=delivery.attempt,
        outcome=outcome,
        wait=wait,
        reason=reason,
        reference=reference,
        uncertain=uncertain,
    )
