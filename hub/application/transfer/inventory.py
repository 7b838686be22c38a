"""What is in a package, for people, in the languages of the procedure."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from hub.application.transfer.ports import Part

_HEADS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "fr": {
            "title": "Inventaire du dossier de règlement collectif de dettes transféré aux Archives de l'État",
            "law": "Article 1675/24 du Code judiciaire ; arrêté royal du 11 octobre 2023, article 8, 3°",
            "case": "Dossier",
            "reference": "Référence du registre",
            "court": "Tribunal",
            "role": "Numéro de rôle",
            "since": "Fin des opérations de clôture",
            "until": "Conservé jusqu'au",
            "parts": "Pièces (nom, octets, SHA-256)",
        },
        "nl": {
            "title": "Inventaris van het dossier van collectieve schuldenregeling, overgebracht naar het Rijksarchief",
            "law": "Artikel 1675/24 van het Gerechtelijk Wetboek; koninklijk besluit van 11 oktober 2023, art. 8, 3°",
            "case": "Dossier",
            "reference": "Referentie van het register",
            "court": "Rechtbank",
            "role": "Rolnummer",
            "since": "Einde van de sluitingsverrichtingen",
            "until": "Bewaard tot en met",
            "parts": "Stukken (naam, bytes, SHA-256)",
        },
        "de": {
            "title": "Verzeichnis der an das Staatsarchiv übergebenen Akte der kollektiven Schuldenregelung",
            "law": "Artikel 1675/24 des Gerichtsgesetzbuches; Königlicher Erlass vom 11. Oktober 2023, Artikel 8, 3°",
            "case": "Akte",
            "reference": "Aktenzeichen des Registers",
            "court": "Gericht",
            "role": "Listennummer",
            "since": "Ende der Abschlussverrichtungen",
            "until": "Aufbewahrt bis einschließlich",
            "parts": "Teile (Name, Bytes, SHA-256)",
        },
    }
)
_WHAT: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "acts.jsonl": {
            "fr": "Actes du dossier, à leurs dates légales",
            "nl": "Akten van het dossier, op hun wettelijke datum",
            "de": "Handlungen der Akte, nach ihren gesetzlichen Daten",
        },
        "timeline.jsonl": {
            "fr": "Tout ce qui a été communiqué au dossier, dans l'ordre",
            "nl": "Alles wat aan het dossier werd meegedeeld, op volgorde",
            "de": "Alles, was zu der Akte mitgeteilt wurde, der Reihe nach",
        },
        "claims.jsonl": {
            "fr": "Créances telles que les exportations du registre les montrent",
            "nl": "Schuldvorderingen zoals de exports van het register ze tonen",
            "de": "Forderungen, wie die Ausfuhren des Registers sie zeigen",
        },
        "accesses.jsonl": {
            "fr": "Journal des accès au dossier",
            "nl": "Logboek van de toegangen tot het dossier",
            "de": "Protokoll der Zugriffe auf die Akte",
        },
        "documents.jsonl": {
            "fr": "Liste des documents reçus, avec leurs empreintes et accusés",
            "nl": "Lijst van de ontvangen documenten, met hun hashes en ontvangstbewijzen",
            "de": "Liste der eingegangenen Dokumente mit Prüfsummen und Empfangsbestätigungen",
        },
        "documents/": {
            "fr": "Document tel que reçu",
            "nl": "Document zoals ontvangen",
            "de": "Dokument, wie es einging",
        },
    }
)


def inventory(language: str, facts: Mapping[str, object], parts: Sequence[Part]) -> str:
    """The inventory in one language; ``facts`` as the manifest names them."""
    heads = _HEADS[language]
    named = {
        "case": facts["case"],
        "reference": facts["caseRef"],
        "court": facts["court"],
        "role": facts["roleNumber"],
        "since": facts["operationsEnded"],
        "until": facts["keptUntil"],
    }
    lines = [heads["title"], heads["law"], ""]
    lines += [f"{heads[name]}: {value or '–'}" for name, value in named.items()]
    lines += ["", heads["parts"]]
    lines += [f"{part.name}  {part.size}  {part.sha256}\n    {_what(part.name, language)}" for part in parts]
    return "\n".join(lines) + "\n"


def _what(name: str, language: str) -> str:
    return _WHAT["documents/" if name.startswith("documents/") else name][language]
