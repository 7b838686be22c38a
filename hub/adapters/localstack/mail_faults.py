"""Faults of the mail catcher, for tests: refuse a recipient, or accept a mail and hang up before saying so.

They are files in ``<home>/mails/faults``, so that a test can set them from any process.
"""

import uuid
from enum import StrEnum
from pathlib import Path


class MailFault(StrEnum):
    """What happens to a mail for a recipient."""

    DEFER = "451"  # answered 451 at RCPT TO: try again later
    REFUSE = "550"  # answered 550 at RCPT TO: never
    HANG_UP = "hang-up"  # the mail is kept, then the connection drops before 250 is sent


class MailFaults:
    """The faults of one mail folder. A recipient may be ``*`` for every recipient."""

    def __init__(self, mails: Path) -> None:
        self._folder = mails / "faults"

    def set(self, recipient: str, fault: MailFault, *, times: int | None = None) -> None:
        """Misbehave for this recipient: so many times, or until ``clear``."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for _ in range(1 if times is None else times):
            kind = "always" if times is None else "once"
            name = f"{kind}.{uuid.uuid4().hex}"
            part = self._folder / f".{name}"
            part.write_text(f"{fault}\n{recipient.lower()}")
            part.replace(self._folder / name)

    def clear(self) -> None:
        """Behave well again."""
        for path in self._folder.glob("*"):
            path.unlink(missing_ok=True)

    def take(self, recipient: str, *kinds: MailFault) -> MailFault | None:
        """The fault of these kinds that applies now; one set for a number of times is used up."""
        for path in self._folder.glob("[!.]*"):
            fault, _, whom = path.read_text().partition("\n")
            if fault in kinds and whom in {"*", recipient.lower()}:
                if path.name.startswith("once."):
                    path.unlink(missing_ok=True)
                return MailFault(fault)
        return None
