"""In which form a communication goes to, or comes from, a party on paper, and by whom (art. 1675/16; ADR 0029).

Closed: an act is communicated, or the reason is said why it is not.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple

Form = Literal["pli-judiciaire", "registered-letter", "registered-letter-ar", "ar-or-dated-receipt", "ordinary-post"]
By = Literal["greffier", "mediator", "greffier-and-mediator", "creditor", "party"]

REPRODUCED = "1675/15bis §1"
"""The text that every communication of the court or the mediator reproduces (its al. 4)."""


class FormRow(NamedTuple):
    """The form of a communication on paper, who sends it, by which article."""

    form: Form
    by: By
    article: str


FORMS: Mapping[str, FormRow] = {
    # ── pli judiciaire ────────────────────────────────────────────────────────────────────────────────────────
    "declared-inadmissible": FormRow("pli-judiciaire", "greffier", "1675/16 §2, 1°"),
    "plan-rejected": FormRow("pli-judiciaire", "greffier", "1675/16 §2, 2°"),
    "revoked": FormRow("pli-judiciaire", "greffier", "1675/16 §2, 2°–3°"),
    "ended-at-request": FormRow("pli-judiciaire", "greffier", "1675/16 §2, 2°"),
    "remission-revoked": FormRow("pli-judiciaire", "greffier", "1675/16 §2, 2°"),
    "closed": FormRow("pli-judiciaire", "greffier", "1675/16 §2, 2°"),
    "sale-announced": FormRow("pli-judiciaire", "greffier", "1675/14bis §2"),
    "appeal-lodged": FormRow("pli-judiciaire", "greffier", "1056, 2°"),
    # ── registered letter: other decisions ────────────────────────────────────────────────────────────────────
    "mediator-replaced": FormRow("registered-letter", "greffier-and-mediator", "1675/16 §2/1"),
    "admissibility-notified": FormRow("registered-letter", "greffier", "1675/16 §3"),
    "plan-homologated": FormRow("registered-letter", "greffier", "1675/16 §3"),
    "carence-extended": FormRow("registered-letter", "greffier", "1675/16 §3"),
    "hearing-fixed": FormRow("registered-letter", "greffier", "1675/16 §3"),
    "judicial-plan": FormRow("registered-letter", "greffier", "1675/16 §3"),
    "judicial-plan-remission": FormRow("registered-letter", "greffier", "1675/16 §3"),
    "total-remission": FormRow("registered-letter", "greffier", "1675/16 §3"),
    "plan-revised": FormRow("registered-letter", "greffier", "1675/16 §3"),
    "mediator-recused": FormRow("registered-letter", "greffier", "1675/16 §3"),
    "surety-discharged": FormRow("registered-letter", "greffier", "1675/16 §3"),
    # ── with acknowledgement of receipt ───────────────────────────────────────────────────────────────────────
    "reminder-sent": FormRow("registered-letter-ar", "mediator", "1675/16 §4"),
    "plan-sent": FormRow("registered-letter-ar", "mediator", "1675/16 §4"),
    "surety-informed": FormRow("registered-letter-ar", "mediator", "1675/16 §4"),
    "claim-submitted": FormRow("ar-or-dated-receipt", "creditor", "1675/16 §5"),
    # ── ordinary post ─────────────────────────────────────────────────────────────────────────────────────────
    "completion-asked": FormRow("ordinary-post", "greffier", "1675/16 §6"),
    "secrecy-release-asked": FormRow("ordinary-post", "greffier", "1675/16 §6"),
    "brought-back": FormRow("ordinary-post", "greffier", "1675/16 §6"),
    "foreclosure-confirmed": FormRow("ordinary-post", "mediator", "1675/16 §6"),
    "annual-report-filed": FormRow("ordinary-post", "mediator", "1675/16 §6"),
    "objection-raised": FormRow("ordinary-post", "party", "1675/16 §6"),
}
"""Step 3 of rcd-justrestart §2.4, by the act that is communicated."""

NOT_COMMUNICATED: Mapping[str, str] = {
    **dict.fromkeys(("petition-filed", "petition-completed", "discharge-asked"), "a deposit at the greffe"),
    "admitted": "communicated as `admissibility-notified`",
    **dict.fromkeys(("avis-posted", "avis-updated", "avis-radiated", "mention-told"), "told to the FCA"),
    "claim-converted": "paper that came, uploaded (art. 1675/15bis §2)",
    "reminder-received": "a receipt",
    "carence-recorded": "to the judge, through the register",
    **dict.fromkeys(
        ("drafting-started", "plan-agreed", "term-reached", "operations-ended", "archived"), "nobody sends anything"
    ),
    **dict.fromkeys(("confirmation-asked", "confirmed"), "through the register by its nature"),
    **dict.fromkeys(
        (
            *("invited", "invitation-accepted", "invitation-refused", "invitation-ceded", "mandate-granted"),
            *("claim-saved", "claim-sold-in-part", "access-blocked"),
        ),
        "an act about access to the register",
    ),
    **dict.fromkeys(("outage-started", "outage-ended"), "the register is away or back"),
}
"""Why an act has no form on paper."""
