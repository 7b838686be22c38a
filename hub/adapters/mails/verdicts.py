"""Whom a mail is believed to come from: what the institution's own mail server found (RFC 8601), by policy.

Only the topmost result of the trusted server counts: it strips what others wrote in its name and puts its own on top.
A method that passed must have passed for the domain in From, or for one above or below it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import getaddresses

from hub.application.intake.refusals import DocumentRefusedError

_METHOD = re.compile(r"^\s*(?P<method>[a-z-]+)(?:/\d+)?\s*=\s*(?P<result>[a-z]+)\b", re.IGNORECASE)
_DOMAIN = re.compile(
    r"\b(?:header\.(?:d|i|from)|smtp\.mailfrom)\s*=\s*\"?(?:[^\s@;\"]*@)?([A-Za-z0-9.-]+)", re.IGNORECASE
)
_COMMENT = re.compile(r"\([^()]*\)")


@dataclass(frozen=True, kw_only=True, slots=True)
class MailPolicy:
    """``domains`` that may stand in From; ``authority``: whose verdicts count; ``require``: what must pass."""

    domains: tuple[str, ...] = ()
    authority: str = ""
    require: tuple[str, ...] = ("dkim", "spf")


def believed(mail: EmailMessage, policy: MailPolicy) -> None:
    """Nothing, when the mail may be believed.

    Raises:
        DocumentRefusedError: ``mail-sender``, ``mail-unverified``.
    """
    domain = _from(mail)
    if not any(_within(domain, one) for one in policy.domains):
        raise DocumentRefusedError("mail-sender", limit=", ".join(policy.domains) or "–")
    passed = _passed(_verdicts(mail, policy.authority), domain)
    missing = [method for method in policy.require if method not in passed]
    if missing:
        raise DocumentRefusedError("mail-unverified", limit=", ".join(missing))


def _from(mail: EmailMessage) -> str:
    """The one domain of the one From; two of either are a disguise."""
    headers = [str(one) for one in mail.get_all("from", [])]
    addresses = [address for _, address in getaddresses(headers)]
    if len(headers) != 1 or len(addresses) != 1 or addresses[0].count("@") != 1:
        return ""
    return addresses[0].rpartition("@")[2].casefold().rstrip(".")


def _verdicts(mail: EmailMessage, authority: str) -> Sequence[str]:
    """The parts of the topmost result, if the trusted server wrote it."""
    for header in mail.get_all("authentication-results", []):
        server, *parts = _COMMENT.sub(" ", str(header)).split(";")
        if authority and server.split()[:1] == [authority]:
            return parts
    return ()


def _passed(parts: Sequence[str], domain: str) -> set[str]:
    """Methods that passed for the domain."""
    found = set()
    for part in parts:
        said = _METHOD.match(part)
        domains = [one.casefold().rstrip(".") for one in _DOMAIN.findall(part)]
        aligned = domains and all(_within(domain, one) or _within(one, domain) for one in domains)
        if said and said["result"].casefold() == "pass" and aligned:
            found.add(said["method"].casefold())
    return found


def _within(domain: str, other: str) -> bool:
    """The same domain, or one below it; a top-level domain holds nobody."""
    return "." in other and (domain == other or domain.endswith(f".{other}"))
