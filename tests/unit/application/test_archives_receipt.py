"""What a receipt of the State Archives must say."""

import json
from datetime import date

import pytest

from hub.application.transfer.ports import TransferRefusedError
from hub.application.transfer.receive import read_receipt

GOOD = {"reference": "ARA-2031-11", "date": "2031-06-15", "sha256": "ab" * 32}
TODAY = date(2031, 6, 15)


def test_receipt_says_reference_date_and_hash() -> None:
    found = read_receipt(json.dumps({**GOOD, "more": 1}).encode(), TODAY)

    assert found == ("ARA-2031-11", date(2031, 6, 15), bytes.fromhex("ab" * 32))


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"\x50\x4b\x03\x04", "no JSON"),
        (b"", "no JSON"),
        (b"[]", "no JSON object"),
        (b'{"sha256": 1, "sha256": 2}', "no JSON"),
        *((json.dumps({**GOOD, name: bad}).encode(), name) for name, bad in (
            ("reference", ""), ("reference", "x" * 101), ("reference", "a\nb"), ("sha256", "ab"), ("sha256", 7),
            ("date", "15/06/2031"), ("date", "2031-06-16"), ("date", None),
        )),
    ],
)  # fmt: skip
def test_what_is_no_receipt_is_refused_with_what_is_wrong(data: bytes, word: str) -> None:
    with pytest.raises(TransferRefusedError, match=word) as refused:
        read_receipt(data, TODAY)
    assert refused.value.rule == "receipt-unreadable"
