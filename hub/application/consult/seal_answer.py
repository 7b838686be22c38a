"""An answer of the bank becomes something that may be kept: sealed under the keys of those it tells of."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Protocol
from uuid import UUID

from pydantic_core import to_json

from hub.application.consult.calls import OtherPart, SealedAnswer
from hub.application.consult.ports import OtherPerson
from hub.application.vault import PersonRenumberedError
from hub.domain.messaging.cloudevent import dossier_of, event_id_of


class Sealing(Protocol):
    """Seals under persons' keys."""

    async def renew(self) -> None: ...
    def subject_of(self, identifier: str) -> str: ...
    async def seal_parts(self, items: list[tuple[str, bytes, bytes]]) -> list[str]: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Answered:
    """What came back, for whom. ``others``: people the answer tells of beside the subject."""

    ticket: UUID
    consultation: str
    dossier: str
    cpas: str
    subject: str
    flow: str
    status: str
    ticket_bcss: str | None
    content: Any
    raw: bytes
    others: tuple[OtherPerson, ...]
    at: datetime


async def sealed_answer(answered: Answered, sealing: Sealing, retention: timedelta) -> SealedAnswer:
    """Seal an answer. The bytes as they came are kept only when they tell of nobody else: they have one key."""
    await sealing.renew()
    try:
        return await _sealed(answered, sealing, retention)
    except PersonRenumberedError:
        return await _sealed(answered, sealing, retention)


async def _sealed(answered: Answered, sealing: Sealing, retention: timedelta) -> SealedAnswer:
    answer = event_id_of("answer", str(answered.ticket))
    items = [(answered.subject, associated(answer, "content"), to_json(answered.content))]
    if not answered.others:
        items.append((answered.subject, associated(answer, "raw"), answered.raw))
    people = [(sealing.subject_of(one.niss), one) for one in answered.others]
    items += [
        (subject, associated(answer, f"other/{n}"), to_json({"niss": one.niss, **one.content}))
        for n, (subject, one) in enumerate(people)
    ]
    boxes = await sealing.seal_parts(items)
    first = len(items) - len(people)
    return SealedAnswer(
        id=answer,
        consultation=answered.consultation,
        dossier=answered.dossier,
        cpas=answered.cpas,
        subject=answered.subject,
        flow=answered.flow,
        status=answered.status,
        ticket=answered.ticket,
        ticket_bcss=answered.ticket_bcss,
        sha256=sha256(answered.raw).digest(),
        box=boxes[0],
        raw_box=None if answered.others else boxes[1],
        others=[
            OtherPart(subject=subject, dossier=dossier_of(subject, answered.cpas), role=one.role, box=boxes[first + n])
            for n, (subject, one) in enumerate(people)
        ],
        received_at=answered.at,
        expires_at=answered.at + retention,
    )


def associated(answer: UUID, part: str) -> bytes:
    """What a box is bound to: this part (``content``, ``raw``, ``other/<n>``) of this answer, nowhere else."""
    return answer.bytes + part.encode()
