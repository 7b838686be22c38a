"""Documents that come as files of a watched folder; the folder says whose they are."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from hub.application.intake.callers import Caller, Institutions
from hub.application.intake.submission import Submission, Taken
from hub.application.intake.take_document import Intake
from hub.application.ports import Clock

_PIECE = 262_144


class TakeFile:
    """Takes files; what happens to the file itself is its folder's business."""

    def __init__(self, intake: Intake, institutions: Institutions, clock: Clock) -> None:
        self._intake, self._institutions, self._clock = intake, institutions, clock

    async def caller(self, institution: str, connector: str) -> Caller | None:
        """Who a folder speaks for; None when no living key lets that institution use the connector."""
        return await self._institutions.folder_caller(institution, connector)

    async def take(self, caller: Caller, connector: str, path: Path) -> Taken:
        """Take one file; refusals as of ``Intake.take``."""
        return await self._intake.take(
            Submission(
                caller=caller,
                connector=connector,
                content=_read(path),
                received=self._clock(),
                gzip=path.suffix == ".gz",
            )
        )


async def _read(path: Path) -> AsyncIterator[bytes]:
    """A file's bytes, without holding up others."""
    with await asyncio.to_thread(path.open, "rb") as stream:
        while data := await asyncio.to_thread(stream.read, _PIECE):
            yield data
