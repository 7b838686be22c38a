"""Documents that come as files of a watched folder; the folder says whose they are."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from uuid import UUID

from hub.application.intake.callers import Caller, Institutions
from hub.application.intake.mark_workbook import MarkWorkbook
from hub.application.intake.refusals import (
    DocumentRefusedError,
    IntakeRefusalError,
    NotFoundError,
    NotPermittedError,
)
from hub.application.intake.submission import Submission, Taken
from hub.application.intake.take_document import Intake
from hub.application.ports import Clock

BelieveFile = Callable[[bytes, bytes], None]
"""Looks at a file and its detached signature; raises ``NotPermittedError`` (``signature-refused``)."""
_PIECE = 262_144
_BATCH_MOST = 4 * 1024 * 1024
_ENVIRONMENT = 5
"""Where a name ``FO.<app>.<user>.<yyyymmdd>.<seq>.<T|R>.1.1`` says whether it is a test or real."""
_CORRECTS = re.compile(r"\.corrects-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.", re.IGNORECASE)


class TakeFile:
    """Takes files; what happens to the file itself is its folder's business."""

    def __init__(
        self,
        intake: Intake,
        institutions: Institutions,
        clock: Clock,
        *,
        believe: BelieveFile | None = None,
        batches: str = "R",
        workbooks: MarkWorkbook | None = None,
    ) -> None:
        self._workbooks = workbooks
        self._intake, self._institutions, self._clock = intake, institutions, clock
        self._believe, self._batches = believe, batches

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

    async def take_mail(self, caller: Caller, connector: str, path: Path) -> Taken:
        """Take one mail of a mailbox; refusals as of ``Intake.take``."""
        submission = Submission(
            caller=caller, connector=connector, content=_read(path), received=self._clock(), mail=True
        )
        return await self._intake.take(submission)

    async def marked(self, caller: Caller, document: UUID, whole: str = "") -> bytes | None:
        """A workbook that was taken or refused, with its errors beside the rows; None: it is none that can be read."""
        if self._workbooks is None:
            return None
        try:
            return await self._workbooks.marked(caller.institution, document, caller.language, whole=whole)
        except NotFoundError:
            return None

    async def take_signed(self, caller: Caller, connector: str, path: Path, signature: Path) -> Taken:
        """Take a file of a batch after the signature beside it was verified; refusals as of ``Intake.take``.

        Raises:
            NotPermittedError: ``signature-missing``: nobody said whom to believe; ``signature-refused``.
            IntakeRefusalError: ``batch-environment``: a file of tests, or a real one where tests are taken.
        """
        if path.name.split(".")[_ENVIRONMENT : _ENVIRONMENT + 1] != [self._batches]:
            raise IntakeRefusalError("batch-environment", limit=self._batches)
        if self._believe is None:
            raise NotPermittedError("signature-missing", limit=connector)
        content, signed = await asyncio.to_thread(lambda: (_whole(path), _whole(signature)))
        self._believe(content, signed)
        submission = Submission(
            caller=caller, connector=connector, content=_given(content), received=self._clock(), signed=True
        )
        return await self._intake.take(submission)


def _whole(path: Path) -> bytes:
    """A file of a batch, which is small.

    Raises:
        DocumentRefusedError: ``too-large``.
    """
    with path.open("rb") as stream:
        content = stream.read(_BATCH_MOST + 1)
    if len(content) > _BATCH_MOST:
        raise DocumentRefusedError("too-large", limit=str(_BATCH_MOST))
    return content


async def _given(content: bytes) -> AsyncIterator[bytes]:
    yield content


def _corrects(path: Path) -> UUID | None:
    """The reference of the returned document that a file corrects: ``NAME.corrects-REFERENCE.xml``."""
    found = _CORRECTS.search(path.name)
    return UUID(found[1]) if found else None


async def _read(path: Path) -> AsyncIterator[bytes]:
    """A file's bytes, without holding up others."""
    with await asyncio.to_thread(path.open, "rb") as stream:
        while data := await asyncio.to_thread(stream.read, _PIECE):
            yield data
