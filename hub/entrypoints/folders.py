"""Watched folders, for partners who drop files (SFTP).

A batch is three files, ``FO.…`` (data), ``FS.…`` (its signature) and ``GO.…``, which says that both are complete: FO is
not read before GO is there, and moves first, GO last; a process that dies in between finds by GO what is left to move.

``<root>/<connector>/<institution>/in/NAME.xml`` (``.xml.gz``, or a workbook ``.xlsx``) moves to ``done/`` or
``rejected/`` beside ``in/``, with ``NAME.xml.answer.json``; beside a workbook with errors lies ``NAME.errors.xlsx``,
with them beside its rows. The answer is written before the file moves: a process that dies in between takes the file
again and gets the same receipt. Whatever has another ending (``.part``: still being written) is left alone.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog
from pydantic_core import to_json

from hub.application.consume.failures import failure_of
from hub.application.intake.callers import Caller
from hub.application.intake.refusals import DocumentRefusedError, IntakeRefusalError
from hub.application.intake.submission import Taken
from hub.application.intake.take_file import TakeFile
from hub.domain.messaging.errors import TransientError
from hub.entrypoints.http.documents import members_of
from hub.entrypoints.http.problems import problem_of

_LOG = structlog.get_logger()
_WORKBOOK = ".xlsx"
_ENDINGS = (".xml", ".xml.gz", _WORKBOOK)
_GO = "GO."
ANSWER = ".answer.json"
_AFTER_FAILURE = 10.0
"""Seconds of rest after an error that nobody foresaw."""


class WatchedFolders:
    """Takes files as they come, of each folder one after the other in the order of their names."""

    def __init__(
        self,
        root: Path,
        take: TakeFile,
        *,
        poll: timedelta,
        taken: Callable[[str, str], None] = lambda _connector, _state: None,
    ) -> None:
        self._root, self._take, self._poll, self._taken = root, take, poll.total_seconds(), taken
        self._strangers: set[Path] = set()

    async def run(self) -> None:
        """Watch until cancelled."""
        while True:
            try:
                await self.sweep()
            except (TransientError, OSError) as error:
                _LOG.warning("folders wait", error=type(error).__name__)
            except Exception as error:  # noqa: BLE001 - one file must not end the watch over all others
                failure = failure_of(error, "folders")
                _LOG.error("folders failed", error=failure.exception, location=failure.location, trace=failure.trace)
                await asyncio.sleep(_AFTER_FAILURE)
            await asyncio.sleep(self._poll)

    async def sweep(self) -> None:
        """Take every file that is there now."""
        waiting = await asyncio.to_thread(lambda: list(_waiting(self._root)))
        await asyncio.gather(*(self._folder(folder, names) for folder, names in waiting))

    async def _folder(self, folder: Path, names: list[str]) -> None:
        """Files of one institution for one connector."""
        connector, institution = folder.parts[-2:]
        caller = await self._take.caller(institution, connector)
        if caller is None:
            if folder not in self._strangers:
                _LOG.warning("folder of nobody: no living key grants it", connector=connector, institution=institution)
            self._strangers.add(folder)
            return
        self._strangers.discard(folder)
        for name in names:
            if name.startswith(_GO):
                await self._batch(folder, name, caller, connector)
            else:
                await self._file(folder, name, caller, connector)

    async def _file(self, folder: Path, name: str, caller: Caller, connector: str) -> None:
        try:
            where, answer, state = await self._outcome(folder / "in" / name, caller, connector)
        except FileNotFoundError:  # another process of the hub was quicker
            return
        self._taken(connector, state)
        await asyncio.to_thread(_settle, folder, name, where, answer, await self._marked(name, answer, caller))

    async def _marked(self, name: str, answer: dict[str, Any], caller: Caller) -> bytes | None:
        """A workbook that has errors, with these beside its rows."""
        if not name.endswith(_WORKBOOK) or "document" not in answer or not (answer["refusedCount"] or "code" in answer):
            return None
        return await self._take.marked(caller, UUID(answer["document"]), answer.get("detail", ""))

    async def _batch(self, folder: Path, go: str, caller: Caller, connector: str) -> None:
        """The three files of a batch, once they are all there."""
        data, signature = (f"{kind}.{go.removeprefix(_GO)}" for kind in ("FO", "FS"))
        there = [(folder / "in" / name).exists() for name in (data, signature)]
        if all(there):
            taking = self._take.take_signed(caller, connector, folder / "in" / data, folder / "in" / signature)
            where, answer, state = await self._answered(taking, data, caller)
            self._taken(connector, state)
            await asyncio.to_thread(_settle, folder, data, where, answer)
        elif there[0] or not (where := _settled(folder, data)):
            return  # not complete yet
        await asyncio.to_thread(_move, folder, (signature, go), where)

    async def _outcome(self, path: Path, caller: Caller, connector: str) -> tuple[str, dict[str, Any], str]:
        """Where the file goes, what is answered, and the document's state."""
        return await self._answered(self._take.take(caller, connector, path), path.name, caller)

    async def _answered(self, taking: Awaitable[Taken], name: str, caller: Caller) -> tuple[str, dict[str, Any], str]:
        try:
            taken = await taking
        except IntakeRefusalError as refusal:
            state = "rejected" if isinstance(refusal, DocumentRefusedError) else "refused"
            return "rejected", problem_of(refusal, caller.language, name), state
        return "done", members_of(taken, caller.language), taken.row.state if taken.fresh else "known"


def _waiting(root: Path) -> Iterator[tuple[Path, list[str]]]:
    """Each institution's folder with the names of its waiting files, in order; links are no files."""
    for folder in sorted(root.glob("*/*/in")):
        with os.scandir(folder) as entries:
            names = sorted(
                entry.name
                for entry in entries
                if (entry.name.endswith(_ENDINGS) or entry.name.startswith(_GO))
                and entry.is_file(follow_symlinks=False)
            )
        if names:
            yield folder.parent, names


def _settle(folder: Path, name: str, where: str, answer: dict[str, Any], marked: bytes | None = None) -> None:
    """Write the answer and the workbook with its errors, then move the file; a taken name gets a number."""
    target = folder / where
    target.mkdir(exist_ok=True)
    free = _free_name(target, name)
    errors = f"{free.removesuffix(_WORKBOOK)}.errors{_WORKBOOK}"
    for beside, content in ((errors, marked), (f"{free}{ANSWER}", to_json(answer, indent=2))):
        if content is not None:
            draft = target / f".{beside}.part"
            draft.write_bytes(content)
            draft.rename(target / beside)
    try:
        (folder / "in" / name).rename(target / free)
    except FileNotFoundError:  # another process of the hub moved it
        if not (target / free).exists():
            (target / f"{free}{ANSWER}").unlink(missing_ok=True)
            (target / errors).unlink(missing_ok=True)


def _settled(folder: Path, name: str) -> str:
    """Where a file of a batch went before, if it did."""
    return next((where for where in ("done", "rejected") if (folder / where / name).exists()), "")


def _move(folder: Path, names: Sequence[str], where: str) -> None:
    """Move what is left of a batch, the marker last."""
    for name in names:
        with suppress(FileNotFoundError):  # another process of the hub moved it, or it was before
            (folder / "in" / name).rename(folder / where / _free_name(folder / where, name))


def _free_name(target: Path, name: str) -> str:
    """The name itself, or with the first free number before its ending."""
    stem, dot, ending = name.partition(".")
    number, free = 1, name
    while (target / free).exists():
        number += 1
        free = f"{stem}.{number}{dot}{ending}"
    return free
