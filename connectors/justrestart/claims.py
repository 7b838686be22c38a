"""Claims of a case as the private volet shows them: a row of an export becomes what was told of one claim."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from connectors.justrestart.cases import case_of
from hub.sdk import Column, Element, Envelope, Fact, MappingRefusedError, Problem, Sheet
from schemas.rcd_claims import RcdClaimTold

_SUMS = ("principal", "interest", "costs")
_YES_NO = {"yes": {"fr": "oui", "nl": "ja"}, "no": {"fr": "non", "nl": "neen"}}
_NATURES = {
    "credit": {"fr": "crédit", "nl": "krediet"},
    "energy": {"fr": "énergie", "nl": "energie"},
    "telecom": {"fr": "télécom", "nl": "telecom"},
    "rent": {"fr": "loyer", "nl": "huur"},
    "tax": {"fr": "impôt", "nl": "belasting"},
    "fine": {"fr": "amende", "nl": "boete"},
    "maintenance": {"fr": "aliments", "nl": "onderhoudsgeld"},
    "other": {"fr": "autre", "nl": "andere"},
}
_STATUS = {
    "introduced": {"fr": "introduite", "nl": "ingediend"},
    "contested": {"fr": "contestée", "nl": "betwist"},
}
_CHANNELS = {"register": {"fr": "registre", "nl": "register"}, "paper": {"fr": "papier", "nl": "papier"}}


def claim(element: Element, envelope: Envelope) -> tuple[Fact, ...]:
    """What a row tells; whether and when the claim was made, the register's acts say."""
    given = dict(element.attrib)
    sums = {name: Decimal(given[name]) for name in _SUMS}
    submitted = date.fromisoformat(given["submitted"].strip()[:10])
    if problems := (*_sum(element, sum(sums.values())), *_case(element), *_ahead(element, submitted, envelope)):
        raise MappingRefusedError(problems)
    told: dict[str, Any] = {
        **sums,
        "case": case_of(given["case"]),
        "case_ref": given["case"],
        "claim_ref": given["reference"],
        "party": given["party"],
        "nature": given["nature"],
        "status": given["status"],
        "channel": given.get("channel", "register"),
        "submitted_on": submitted,
        "told_by": envelope.sender,
        **{name: given.get(name) == "yes" for name in ("preferred", "title", "proceedings")},
    }
    return (Fact(data=RcdClaimTold.model_validate(told), time=envelope.sent_at),)


def case(root: Element) -> str:
    """The case that a whole document speaks of."""
    return case_of(root.get("case", ""))


def _sum(element: Element, total: Decimal | int) -> tuple[Problem, ...]:
    said = element.get("total")
    if said is None or Decimal(said) == total:
        return ()
    return (Problem(code="total-not-sum", element=element, attribute="total", limit="principal + interest + costs"),)


def _case(element: Element) -> tuple[Problem, ...]:
    root = element.getparent()
    if root is None or root.get("case") == element.get("case"):
        return ()
    return (Problem(code="case-differs", element=element, attribute="case"),)


def _ahead(element: Element, submitted: date, envelope: Envelope) -> tuple[Problem, ...]:
    """A day of slack: the sending may be told in another offset than Belgium's."""
    if submitted <= envelope.sent_at.date() + timedelta(days=1):
        return ()
    return (Problem(code="date-ahead", element=element, attribute="submitted"),)


SHEET = Sheet(
    root="{urn:be:mediationhub:justrestart:1}Claims",
    item="{urn:be:mediationhub:justrestart:1}Claim",
    title={"fr": "Créances", "nl": "Schuldvorderingen"},
    common=("case",),
    key="reference",
    columns=(
        Column(
            attribute="case",
            headings={"fr": "Numéro de dossier", "nl": "Dossiernummer"},
            also=("N° de dossier", "Dossier", "Dossiernr."),
        ),
        Column(
            attribute="reference",
            headings={"fr": "Référence de la créance", "nl": "Referentie van de schuldvordering"},
            also=("Référence", "Referentie", "Numéro de créance", "Nummer schuldvordering"),
        ),
        Column(
            attribute="party",
            headings={"fr": "Numéro du créancier", "nl": "Nummer van de schuldeiser"},
            also=("N° créancier", "Nummer schuldeiser"),
        ),
        Column(
            attribute="nature",
            headings={"fr": "Nature", "nl": "Aard"},
            also=("Nature de la créance", "Aard van de schuldvordering"),
            form="word",
            words=_NATURES,
        ),
        Column(
            attribute="principal", headings={"fr": "Principal", "nl": "Hoofdsom"}, also=("En principal",), form="amount"
        ),
        Column(
            attribute="interest",
            headings={"fr": "Intérêts", "nl": "Intresten"},
            also=("Interesten", "Rente"),
            form="amount",
        ),
        Column(attribute="costs", headings={"fr": "Frais", "nl": "Kosten"}, form="amount"),
        Column(
            attribute="total",
            headings={"fr": "Total", "nl": "Totaal"},
            also=("Montant total", "Totaalbedrag"),
            form="amount",
            must=False,
        ),
        Column(
            attribute="preferred",
            headings={"fr": "Privilège", "nl": "Voorrecht"},
            also=("Privilégiée", "Bevoorrecht"),
            form="word",
            words=_YES_NO,
        ),
        Column(
            attribute="title",
            headings={"fr": "Titre exécutoire", "nl": "Uitvoerbare titel"},
            also=("Titre", "Titel"),
            form="word",
            words=_YES_NO,
            must=False,
        ),
        Column(
            attribute="proceedings",
            headings={"fr": "Procédure en cours", "nl": "Lopende procedure"},
            form="word",
            words=_YES_NO,
            must=False,
        ),
        Column(
            attribute="channel",
            headings={"fr": "Canal", "nl": "Kanaal"},
            form="word",
            words=_CHANNELS,
            must=False,
        ),
        Column(
            attribute="status",
            headings={"fr": "Statut", "nl": "Status"},
            form="word",
            words=_STATUS,
        ),
        Column(
            attribute="submitted",
            headings={"fr": "Introduite le", "nl": "Ingediend op"},
            also=("Date d'introduction", "Datum van indiening"),
            form="date",
        ),
    ),
)
"""The export's columns. Headings and words are assumptions until a real export is seen: only data."""
