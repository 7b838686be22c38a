"""Every communication on paper has its form, row by row (art. 1675/16; rcd-justrestart §2.4, step 3)."""

import pytest

from hub.domain.rcd.forms import FORMS, NOT_COMMUNICATED
from hub.domain.rcd.table import ENDED, OVER, TABLE

PLI = ("pli-judiciaire", "greffier")
GREFFE = ("registered-letter", "greffier")
AR = ("registered-letter-ar", "mediator")
ROWS = (
    ("declared-inadmissible", PLI, "1675/16 §2, 1°"),
    ("plan-rejected", PLI, "1675/16 §2, 2°"),
    ("revoked", PLI, "1675/16 §2, 2°–3°"),
    ("ended-at-request", PLI, "1675/16 §2, 2°"),
    ("remission-revoked", PLI, "1675/16 §2, 2°"),
    ("closed", PLI, "1675/16 §2, 2°"),
    ("sale-announced", PLI, "1675/14bis §2"),
    ("appeal-lodged", PLI, "1056, 2°"),
    ("mediator-replaced", ("registered-letter", "greffier-and-mediator"), "1675/16 §2/1"),
    ("admissibility-notified", GREFFE, "1675/16 §3"),
    ("plan-homologated", GREFFE, "1675/16 §3"),
    ("carence-extended", GREFFE, "1675/16 §3"),
    ("hearing-fixed", GREFFE, "1675/16 §3"),
    ("judicial-plan", GREFFE, "1675/16 §3"),
    ("judicial-plan-remission", GREFFE, "1675/16 §3"),
    ("total-remission", GREFFE, "1675/16 §3"),
    ("plan-revised", GREFFE, "1675/16 §3"),
    ("mediator-recused", GREFFE, "1675/16 §3"),
    ("surety-discharged", GREFFE, "1675/16 §3"),
    ("reminder-sent", AR, "1675/16 §4"),
    ("plan-sent", AR, "1675/16 §4"),
    ("surety-informed", AR, "1675/16 §4"),
    ("claim-submitted", ("ar-or-dated-receipt", "creditor"), "1675/16 §5"),
    ("completion-asked", ("ordinary-post", "greffier"), "1675/16 §6"),
    ("secrecy-release-asked", ("ordinary-post", "greffier"), "1675/16 §6"),
    ("brought-back", ("ordinary-post", "greffier"), "1675/16 §6"),
    ("foreclosure-confirmed", ("ordinary-post", "mediator"), "1675/16 §6"),
    ("annual-report-filed", ("ordinary-post", "mediator"), "1675/16 §6"),
    ("objection-raised", ("ordinary-post", "party"), "1675/16 §6"),
)


@pytest.mark.parametrize(("communication", "form", "article"), ROWS, ids=[row[0] for row in ROWS])
def test_communication_has_the_form_of_its_row(communication: str, form: tuple[str, str], article: str) -> None:
    assert FORMS[communication] == (*form, article)


def test_every_act_has_a_form_or_a_reason_to_have_none() -> None:
    assert {name for name, _, _ in ROWS} == {*FORMS}
    assert {*FORMS} | {*NOT_COMMUNICATED} == {*TABLE}
    assert not {*FORMS} & {*NOT_COMMUNICATED}
    assert all(NOT_COMMUNICATED.values())


def test_decision_that_ends_a_settlement_goes_by_pli_judiciaire() -> None:
    """Art. 1675/16 §2, 2°; a term that is reached, operations and archives are no decisions."""
    ends = {name for name, row in TABLE.items() if row.to in ENDED | OVER | {"INADMISSIBLE"}}
    assert {name for name in ends if FORMS.get(name) and FORMS[name].form != "pli-judiciaire"} == set()
    assert ends - {*FORMS} == {"term-reached", "operations-ended", "archived"}
