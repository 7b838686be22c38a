"""Erasure of a person: her key is destroyed, and the keys of the documents that mention her.

What was encrypted under them can no longer be read by anyone: in the log, the tables, the feeds, the dead letters.
Pseudonyms, hashes, receipts and counts stay, so that evidence and sums still agree (fca-cpc §4.10).
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from hub.application.envelope import outbox_row
from hub.application.ports import Clock, OutboxRow
from hub.domain.messaging.cloudevent import CloudEvent, event_id_of
from hub.domain.messaging.errors import RefusalError
from hub.domain.messaging.topics import Topics
from schemas.access import PersonErased


class PersonUnknownError(RefusalError):
    """Nobody with this pseudonym has a key here: never known, or erased before."""


class ErasureTransaction(Protocol):
    """Everything of an erasure, at once."""

    async def destroy(self, subject: str, at: datetime) -> tuple[int, int]:
        """Destroy keys: how many of the person's, how many documents'."""

    async def publish(self, row: OutboxRow) -> None: ...


class Erasures(Protocol):
    """Opens erasures; every process hears of one when it commits."""

    def begin(self) -> AbstractAsyncContextManager[ErasureTransaction]: ...


class Erase:
    """Destroys what makes a person readable."""

    def __init__(self, erasures: Erasures, *, topics: Topics, clock: Clock, forget: Callable[[str], None]) -> None:
        self._erasures = erasures
        self._topics = topics
        self._clock = clock
        self._forget = forget

    async def person(self, subject: str) -> PersonErased:
        """Erase the person of a pseudonym.

        Raises:
            PersonUnknownError: no living key; nothing was changed.
        """
        now = self._clock()
        async with self._erasures.begin() as transaction:
            keys, documents = await transaction.destroy(subject, now)
            if not keys:
                raise PersonUnknownError("person-unknown", "no living key under this pseudonym: unknown, or erased")
            fact = PersonErased(erased_at=now, documents=documents)
            await transaction.publish(erased_row(subject, fact, self._topics))
        self._forget(subject)
        return fact


def erased_row(subject: str, fact: PersonErased, topics: Topics) -> OutboxRow:
    """That a person's key is gone, on her own key."""
    now = fact.erased_at
    event = CloudEvent(
        id=event_id_of("erasure", subject, now.isoformat()),
        source="/hub/erasure",
        type=fact.type,
        time=now,
        recordedtime=now,
        partitionkey=subject,
        subject=subject,
        correlationid=subject,
        data=fact,
    )
    return outbox_row(event, topics)
