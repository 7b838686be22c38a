"""What became of what went out: mails now, calls and webhooks later."""

from datetime import datetime
from typing import ClassVar

from schemas.event import DossierId, Event, OfficeId


class MailSent(Event):
    """The mail server accepted a mail."""

    type: ClassVar[str] = "be.mediationhub.mail.sent.v1"

    dossier: DossierId | None = None
    office: OfficeId | None = None
    effect: str
    delivery: str
    sent_at: datetime
    possibly_doubled: bool = False
    """An earlier attempt was cut off after the server may have accepted it."""


class MailFailed(Event):
    """A mail was given up: refused for good, no address, or out of attempts."""

    type: ClassVar[str] = "be.mediationhub.mail.failed.v1"

    dossier: DossierId | None = None
    office: OfficeId | None = None
    effect: str
    delivery: str
    failed_at: datetime
    rule: str
