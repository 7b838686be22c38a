"""Workbooks at the intake: a workbook becomes a document of its contract, and is read on as one."""

import asyncio
from collections.abc import Iterator

from hub.application.intake.callers import Caller
from hub.application.intake.ports import Contract, Mediators, Sending, Workbooks
from hub.application.intake.refusals import DocumentRefusedError, NotPermittedError
from hub.application.intake.submission import Received
from hub.sdk import DocumentKind, Element

BEGINS = b"PK\x03\x04"
"""The first bytes of a zip."""
NAMED = "xlsx-"
"""How the message id of a workbook begins."""
_ALWAYS = "register"
"""The kind of institution that may speak of every case."""


async def as_document(
    contract: Contract, received: Received, workbooks: Workbooks, beginning: bytes, rest: Iterator[bytes]
) -> tuple[Contract, bytes]:
    """A workbook's bytes as a document; its message id is the hash of the file, so the same file is known again.

    Raises:
        DocumentRefusedError: it cannot be read as a workbook of this contract.
    """
    data = bytearray(beginning)
    for piece in rest:
        data += piece
        if len(data) > workbooks.most:
            raise DocumentRefusedError("too-large", limit=str(workbooks.most))
    submission = received.submission
    received.message_id = f"{NAMED}{received.spool.sha256.hex()}"
    sending = Sending(received.message_id, submission.caller.institution, submission.received)
    return await asyncio.to_thread(workbooks.document, contract, bytes(data), sending)


async def check_case(kind: DocumentKind, root: Element, caller: Caller, mediators: Mediators) -> None:
    """A document of one case comes from its mediator, or from the register (art. 1675/22).

    Raises:
        NotPermittedError: ``case-not-yours``, also when there is no such case.
    """
    if kind.case is None or caller.kind == _ALWAYS:
        return
    if await mediators.mediator(kind.case(root)) != caller.institution:
        raise NotPermittedError("case-not-yours")
