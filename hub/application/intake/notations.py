"""Other notations at the intake: a workbook or a mail becomes a document of its contract, and is read on as one."""

import asyncio
from collections.abc import Iterator

from hub.application.intake.admit import ERASED
from hub.application.intake.callers import Caller
from hub.application.intake.notation_ports import Mails, Sending, Settlements, Workbooks
from hub.application.intake.ports import Contract
from hub.application.intake.refusals import DocumentRefusedError, NotPermittedError
from hub.application.intake.submission import Received
from hub.sdk import DocumentKind, Element

BEGINS = b"PK\x03\x04"
"""The first bytes of a zip."""
NAMED = "xlsx-"
"""How the message id of a workbook begins."""
_MAIL_MOST = 4 * 1024 * 1024
_ALWAYS = "register"
"""The kind of institution that may speak of every case."""


class Notations:
    """Reads what is not XML."""

    def __init__(self, workbooks: Workbooks, mails: Mails) -> None:
        self._workbooks, self._mails = workbooks, mails

    async def read(
        self, contract: Contract, received: Received, beginning: bytes, rest: Iterator[bytes]
    ) -> tuple[Contract, bytes] | None:
        """The document that a workbook or a mail stands for, and the contract that speaks of it; None: it is XML.

        Its message id is made of what came, so that the same thing is known again.

        Raises:
            DocumentRefusedError: it cannot be read, or its sender is not believed.
        """
        if received.submission.mail:
            return contract, await self._mail(contract, received, beginning, rest)
        if not beginning.startswith(BEGINS):
            return None
        data = _whole(beginning, rest, self._workbooks.most)
        sending = _sending(received, f"{NAMED}{received.spool.sha256.hex()}")
        return await asyncio.to_thread(self._workbooks.document, contract, data, sending)

    async def _mail(self, contract: Contract, received: Received, beginning: bytes, rest: Iterator[bytes]) -> bytes:
        data = _whole(beginning, rest, _MAIL_MOST)
        sending = _sending(received, await asyncio.to_thread(self._mails.identity, data))
        return await asyncio.to_thread(self._mails.document, contract, data, sending)


def _whole(beginning: bytes, rest: Iterator[bytes], most: int) -> bytes:
    data = bytearray(beginning)
    for piece in rest:
        data += piece
        if len(data) > most:
            raise DocumentRefusedError("too-large", limit=str(most))
    return bytes(data)


def _sending(received: Received, message_id: str) -> Sending:
    """The envelope; set before anything is refused, so that what is refused twice is one refusal."""
    received.message_id = message_id
    return Sending(message_id, received.submission.caller.institution, received.submission.received)


async def check_case(kind: DocumentKind, root: Element, caller: Caller, settlements: Settlements) -> None:
    """A document of one case comes from its mediator, or from the register (art. 1675/22).

    Raises:
        NotPermittedError: ``case-not-yours``, also when there is no such case.
        DocumentRefusedError: ``case-erased``, told to the register.
    """
    if kind.case is None:
        return
    case = kind.case(root)
    if caller.kind != _ALWAYS and await settlements.mediator(case) != caller.institution:
        raise NotPermittedError("case-not-yours")
    if await settlements.erased([case]):
        raise DocumentRefusedError(ERASED)
