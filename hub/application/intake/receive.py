"""The bytes of a submission come in, within the limits of size and time."""

import asyncio
import json
from collections import Counter
from collections.abc import Iterator

from hub.application.dead_letters.outward import OutwardLetter, refused_document
from hub.application.intake.ports import DocumentRow
from hub.application.intake.refusals import DocumentRefusedError
from hub.application.intake.submission import Limits, Received
from hub.application.intake.unpack import STEP

MAILED = "mail-"
"""How the message id of a mail begins."""


async def receive(received: Received, limits: Limits) -> None:
    """Spool all bytes.

    Raises:
        DocumentRefusedError: ``too-large`` or ``slow-body``.
    """
    loop, idle = asyncio.get_running_loop(), limits.idle.total_seconds()
    last = loop.time() + limits.patience.total_seconds()
    try:
        async with asyncio.timeout(idle) as waiting:
            async for data in received.submission.content:
                received.spool.write(data)
                if received.spool.size > limits.most:
                    raise DocumentRefusedError("too-large", limit=str(limits.most))
                waiting.reschedule(min(last, loop.time() + idle))
    except TimeoutError:
        raise DocumentRefusedError("slow-body", limit=str(int(idle))) from None


def gathered(pieces: Iterator[bytes], most: int) -> tuple[bytes, bool]:
    """The first bytes, up to a little more than ``most``, and whether they are all."""
    found = bytearray()
    for piece in pieces:
        found += piece
        if len(found) > most:
            return bytes(found), False
    return bytes(found), True


def stepped(data: bytes) -> Iterator[bytes]:
    """Bytes in the steps that a reader works through without a pause."""
    return (data[at : at + STEP] for at in range(0, len(data), STEP))


def counted(refusal: DocumentRefusedError) -> str:
    """How often each rule was broken, as stored beside a refused document."""
    codes = Counter(finding.code for finding in refusal.findings) or Counter([refusal.rule])
    return json.dumps({"codes": codes})


def rejected(row: DocumentRow, refusal: DocumentRefusedError) -> OutwardLetter:
    """The letter of a refused document: by its first finding, else by what was refused."""
    rule = refusal.findings[0].code if refusal.findings else refusal.rule
    return refused_document(
        row.id,
        connector=row.connector,
        institution=row.institution,
        rule=rule,
        expires_at=row.expires_at,
        answered=not row.message_id.startswith(MAILED),
    )
