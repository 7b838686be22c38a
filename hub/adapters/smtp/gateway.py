"""The mail gateway: a delivery of kind ``mail`` becomes one mail to one bailiff office."""

import re
from collections.abc import Mapping
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Any

from hub.adapters.smtp.connections import MailConnections
from hub.adapters.smtp.letters import LANGUAGES, Letter, Letters
from hub.application.deliver.ports import Directory, DueDelivery, Mailbox
from hub.application.ports import Clock
from hub.domain.messaging.errors import PartnerRefusedError

_UNFOLDED = SMTP.clone(max_line_length=900)
"""RFC 5322 allows 998 characters; folded between two encoded words, Python loses the space that parted them."""
_UNSAFE = re.compile(r"[^A-Za-z0-9_/-]")


class MailGateway:
    """Writes and sends mails. ``sender``: ``Name <address>``; ``domain``: of the Message-IDs."""

    def __init__(
        self,
        *,
        connections: MailConnections,
        letters: Letters,
        directory: Directory,
        clock: Clock,
        sender: str,
        domain: str,
    ) -> None:
        self._connections, self._letters, self._directory = connections, letters, directory
        self._clock, self._domain = clock, domain
        name, address = parseaddr(sender)
        self._sender = Address(display_name=name, addr_spec=address)

    async def send(self, delivery: DueDelivery, personal: Mapping[str, Any] | None) -> str:
        """Send the mail; the answer is its Message-ID, the same on every attempt.

        Raises:
            PartnerRefusedError: no such office, no usable address, or refused by the server for good.
            PartnerAwayError: not taken now.
            TransientError: the directory is away; nothing was tried.
        """
        content = delivery.content
        office = await self._recipient(content, personal)
        cpas = await self._directory.institution(content["cpas"]) if "cpas" in content else None
        letter = self._letters.write(
            content.get("template") or delivery.effect.partition("/")[0],
            _language(content, office),
            content=content,
            cpas=cpas.name if cpas else content.get("cpas", ""),
            person=personal,
        )
        recipient = _address(office)
        message_id = message_id_of(delivery, self._domain)
        message = message_of(
            letter, sender=self._sender, recipient=recipient, message_id=message_id, date=self._clock()
        )
        await self._connections.send(self._sender.addr_spec, recipient.addr_spec, message.as_bytes())
        return message_id

    async def close(self) -> None:
        """Say goodbye to the mail server."""
        await self._connections.close()

    async def _recipient(self, content: Mapping[str, str], personal: Mapping[str, Any] | None) -> Mailbox:
        """Whom the mail goes to: a user of an account, a bailiff office, or an institution the hub knows."""
        if "user" in content:
            told = personal or {}
            return Mailbox(name=told.get("name") or "", email=told.get("email"), language=content["language"])
        if "institution" in content:
            institution = await self._directory.institution(content["institution"])
            if institution is None:
                raise PartnerRefusedError("institution-unknown", "the hub does not know this institution")
            return institution
        office = await self._directory.office(content["office"]) if "office" in content else None
        if office is None:
            raise PartnerRefusedError("office-unknown", "the Chamber's directory does not list this office")
        return office


def message_of(letter: Letter, *, sender: Address, recipient: Address, message_id: str, date: datetime) -> EmailMessage:
    """A letter as a mail, plain and HTML."""
    message = EmailMessage(_UNFOLDED)
    message["From"] = sender
    message["To"] = recipient
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(date)
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
    message.set_content(letter.text, cte="quoted-printable")
    message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    return message


def message_id_of(delivery: DueDelivery, domain: str) -> str:
    """``<event id.effect@domain>``; what a Message-ID may not hold is written ``=hex``, so that no two are one."""
    effect = _UNSAFE.sub(lambda found: "".join(f"={byte:02x}" for byte in found.group().encode()), delivery.effect)
    return f"<{delivery.event_id}.{effect}@{domain}>"


def _language(content: Mapping[str, str], office: Mailbox) -> str:
    """The language the delivery asks for, else the office's, else French."""
    asked = content.get("language") or office.language
    return asked if asked in LANGUAGES else LANGUAGES[0]


def _address(office: Mailbox) -> Address:
    """The office's address; control characters and non-ASCII local parts are refused."""
    if not office.email:
        raise PartnerRefusedError("address-missing", "no e-mail address is known of who should get this mail")
    try:
        address = Address(display_name=" ".join(office.name.split()), addr_spec=office.email)
    except (HeaderParseError, ValueError, IndexError) as error:
        raise PartnerRefusedError("address-invalid", "the office's e-mail address is not one") from error
    if not (address.username and "." in address.domain and address.addr_spec.isascii()):
        raise PartnerRefusedError("address-invalid", "the office's e-mail address is not one")
    return address
