"""A partner may write the contract's namespace with any prefix: what is wrong is found at the same place."""

import re
from pathlib import Path

import pytest

from connectors import CONNECTORS
from hub.adapters.xml.contract import LxmlContract
from hub.adapters.xml.parser import parsed

pytestmark = pytest.mark.unit

EXAMPLE = Path(__file__).parents[2] / "connectors/cia/examples/claim-first-version.in.xml"
CONTRACT = LxmlContract(CONNECTORS["cia"], item_bytes=262_144, depth=64, attributes=64)
INCLUDE = '<xi:include xmlns:xi="urn:x"/>'


def prefixed(document: str) -> str:
    """The same document, its namespace under a prefix."""
    return re.sub(r"<(/?)([A-Z])", r"<\1c:\2", document).replace("xmlns=", "xmlns:c=")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("1564.73", "abc"),
        ("<Debtor", "<Nothing/><Debtor"),
        ("<Line", "<Line/><Line"),
        ("<Debtor", f"{INCLUDE}{INCLUDE}<Debtor"),
        ("<Debtor", '<Debtor xmlns:y="urn:y" y:bad="1"'),
    ],
)
def test_findings_are_the_same_with_and_without_a_prefix(before: str, after: str) -> None:
    wrong = EXAMPLE.read_text(encoding="utf-8").replace(before, after, 1)

    plain = CONTRACT.findings(parsed(wrong.encode()))

    assert len(plain) > 0
    assert CONTRACT.findings(parsed(prefixed(wrong).encode())) == plain


def test_valid_document_under_a_prefix_is_valid() -> None:
    assert CONTRACT.findings(parsed(prefixed(EXAMPLE.read_text(encoding="utf-8")).encode())) == ()
