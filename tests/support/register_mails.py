"""Mails as the register sends them and as a mail server leaves them in a mailbox."""

from collections.abc import Sequence
from email.message import EmailMessage
from pathlib import Path

AUTHORITY = "mx.cpas-1.example"
SENDER = "no-reply@justrestart.example"
PASSED = (
    f"{AUTHORITY}; dkim=pass (2048-bit key) header.d=justrestart.example header.s=k1;\n"
    " spf=pass smtp.mailfrom=bounce@mail.justrestart.example"
)
OVERVIEW = {
    "fr": (
        "JustRestart - Aperçu journalier du 26/11/2026",
        "Bonjour,\nVoici l'aperçu des notifications du 26/11/2026 :\n\n{lines}\n\nConnectez-vous ici.\nx y z\n",
        (
            "- Dossier 2026/LIEGE/1 : nouvelle créance introduite",
            "- Dossier 2026/LIEGE/1 : nouvelle créance introduite",
            "- Dossier 2026/LIEGE/2 : date d’audience",
        ),
    ),
    "nl": (
        "JustRestart - Dagelijks overzicht van 26/11/2026",
        "Beste,\n\nHieronder de meldingen van 26/11/2026:\n\n{lines}\n\nMeld u aan bij JustRestart.\n",
        (
            "- Dossier 2026/LIEGE/1: nieuwe schuldvordering ingediend",
            "- Dossier 2026/LIEGE/1: nieuwe schuldvordering ingediend",
            "- Dossier 2026/LIEGE/2: zitting bepaald",
        ),
    ),
}
ALERT = {
    "fr": ("JustRestart - Nouveau message", "Bonjour,\nVous avez reçu un message dans le dossier 2026/LIEGE/1.\n"),
    "nl": ("JustRestart - Nieuw bericht", "Dag,\nU hebt een bericht ontvangen in dossier 2026/LIEGE/1.\n"),
}


def mail(
    subject: str,
    text: str,
    *,
    name: str = "1",
    sender: str = SENDER,
    results: Sequence[str] = (PASSED,),
    hop: str = "mx",
) -> bytes:
    """A mail with the results that the server wrote on top."""
    made = EmailMessage()
    for one in results:
        made["Authentication-Results"] = one.replace("\n", "")
    made["Received"] = f"from {hop}.example by {AUTHORITY}; Thu, 26 Nov 2026 20:00:00 +0100"
    made["Message-ID"] = f"<{name}@justrestart.example>"
    made["From"] = sender
    made["To"] = "rcd@cpas-1.example"
    made["Date"] = "Thu, 26 Nov 2026 20:00:00 +0100"
    made["Subject"] = subject
    made.set_content(text)
    made.add_alternative(f"<p>{text}</p>", subtype="html")
    return made.as_bytes()


def overview(language: str = "fr", lines: Sequence[str] | None = None, **more: object) -> bytes:
    """The daily overview."""
    subject, text, usual = OVERVIEW[language]
    return mail(subject, text.format(lines="\n".join(usual if lines is None else lines)), **more)  # type: ignore[arg-type]  # as mail


def alert(language: str = "fr", **more: object) -> bytes:
    """The alert of a message."""
    return mail(*ALERT[language], **more)  # type: ignore[arg-type]  # as mail


def delivered(root: Path, institution: str, name: str, content: bytes) -> Path:
    """As a mail server does: written in tmp, then renamed into new."""
    box = root / institution
    for part in ("tmp", "new", "cur"):
        (box / part).mkdir(parents=True, exist_ok=True)
    (box / "tmp" / name).write_bytes(content)
    return (box / "tmp" / name).rename(box / "new" / name)
