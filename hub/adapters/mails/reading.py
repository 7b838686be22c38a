"""A mail as a document of its contract: known by its layout, line by line, or refused."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from xml.sax.saxutils import quoteattr

from hub.adapters.mails.verdicts import MailPolicy, believed
from hub.application.intake.notation_ports import Sending
from hub.application.intake.ports import Contract
from hub.application.intake.receive import MAILED
from hub.application.intake.refusals import DocumentRefusedError
from hub.domain.messaging.calendar import local_date
from hub.sdk import MailForm, MailLayout

_LINE_MOST = 2000
_LINES_MOST = 2000
_DAY = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4})")
Action = tuple[str, str]


class PartnerMails:
    """The port ``Mails``."""

    def __init__(self, trust: MailPolicy) -> None:
        self._trust = trust

    def identity(self, data: bytes) -> str:
        """Of what its sender wrote: a mail that came twice has other trace headers, and is the same."""
        mail = _parsed(data)
        said = [str(mail.get(name, "")) for name in ("message-id", "from", "subject", "date")]
        digest = hashlib.sha256("\0".join([*said, "\n".join(_lines(mail))]).encode("utf-8", "replace"))
        return f"{MAILED}{digest.hexdigest()}"

    def document(self, contract: Contract, data: bytes, sending: Sending) -> bytes:
        """The document of a mail.

        Raises:
            DocumentRefusedError: ``mail-sender``, ``mail-unverified``; ``mail-layout`` when any line is not known.
        """
        form = contract.connector.mails
        if form is None:
            raise DocumentRefusedError("mail-unknown")
        mail = _parsed(data)
        believed(mail, self._trust)
        subject = " ".join(str(mail.get("subject", "")).split())
        for layout in form.layouts:
            if match := layout.subject.fullmatch(unicodedata.normalize("NFC", subject)):
                found = list(_actions(mail, layout))
                if found:
                    day = _day(match.groupdict().get("day")) or local_date(sending.sent_at).isoformat()
                    return _written(form, layout, sending, found, day)
        raise DocumentRefusedError("mail-layout")


def _parsed(data: bytes) -> EmailMessage:
    mail = message_from_bytes(data, policy=policy.default)
    if not isinstance(mail, EmailMessage):
        raise DocumentRefusedError("mail-layout")
    return mail


def _lines(mail: EmailMessage) -> list[str]:
    """The plain text, line by line; none when there is no plain text that can be read."""
    try:
        body = mail.get_body(preferencelist=("plain",))
        text = str(body.get_content()) if body is not None else ""
    except (LookupError, ValueError, AttributeError, KeyError):
        return []
    lines = [" ".join(unicodedata.normalize("NFC", line).split()) for line in text.splitlines()]
    return [line for line in lines if line]


def _actions(mail: EmailMessage, layout: MailLayout) -> Iterator[Action]:
    """Case and kind of each line.

    Raises:
        DocumentRefusedError: ``mail-layout``, with the line's number and nothing of it.
    """
    lines = _lines(mail)
    if len(lines) > _LINES_MOST:
        raise DocumentRefusedError("mail-layout")
    for line in lines:
        if len(line) > _LINE_MOST:
            raise DocumentRefusedError("mail-layout")
        if said := layout.item.fullmatch(line):
            kind = layout.kinds.get(_plain(said["what"])) if layout.kinds else layout.kind
            if not kind:
                raise DocumentRefusedError("mail-layout")
            yield said["case"], kind
        elif layout.ends.fullmatch(line):
            return
        elif not layout.quiet.fullmatch(line):
            raise DocumentRefusedError("mail-layout")


def _plain(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text.replace("’", "'"))
    return "".join(one for one in bare if not unicodedata.combining(one)).casefold().rstrip(" .")


def _day(text: str | None) -> str | None:
    match = _DAY.fullmatch(text or "")
    return f"{match[3]}-{match[2]}-{match[1]}" if match else None


def _written(form: MailForm, layout: MailLayout, sending: Sending, found: list[Action], day: str) -> bytes:
    namespace, _, root = form.root[1:].partition("}")
    item = form.item.rpartition("}")[2]
    envelope = {
        "messageId": sending.message_id,
        "sender": sending.sender,
        "sentAt": sending.sent_at.isoformat(),
        "layout": layout.name,
    }
    head = "".join(f" {name}={quoteattr(text)}" for name, text in envelope.items())
    items = "".join(f'<{item} case={quoteattr(case)} kind="{kind}" on="{day}"/>' for case, kind in found)
    return f'<{root} xmlns="{namespace}"{head}>{items}</{root}>'.encode()
