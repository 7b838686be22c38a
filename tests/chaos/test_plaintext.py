"""The look for readable personal data finds what it is there to find."""

import gzip
import os
from base64 import b64encode
from pathlib import Path

import pytest

from tests.support.left_behind import left_behind, number_forms
from tests.support.plaintext import forms

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("before", range(7))
def test_bytes_are_found_inside_base64_wherever_they_begin(before: int) -> None:
    coded = b64encode(b"x" * before + b"Quxwvaaaa" + b"yz")
    assert any(form in coded for form in forms("Quxwvaaaa"))


def test_other_bytes_are_not_found() -> None:
    coded = b64encode(b"x" * 50 + b"Quxzvaaaa" + b"yz")
    assert not any(form in coded for form in forms("Quxwvaaaa"))


NISS = "75111099168"
WRITTEN = {
    "digits": NISS.encode(),
    "formatted": b"75.11.10-991.68",
    "backwards": b"86199011157",
    "digits, hex": b"3735313131303939313638",
    "integer": bytes.fromhex("000000117cf86b20"),
    "integer, reversed": bytes.fromhex("206bf87c11000000"),
    "numeric": bytes.fromhex("02ef045523d0"),
    "md5": bytes.fromhex("182fbcf532a650f36d3ff85814041483"),
}


@pytest.mark.parametrize("form", WRITTEN)
def test_number_is_found_in_a_file_in_each_form(tmp_path: Path, form: str) -> None:
    file = tmp_path / "run" / "segment.log"
    file.parent.mkdir()
    file.write_bytes(b"before" + WRITTEN[form] + b"after\0\0")

    assert form in left_behind([tmp_path], number_forms(NISS))[str(file)]


def test_file_that_was_not_written_since_then_is_looked_at_by_its_name_alone(tmp_path: Path) -> None:
    old, new = tmp_path / "old.log", tmp_path / f"{NISS}.log"
    for file in (old, new):
        file.write_text(NISS)
        os.utime(file, (1000, 1000))

    assert left_behind([tmp_path], {"digits": NISS.encode()}, since=2000) == {str(new): ["digits"]}


def test_number_is_found_in_the_name_of_a_file_and_inside_gzip(tmp_path: Path) -> None:
    named, packed = tmp_path / f"{NISS}.xml", tmp_path / "old.log.gz"
    named.touch()
    packed.write_bytes(gzip.compress(NISS.encode()))

    assert left_behind([tmp_path], {"digits": NISS.encode()}) == {str(named): ["digits"], str(packed): ["digits"]}
    assert left_behind([tmp_path], number_forms("75111099267")) == {}
