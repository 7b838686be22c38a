"""The search for readable personal data finds what it is there to find."""

from base64 import b64encode

import pytest

from tests.support.plaintext import forms

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("before", range(7))
def test_bytes_are_found_inside_base64_wherever_they_begin(before: int) -> None:
    coded = b64encode(b"x" * before + b"Quxwvaaaa" + b"yz")
    assert any(form in coded for form in forms("Quxwvaaaa"))


def test_other_bytes_are_not_found() -> None:
    coded = b64encode(b"x" * 50 + b"Quxzvaaaa" + b"yz")
    assert not any(form in coded for form in forms("Quxwvaaaa"))
