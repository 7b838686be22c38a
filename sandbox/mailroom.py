"""The mailboxes of the offices: mails as a catching mail server keeps them, one ``.eml`` file each."""

import email
import email.policy
import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

_REFERENCE = re.compile(r"d[0-9a-f]{32}\.[A-Za-z0-9._-]*[A-Za-z0-9]")
_EFFECT = re.compile(r"<[0-9a-f-]{36}\.([a-z]+)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Mail:
    """A mail as it arrived. ``kind``: invitation, reminder or closing; ``reference``: ``<dossier>.<office>``."""

    recipient: str
    subject: str
    kind: str
    reference: str
    message_id: str
    text: str


class Mailroom:
    """All mails of a folder; ``look`` takes in those that came since."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: set[str] = set()
        self.mails: list[Mail] = []

    def look(self) -> Sequence[Mail]:
        """Take in new mails; all of them, oldest first."""
        for path in sorted(self._folder.glob("[!.]*.eml")):
            if path.name not in self._seen:
                self._seen.add(path.name)
                self.mails.append(_read(path))
        return self.mails

    def to(self, recipient: str, kind: str) -> list[Mail]:
        """Mails of a kind to an address, among those taken in."""
        return [mail for mail in self.mails if mail.recipient == recipient and mail.kind == kind]

    def count(self, kind: str) -> int:
        """How many of a kind, after a look."""
        return sum(mail.kind == kind for mail in self.look())


def _read(path: Path) -> Mail:
    message = email.message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=email.policy.default)
    body = message.get_body(preferencelist=("plain",))
    text = str(body.get_content()) if body else ""
    message_id = str(message["Message-ID"] or "").strip()
    kind = _EFFECT.match(message_id)
    reference = _REFERENCE.search(f"{message['Subject']} {text}")
    return Mail(
        recipient=str(message["X-Envelope-To"] or message["To"] or "").strip(),
        subject=str(message["Subject"] or ""),
        kind=kind.group(1) if kind else "",
        reference=reference.group() if reference else "",
        message_id=message_id,
        text=text,
    )
