"""Mails of the register: the daily overview and the alert of a message become what may have to be done.

Low trust: a mail is a hint. Layouts and words are assumptions until a real mail is seen: only data.
"""

import re
from collections import Counter
from datetime import date

from connectors.justrestart.cases import case_of
from hub.sdk import Element, Envelope, Fact, MailForm, MailLayout
from schemas.rcd_actions import RcdActionAnnounced

_NS = "{urn:be:mediationhub:justrestart:1}"
_CASE = r"(?P<case>[A-Za-z0-9._/-]{1,99}[A-Za-z0-9])"
_DAY = r"(?P<day>[0-9]{2}/[0-9]{2}/[0-9]{4})"


def actions(element: Element, envelope: Envelope) -> tuple[Fact, ...]:
    """One announcement for each case, kind and day of a mail, with how often it says so."""
    said = Counter((one.attrib["case"], one.attrib["kind"], one.attrib["on"][:10]) for one in element)
    return tuple(
        Fact(
            data=RcdActionAnnounced.model_validate(
                {
                    "case": case_of(case),
                    "case_ref": case,
                    "institution": envelope.sender,
                    "kind": kind,
                    "on": date.fromisoformat(day),
                    "count": count,
                    "layout": element.attrib["layout"],
                }
            ),
            time=envelope.sent_at,
        )
        for (case, kind, day), count in said.items()
    )


def reference(_element: Element) -> str:
    """A mail has none of its own."""
    return ""


MAILS = MailForm(
    root=f"{_NS}Actions",
    item=f"{_NS}Action",
    layouts=(
        MailLayout(
            name="daily-overview",
            language="fr",
            subject=re.compile(rf"JustRestart\s*[-–:]\s*aperçu journalier du {_DAY}", re.IGNORECASE),
            item=re.compile(rf"[-•*]\s*dossier {_CASE}\s*:\s*(?P<what>.+)", re.IGNORECASE),
            quiet=re.compile(
                r"(bonjour|madame|monsieur).{0,40}|voici .{0,80} notifications? .{0,80}:?"
                r"|ceci est un message automatique.*",
                re.IGNORECASE,
            ),
            ends=re.compile(r"(connectez-vous|cordialement|-- ?$).*", re.IGNORECASE),
            kinds={
                "invitation": "invitation",
                "nouvelle invitation": "invitation",
                "nouvelle creance introduite": "claim",
                "creance introduite": "claim",
                "projet de plan": "plan",
                "nouveau projet de plan": "plan",
                "contredit": "objection",
                "date d'audience": "hearing",
                "audience fixee": "hearing",
                "nouvelle decision": "decision",
                "decision": "decision",
                "nouveau message": "message",
            },
        ),
        MailLayout(
            name="daily-overview",
            language="nl",
            subject=re.compile(rf"JustRestart\s*[-–:]\s*dagelijks overzicht van {_DAY}", re.IGNORECASE),
            item=re.compile(rf"[-•*]\s*dossier {_CASE}\s*:\s*(?P<what>.+)", re.IGNORECASE),
            quiet=re.compile(
                r"(beste|geachte|dag).{0,40}|hier(onder|bij)? .{0,80}meldingen? .{0,80}:?"
                r"|dit is een automatisch bericht.*",
                re.IGNORECASE,
            ),
            ends=re.compile(r"(meld u aan|met vriendelijke groeten|-- ?$).*", re.IGNORECASE),
            kinds={
                "uitnodiging": "invitation",
                "nieuwe uitnodiging": "invitation",
                "nieuwe schuldvordering ingediend": "claim",
                "schuldvordering ingediend": "claim",
                "ontwerp van aanzuiveringsregeling": "plan",
                "nieuw ontwerp van aanzuiveringsregeling": "plan",
                "bezwaar": "objection",
                "zittingsdatum": "hearing",
                "zitting bepaald": "hearing",
                "nieuwe beslissing": "decision",
                "beslissing": "decision",
                "nieuw bericht": "message",
            },
        ),
        MailLayout(
            name="message-alert",
            language="fr",
            subject=re.compile(r"JustRestart\s*[-–:]\s*nouveau message", re.IGNORECASE),
            item=re.compile(rf"vous avez reçu un (nouveau )?message dans le dossier {_CASE}\s*\.?", re.IGNORECASE),
            quiet=re.compile(r"(bonjour|madame|monsieur).{0,40}|ceci est un message automatique.*", re.IGNORECASE),
            ends=re.compile(r"(connectez-vous|cordialement|-- ?$).*", re.IGNORECASE),
            kind="message",
        ),
        MailLayout(
            name="message-alert",
            language="nl",
            subject=re.compile(r"JustRestart\s*[-–:]\s*nieuw bericht", re.IGNORECASE),
            item=re.compile(rf"u hebt een (nieuw )?bericht ontvangen in dossier {_CASE}\s*\.?", re.IGNORECASE),
            quiet=re.compile(r"(beste|geachte|dag).{0,40}|dit is een automatisch bericht.*", re.IGNORECASE),
            ends=re.compile(r"(meld u aan|met vriendelijke groeten|-- ?$).*", re.IGNORECASE),
            kind="message",
        ),
    ),
)
