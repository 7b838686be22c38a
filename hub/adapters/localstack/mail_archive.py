"""The mails that were caught: one ``.eml`` file each, in order of arrival; readable from any process."""

import email
import email.policy
import os
import time
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

_SENDER, _RECIPIENTS = "X-Envelope-From", "X-Envelope-To"


@dataclass(frozen=True, kw_only=True, slots=True)
class Mail:
    """A caught mail. ``recipients`` are the envelope's; ``text`` and ``html`` are decoded, or ``None``."""

    id: str
    sender: str
    recipients: tuple[str, ...]
    subject: str
    date: datetime | None
    message_id: str
    text: str | None
    html: str | None
    headers: tuple[tuple[str, str], ...]


class MailArchive:
    """The caught mails of one home, in ``<home>/mails``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._count = 0

    def keep(self, *, sender: str, recipients: list[str], content: bytes) -> str:
        """Store a mail with its envelope; the answer is its id."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._count += 1
        name = f"{time.time_ns():020d}-{os.getpid()}-{self._count}"
        envelope = f"{_SENDER}: {sender}\r\n{_RECIPIENTS}: {', '.join(recipients)}\r\n"
        part = self.folder / f".{name}.part"
        part.write_bytes(envelope.encode() + content)
        part.replace(self.folder / f"{name}.eml")
        return name

    def list(self) -> list[Mail]:
        """All mails, oldest first."""
        return [_read(path) for path in sorted(self.folder.glob("[!.]*.eml"))]

    def read(self, mail_id: str) -> Mail | None:
        """One mail by its id."""
        return next((_read(path) for path in self.folder.glob("[!.]*.eml") if path.stem == mail_id), None)

    def raw(self, mail_id: str) -> bytes | None:
        """The stored bytes, envelope headers first."""
        return next((path.read_bytes() for path in self.folder.glob("[!.]*.eml") if path.stem == mail_id), None)


def _part(message: EmailMessage, kind: str) -> str | None:
    part = message.get_body(preferencelist=(kind,))
    return str(part.get_content()).replace("\r\n", "\n") if part is not None else None


def _date(message: EmailMessage) -> datetime | None:
    try:
        return parsedate_to_datetime(str(message["Date"]))
    except ValueError:
        return None


def _read(path: Path) -> Mail:
    message = email.message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=email.policy.default)
    return Mail(
        id=path.stem,
        sender=str(message[_SENDER]),
        recipients=tuple(str(message[_RECIPIENTS]).split(", ")),
        subject=str(message["Subject"] or ""),
        date=_date(message),
        message_id=str(message["Message-ID"] or ""),
        text=_part(message, "plain"),
        html=_part(message, "html"),
        headers=tuple((name, str(value)) for name, value in message.items()),
    )
