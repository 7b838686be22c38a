"""The register's daily overview: one mail a day to an institution with what others did in its cases, into a Maildir.

Once a day and never one by one (RegSol FAQ); outline only, nothing of a person. Nobody is told of own acts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

from sandbox.register.book import Act, Book

DOMAIN = "justrestart.sandbox.example"
AUTHORITY = "mx.institutions.sandbox.example"
"""The institutions' own mail server, which says that DKIM and SPF passed."""
_WORDS = {
    "admitted": "nouvelle décision",
    "ended-at-request": "nouvelle décision",
    "invitation-accepted": "nouvelle invitation",
    "claim-submitted": "nouvelle créance introduite",
    "plan-sent": "projet de plan",
    "objection-raised": "contredit",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Overview:
    """What an institution is told of one day: case and words, one line each."""

    institution: str
    day: date
    lines: tuple[tuple[str, str], ...]


def overviews(book: Book, institution: str) -> Iterator[Overview]:
    """One for each day on which somebody else did something in a case that the institution mediates."""
    days: dict[date, list[tuple[str, str]]] = {}
    for acts in book.cases.values():
        if not any(act.act == "admitted" and act.said.get("institution") == institution for act in acts):
            continue
        for act in acts:
            if act.act in _WORDS and not _own(act, institution):
                days.setdefault(act.entered.date(), []).append((act.case, _WORDS[act.act]))
    for day, lines in sorted(days.items()):
        yield Overview(institution=institution, day=day, lines=tuple(lines))


class Postman:
    """Delivers each overview once: one mail a day and institution, whatever is asked again."""

    def __init__(self, root: Path, book: Book) -> None:
        self._root, self._book = root, book
        self.sent: dict[tuple[str, date], Overview] = {}

    def rounds(self) -> int:
        """Deliver the overviews of all days that were not told yet; how many."""
        acts = (act for act in self._book.acts if act.act == "admitted")
        institutions = sorted({act.said["institution"] for act in acts if "institution" in act.said})
        new = [
            one
            for institution in institutions
            for one in overviews(self._book, institution)
            if (one.institution, one.day) not in self.sent
        ]
        for one in new:
            deliver(self._root, self._book, one)
            self.sent[one.institution, one.day] = one
        return len(new)


def deliver(root: Path, book: Book, overview: Overview) -> Path:
    """Put the mail into the institution's Maildir, as its mail server does."""
    name = f"{overview.day:%Y%m%d}.{overview.institution}"
    folder = root / overview.institution
    for part in ("tmp", "new"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    written = folder / "tmp" / name
    written.write_bytes(_mail(book, overview, name).as_bytes())
    return written.rename(folder / "new" / name)


def _own(act: Act, institution: str) -> bool:
    return act.said.get("institution") == institution and act.act != "admitted"


def _mail(book: Book, overview: Overview, name: str) -> EmailMessage:
    mail = EmailMessage()
    passed = f"dkim=pass header.d={DOMAIN}; spf=pass smtp.mailfrom=noreply@{DOMAIN}"
    mail["Authentication-Results"] = f"{AUTHORITY}; {passed}"
    mail["From"] = f"JustRestart <noreply@{DOMAIN}>"
    mail["To"] = f"{overview.institution}@institutions.sandbox.example"
    mail["Subject"] = f"JustRestart - aperçu journalier du {overview.day:%d/%m/%Y}"
    mail["Date"] = format_datetime(book.now())
    mail["Message-ID"] = f"<{name}@{DOMAIN}>"
    lines = "\n".join(f"- dossier {case} : {what}" for case, what in overview.lines)
    greeting, farewell = (
        "Bonjour,\n\nVoici vos notifications du jour :",
        "Connectez-vous à JustRestart pour les consulter.",
    )
    mail.set_content(f"{greeting}\n\n{lines}\n\n{farewell}\n")
    return mail
