"""The words of debtors' notices, in the three national languages (AR 11 Oct 2023, art. 8)."""

from collections.abc import Mapping
from typing import Literal

from schemas.event import CaseData
from schemas.rcd_notices import AccessAction, AccessQuality

Language = Literal["fr", "nl", "de"]
LANGUAGES: tuple[Language, ...] = ("fr", "nl", "de")

KEPT: Mapping[Language, str] = {
    "fr": (
        "Le {day} à {hour}, {action} par {who}. Ces données sont conservées dans le registre central des "
        "règlements collectifs de dettes\u202f: {what}."
    ),
    "nl": (
        "Op {day} om {hour}, {action} door {who}. Deze gegevens worden bewaard in het centraal register "
        "collectieve schuldenregelingen: {what}."
    ),
    "de": (
        "Am {day} um {hour} Uhr: {action} durch {who}. Diese Daten werden im zentralen Register der kollektiven "
        "Schuldenregelungen aufbewahrt: {what}."
    ),
}
"""Item 1: that the data are kept, and which."""
HERE: Mapping[Language, str] = {
    "fr": (
        "Le {day} à {hour}, {action} par {who}. Ces données sont conservées dans la plateforme d'échange qui suit "
        "votre dossier au registre central des règlements collectifs de dettes\u202f: {what}."
    ),
    "nl": (
        "Op {day} om {hour}, {action} door {who}. Deze gegevens worden bewaard in het uitwisselingsplatform dat uw "
        "dossier in het centraal register collectieve schuldenregelingen volgt: {what}."
    ),
    "de": (
        "Am {day} um {hour} Uhr: {action} durch {who}. Diese Daten werden in der Austauschplattform aufbewahrt, die "
        "Ihrer Akte im zentralen Register der kollektiven Schuldenregelungen folgt: {what}."
    ),
}
"""The same of what the hub keeps for itself: the register does not have it."""
OF_THE_HUB: frozenset[CaseData] = frozenset({"channels", "actions", "accesses", "notices", "retention"})
ACTIONS: Mapping[AccessAction, Mapping[Language, str]] = {
    "CONSULT": {
        "fr": "consultation",
        "nl": "raadpleging",
        "de": "Einsichtnahme",
    },
    "EDIT": {
        "fr": "modification",
        "nl": "wijziging",
        "de": "Änderung",
    },
}
WHO: Mapping[AccessQuality, Mapping[Language, str]] = {
    "mediator": {
        "fr": "le médiateur de dettes",
        "nl": "de schuldbemiddelaar",
        "de": "den Schuldenvermittler",
    },
    "recipient": {
        "fr": "une institution que le registre en a avisée",
        "nl": "een instelling die het register ervan verwittigde",
        "de": "eine Einrichtung, die das Register davon benachrichtigt hat",
    },
    "applicant": {
        "fr": "une institution qui agit pour une partie",
        "nl": "een instelling die voor een partij optreedt",
        "de": "eine Einrichtung, die für eine Partei handelt",
    },
    "register": {
        "fr": "le registre",
        "nl": "het register",
        "de": "das Register",
    },
    "administrator": {
        "fr": "un administrateur du système",
        "nl": "een beheerder van het systeem",
        "de": "einen Verwalter des Systems",
    },
}
WHAT: Mapping[CaseData, Mapping[Language, str]] = {
    "claims": {
        "fr": "les créances déclarées (créancier, nature, principal, intérêts, frais, privilège, titre, état)",
        "nl": (
            "de aangegeven schuldvorderingen (schuldeiser, aard, hoofdsom, interesten, kosten, voorrecht, titel, stand)"
        ),
        "de": "die angemeldeten Forderungen (Gläubiger, Art, Hauptsumme, Zinsen, Kosten, Vorrecht, Titel, Stand)",
    },
    "places": {
        "fr": "qui agit pour une partie (invitation, mandat, cession)",
        "nl": "wie voor een partij optreedt (uitnodiging, mandaat, overdracht)",
        "de": "wer für eine Partei handelt (Einladung, Vollmacht, Abtretung)",
    },
    "channels": {
        "fr": "comment chaque partie est jointe (registre ou papier)",
        "nl": "hoe elke partij wordt bereikt (register of papier)",
        "de": "wie jede Partei erreicht wird (Register oder Papier)",
    },
    "actions": {
        "fr": "les avis du registre qui annoncent une action dans le dossier",
        "nl": "de berichten van het register die een actie in het dossier aankondigen",
        "de": "die Mitteilungen des Registers, die eine Handlung in der Akte ankündigen",
    },
    "accesses": {
        "fr": "le journal des accès au dossier",
        "nl": "het logboek van de toegangen tot het dossier",
        "de": "das Protokoll der Zugriffe auf die Akte",
    },
    "retention": {
        "fr": "l'état d'avancement de la conservation du dossier",
        "nl": "de stand van de bewaring van het dossier",
        "de": "der Stand der Aufbewahrung der Akte",
    },
    "package": {
        "fr": "l'ensemble du dossier, pour son dépôt aux Archives de l'État",
        "nl": "het volledige dossier, voor de neerlegging bij het Rijksarchief",
        "de": "die gesamte Akte, für ihre Hinterlegung im Staatsarchiv",
    },
    "notices": {
        "fr": "les avis d'accès qui vous sont destinés",
        "nl": "de voor u bestemde berichten over toegangen",
        "de": "die für Sie bestimmten Zugriffsmitteilungen",
    },
}
ALWAYS: Mapping[Language, tuple[str, str, str, str]] = {
    "fr": (
        (
            "N'ont accès, aux seules données qui leur sont destinées, que\u202f: les magistrats, les greffiers, les "
            "médiateurs de dettes, les fonctionnaires du SPF Économie pour leurs missions légales, les "
            "créanciers, le gestionnaire du registre, les auxiliaires professionnels de justice, le représentant "
            "légal ou mandataire judiciaire et le délégué à la protection des données."
        ),
        (
            "Les données sont conservées cinq ans après la fin des opérations de clôture, puis déposées aux "
            "Archives de l'État."
        ),
        (
            "L'OBFG (Ordre des barreaux francophones et germanophone) et l'OVB (Orde van Vlaamse Balies) sont "
            "responsables du traitement au sens du règlement (UE) 2016/679."
        ),
        "Vous avez le droit d'accéder à vos données (article 15 de ce règlement).",
    ),
    "nl": (
        (
            "Enkel de volgende personen hebben toegang, en alleen tot de gegevens die voor hen bestemd zijn: de "
            "magistraten, de griffiers, de schuldbemiddelaars, de ambtenaren van de FOD Economie voor hun "
            "wettelijke opdrachten, de schuldeisers, de beheerder van het register, de professionele juridische "
            "bijstand, de wettelijke vertegenwoordiger of gerechtelijke mandataris en de functionaris voor "
            "gegevensbescherming."
        ),
        (
            "De gegevens worden vijf jaar bewaard na het einde van de verrichtingen tot sluiting en daarna "
            "neergelegd bij het Rijksarchief."
        ),
        (
            "De OBFG (Ordre des barreaux francophones et germanophone) en de OVB (Orde van Vlaamse Balies) zijn "
            "verwerkingsverantwoordelijken in de zin van verordening (EU) 2016/679."
        ),
        "U hebt recht op inzage van uw gegevens (artikel 15 van die verordening).",
    ),
    "de": (
        (
            "Zugang haben nur, und nur zu den für sie bestimmten Daten: die Magistrate, die Greffiers, die "
            "Schuldenvermittler, die Beamten des FÖD Wirtschaft für ihre gesetzlichen Aufgaben, die Gläubiger, "
            "der Verwalter des Registers, der berufliche Rechtsbeistand, der gesetzliche Vertreter oder "
            "gerichtliche Beauftragte und der Datenschutzbeauftragte."
        ),
        (
            "Die Daten werden fünf Jahre nach dem Ende der Abschlussverrichtungen aufbewahrt und danach im "
            "Staatsarchiv hinterlegt."
        ),
        (
            "Die OBFG (Ordre des barreaux francophones et germanophone) und die OVB (Orde van Vlaamse Balies) "
            "sind Verantwortliche für die Verarbeitung im Sinne der Verordnung (EU) 2016/679."
        ),
        "Sie haben das Recht auf Auskunft über Ihre Daten (Artikel 15 dieser Verordnung).",
    ),
}
"""Items 2 to 5: who has access, how long the data are kept, who answers for them, the right of access."""
