"""Workbooks of claims as people send them."""

from collections.abc import Mapping, Sequence
from datetime import date
from io import BytesIO

from openpyxl import Workbook

CASE = "2026/LIEGE/1"
FR = {
    "case": "Numéro de dossier",
    "reference": "Référence de la créance",
    "party": "Numéro du créancier",
    "name": "Créancier",
    "nature": "Nature",
    "principal": "Principal (EUR)",
    "interest": "Intérêts",
    "costs": "Frais",
    "total": "Total",
    "preferred": "Privilège",
    "title": "Titre exécutoire",
    "status": "Statut",
    "submitted": "Introduite le",
}
NL = {
    "case": "Dossiernummer",
    "reference": "Referentie van de schuldvordering",
    "party": "Nummer van de schuldeiser",
    "name": "Schuldeiser",
    "nature": "Aard",
    "principal": "HOOFDSOM",
    "interest": "Intresten",
    "costs": "Kosten",
    "total": "Totaal",
    "preferred": "Voorrecht",
    "title": "Uitvoerbare titel",
    "status": "Status",
    "submitted": "Ingediend op",
}
NL_WORDS = {"énergie": "energie", "non": "neen", "oui": "ja", "introduite": "ingediend"}


def row(n: int, **changes: object) -> dict[str, object]:
    """A good row: claim CR-n of creditor cred-n."""
    return {
        "case": CASE,
        "reference": f"CR-{n}",
        "party": f"cred-{n}",
        "name": f"Fournisseur {n}",
        "nature": "énergie",
        "principal": 100.1 + n,
        "interest": "1.234,50",
        "costs": 0,
        "total": 1334.6 + n,
        "preferred": "non",
        "title": "oui",
        "status": "Introduite",
        "submitted": date(2026, 2, 3),
        **changes,
    }


def workbook(
    rows: Sequence[Mapping[str, object]], headings: Mapping[str, str] = FR, *, above: int = 0, note: str = ""
) -> bytes:
    """A workbook with lines above its headings; in Dutch its words are Dutch."""
    book = Workbook()
    sheet = book.worksheets[0]
    for n in range(above):
        sheet.append([f"{note}{n}"])
    sheet.append(list(headings.values()))
    for one in rows:
        values = [one.get(name) for name in headings]
        sheet.append([NL_WORDS.get(str(v).lower(), v) if headings is NL else v for v in values])
    if note:
        book.properties.title = note
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()
