"""What PrimaWeb's manual leaves open about debt files, as choices; the defaults are those of bcss-primaweb §4. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class DebtRules:
    """Choices on debt files.

    ``overpayment``: more may come than is due; it is flagged, never cut off (§4.4). Without it a change is refused
    that makes the sum of the refunds made, or « déjà remboursé », exceed what is due.
    ``counts_planned``: automatic counts planned refunds too; the manual's wording means the made ones alone (A4).
    ``retype_manual``: back from automatic the amount must be typed again; else the computed one stays (§4.4).
    ``edit_closed``: a closed file may be changed (§4.5). ``close_before_opening``: its closing date may lie before the
    opening date (§4.5).
    """

    overpayment: bool = True
    counts_planned: bool = False
    retype_manual: bool = True
    edit_closed: bool = False
    close_before_opening: bool = False
