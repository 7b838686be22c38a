"""The page of the collective settlement says what the table and the terms say."""

import re
from pathlib import Path

from hub.domain.rcd.channels import STEPS
from hub.domain.rcd.forms import FORMS, NOT_COMMUNICATED
from hub.domain.rcd.table import TABLE
from hub.domain.rcd.terms import RULES

_PAGE = Path("docs/rcd.md").read_text(encoding="utf-8")


def rows(name: str) -> list[list[str]]:
    """Cells of a marked table, without its head."""
    found = re.search(rf"<!-- {name}:.*?-->\n(.*?)<!-- end -->", _PAGE, re.DOTALL)
    assert found
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in found[1].strip().splitlines()[2:]]


def named(terms: tuple[str, ...]) -> str:
    return ", ".join(f"`{term}`" for term in terms)


def test_page_maps_every_act_to_its_row_state_article_and_terms() -> None:
    wanted = [
        [f"`{name}`", row.t, row.to or "stays", row.article, named(row.start), named(row.end)]
        for name, row in TABLE.items()
    ]
    assert rows("acts") == wanted


def test_page_maps_every_term_to_its_article() -> None:
    assert rows("terms") == [[f"`{name}`", rule.article, rule.what] for name, rule in RULES.items()]


def test_page_says_how_a_party_is_reached() -> None:
    assert rows("channels") == [[f"`{step}`", row.channel, row.article, row.then] for step, row in STEPS.items()]
    assert rows("forms") == [[f"`{name}`", row.form, row.by, row.article] for name, row in FORMS.items()]
    assert rows("not communicated") == [[f"`{name}`", why] for name, why in NOT_COMMUNICATED.items()]
