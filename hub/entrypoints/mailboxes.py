"""Mailboxes that are read: Maildirs, into which a mail server delivers what an institution forwards to the hub.

``<root>/<institution>/new/NAME`` is taken and then deleted: from then on the mail lies sealed in the hub, whether it
was understood or not. What was refused is a dead letter. A process that dies between taking and deleting takes the
mail again and finds that it knows it; so does one that gets the same mail twice.
"""

import asyncio
import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import structlog

from hub.application.consume.failures import failure_of
from hub.application.intake.callers import Caller
from hub.application.intake.refusals import DocumentRefusedError, IntakeRefusalError, MessageIdReusedError
from hub.application.intake.take_file import TakeFile
from hub.domain.messaging.errors import TransientError

_LOG = structlog.get_logger()
CONNECTOR = "justrestart"
_AFTER_FAILURE = 10.0
"""Seconds of rest after an error that nobody foresaw."""


class WatchedMailboxes:
    """Takes mails as they come, of each mailbox one after the other."""

    def __init__(
        self,
        root: Path,
        take: TakeFile,
        *,
        poll: timedelta,
        taken: Callable[[str, str], None] = lambda _connector, _state: None,
    ) -> None:
        self._root, self._take, self._poll, self._taken = root, take, poll.total_seconds(), taken
        self._strangers: set[str] = set()

    async def run(self) -> None:
        """Watch until cancelled."""
        while True:
            try:
                await self.sweep()
            except (TransientError, OSError) as error:
                _LOG.warning("mailboxes wait", error=type(error).__name__)
            except Exception as error:  # noqa: BLE001 - one mail must not end the watch over all others
                failure = failure_of(error, "mailboxes")
                _LOG.error("mailboxes failed", error=failure.exception, location=failure.location, trace=failure.trace)
                await asyncio.sleep(_AFTER_FAILURE)
            await asyncio.sleep(self._poll)

    async def sweep(self) -> None:
        """Take every mail that is there now."""
        waiting = await asyncio.to_thread(lambda: list(_waiting(self._root)))
        await asyncio.gather(*(self._mailbox(new, names) for new, names in waiting))

    async def _mailbox(self, new: Path, names: list[str]) -> None:
        institution = new.parent.name
        caller = await self._take.caller(institution, CONNECTOR)
        if caller is None:
            if institution not in self._strangers:
                _LOG.warning("mailbox of nobody: no living key grants it", institution=institution)
            self._strangers.add(institution)
            return
        self._strangers.discard(institution)
        for name in names:
            await self._mail(new / name, caller)

    async def _mail(self, path: Path, caller: Caller) -> None:
        """One mail. It is deleted when it is stored, not before."""
        try:
            state = await self._state(path, caller)
        except FileNotFoundError:  # another process of the hub was quicker
            return
        if state is None:
            return
        self._taken(CONNECTOR, state)
        await asyncio.to_thread(path.unlink, missing_ok=True)

    async def _state(self, path: Path, caller: Caller) -> str | None:
        """What became of it; None: it was not stored and stays where it is."""
        try:
            return (await self._take.take_mail(caller, CONNECTOR, path)).state
        except MessageIdReusedError:  # the same mail by another way: its trace headers differ, what it says does not
            return "known"
        except DocumentRefusedError as refusal:
            return "rejected" if refusal.kept else None
        except IntakeRefusalError as refusal:
            _LOG.warning("mail stays in its mailbox", institution=caller.institution, rule=refusal.rule)
            return None


def _waiting(root: Path) -> Iterator[tuple[Path, list[str]]]:
    """Each mailbox with the names of its new mails, in order; links and what begins with a dot are none."""
    for new in sorted(root.glob("*/new")):
        with os.scandir(new) as entries:
            names = sorted(
                entry.name
                for entry in entries
                if not entry.name.startswith(".") and entry.is_file(follow_symlinks=False)
            )
        if names:
            yield new, names
