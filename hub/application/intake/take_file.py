"""Documents that come as files of a watched folder; the folder says whose they are."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

from hub.application.intake.callers import Caller, Institutions
from hub.application.intake.submission import Submission, Taken
from hub.application.intake.take_document import Intake
from hub.application.ports import Clock

_PIECE = 262_144
_CORRECTS = re.compile(r"\.corrects-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.", re.IGNORECASE)


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
                corrects=_corrects(path),
            )
        )


def _corrects(path: Path) -> UUID | None:
    """The reference of the returned document that a file corrects: ``NAME.corrects-REFERENCE.xml``."""
    found = _CORRECTS.search(path.name)
    return UUID(found[1]) if found else None


async def _read(path: Path) -> AsyncIterator[bytes]:
    """A file's bytes, without holding up others."""
    with await asyncio.to_thread(path.open, "rb") as stream:
        while data := await asyncio.to_thread(stream.read, _PIECE):
            yield data
