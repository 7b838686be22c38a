"""Small bodies, read whole within limits of size and time."""

import asyncio

from fastapi import Request

from hub.application.intake.refusals import DocumentRefusedError, IntakeRefusalError

IDLE = 15.0
"""Seconds in which a small body must have come."""


async def whole_body(request: Request, most: int) -> bytes:
    """The body, at most so many bytes.

    Raises:
        DocumentRefusedError: ``too-large`` or ``slow-body``.
        IntakeRefusalError: ``content-encoding``: it is compressed.
    """
    if request.headers.get("content-encoding", "identity").strip().lower() not in {"", "identity"}:
        raise IntakeRefusalError("content-encoding")
    body = bytearray()
    try:
        async with asyncio.timeout(IDLE):
            async for data in request.stream():
                body += data
                if len(body) > most:
                    raise DocumentRefusedError("too-large", limit=str(most))
    except TimeoutError:
        raise DocumentRefusedError("slow-body", limit=str(int(IDLE))) from None
    return bytes(body)
