"""The claims of a case as the private volet exports them: an Excel workbook with French headings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO

from openpyxl import Workbook

_HEADINGS = (
    "Numéro de dossier",
    "Référence de la créance",
    "Numéro du créancier",
    "Nature",
    "Principal",
    "Intérêts",
    "Frais",
    "Total",
    "Privilège",
    "Statut",
    "Introduite le",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class ClaimKept:
    """A claim with its amounts as a creditor declared it."""

    case: str
    reference: str
    party: str
    principal: Decimal
    interest: Decimal
    costs: Decimal
    on: date

    @property
    def total(self) -> Decimal:
        """Everything."""
        return self.principal + self.interest + self.costs


def workbook(claims: Sequence[ClaimKept], *, title: str) -> bytes:
    """The workbook; ``title`` stands above its headings, as no two exports are the same file."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append([title])
    sheet.append(list(_HEADINGS))
    for one in claims:
        amounts = (one.principal, one.interest, one.costs, one.total)
        said = (one.case, one.reference, one.party, "crédit")
        sheet.append([*said, *(float(amount) for amount in amounts), "non", "Introduite", one.on])
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()
