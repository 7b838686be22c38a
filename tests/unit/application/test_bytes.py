import gzip
import hashlib
import json
from collections.abc import Iterator
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.adapters.crypto.cipher import MasterKey
from hub.adapters.crypto.document import MasterDocumentKeys
from hub.application.intake.ports import Finding
from hub.application.intake.receive import gathered, stepped
from hub.application.intake.refusal_pages import opened_page, sealed_page
from hub.application.intake.refusals import DocumentRefusedError
from hub.application.intake.spool import PIECE, Spool, piece_name
from hub.application.intake.strict_json import canonical, read_json
from hub.application.intake.unpack import STEP, unpacked

pytestmark = pytest.mark.unit
DOCUMENT = UUID(int=7)
KEYS = MasterDocumentKeys(MasterKey(bytes(32)))


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 17])
def test_spool_gives_back_what_was_written_plain_and_sealed(size: int) -> None:
    data = bytes(n % 251 for n in range(size))
    _, cipher = KEYS.fresh(DOCUMENT)
    with Spool(DOCUMENT, cipher) as spool:
        for piece in stepped(data):
            spool.write(piece)
        assert b"".join(spool.plain()) == data
        sealed = list(spool.sealed())
        assert b"".join(spool.plain()) == data
    assert (spool.size, spool.sha256) == (size, hashlib.sha256(data).digest())
    opened = [cipher.open(box, piece_name(DOCUMENT, n)) for n, box in enumerate(sealed)]
    assert b"".join(piece or b"" for piece in opened) == data
    if len(sealed) > 1:
        assert cipher.open(sealed[1], piece_name(DOCUMENT, 0)) is None


def test_file_of_a_large_spool_holds_nothing_readable() -> None:
    _, cipher = KEYS.fresh(DOCUMENT)
    with Spool(DOCUMENT, cipher) as spool:
        spool.write(b"readable " * PIECE)
        assert spool._file is not None
        spool._file.seek(0)
        assert b"readable" not in spool._file.read()


def test_key_of_a_document_opens_for_that_document_only() -> None:
    wrapped, _ = KEYS.fresh(DOCUMENT)
    with pytest.raises(ValueError, match="does not open"):
        KEYS.unwrap(UUID(int=8), wrapped)


@given(st.binary(max_size=200_000), st.integers(1, 70_000))
def test_gzip_of_any_bytes_unpacks_to_them_however_they_come(data: bytes, size: int) -> None:
    packed = gzip.compress(data[: len(data) // 2]) + gzip.compress(data[len(data) // 2 :])
    pieces = [packed[at : at + size] for at in range(0, len(packed), size)]
    steps = list(unpacked(pieces, gzip=True, most=1_000_000, ratio=1_000_000))
    assert b"".join(steps) == data
    assert all(len(step) <= STEP for step in steps)


@pytest.mark.parametrize(
    ("pieces", "most", "ratio", "rule"),
    [
        ([gzip.compress(bytes(5_000_000))], 10_000_000, 200, "gzip-ratio"),
        ([gzip.compress(bytes(900_000))], 500_000, 10_000, "too-large"),
        ([gzip.compress(b"text")[:-1]], 1000, 200, "gzip-broken"),
        ([b"no gzip"], 1000, 200, "gzip-broken"),
        ([gzip.compress(b"text") + b"tail"], 1000, 200, "gzip-broken"),
    ],
)
def test_gzip_beyond_the_limits_is_refused(pieces: list[bytes], most: int, ratio: int, rule: str) -> None:
    with pytest.raises(DocumentRefusedError) as refusal:
        list(unpacked(pieces, gzip=True, most=most, ratio=ratio))
    assert refusal.value.rule == rule


def test_bomb_is_refused_after_a_step_or_two_and_not_at_its_end() -> None:
    bomb = gzip.compress(bytes(50_000_000))
    given_out = 0

    def counted() -> Iterator[bytes]:
        nonlocal given_out
        for step in unpacked([bomb], gzip=True, most=10**9, ratio=200):
            given_out += len(step)
            yield step

    with pytest.raises(DocumentRefusedError):
        list(counted())
    assert given_out < 1_200_000


def test_beginning_is_gathered_and_known_to_be_all_or_not() -> None:
    assert gathered(iter([b"ab", b"cd"]), 4) == (b"abcd", True)
    pieces = iter([b"ab", b"cd", b"ef"])
    assert gathered(pieces, 3) == (b"abcd", False)
    assert list(pieces) == [b"ef"]


def test_page_of_findings_opens_again_under_its_number_only() -> None:
    _, cipher = KEYS.fresh(DOCUMENT)
    findings = (Finding("xsd", "rule", 3, "/a", "", 7, "réf"), Finding("event-field", pointer="/data"))
    page = sealed_page(findings, DOCUMENT, 2, cipher)
    assert opened_page(page, DOCUMENT, 2, cipher) == findings
    assert opened_page(page, DOCUMENT, 1, cipher) == ()


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (b'{"a": 1, "a": 2}', "json-duplicate-name"),
        (b'[{"b": {"a": 1, "a": 1}}]', "json-duplicate-name"),
        (b"[" * 100_000, "json-broken"),
        (b"Infinity", "json-broken"),
        (b'"\\ud800"', "json-broken"),
        (b'"\\u0000"', "json-broken"),
        (b"\xff\xfe", "json-broken"),
        (b"\xef\xbb\xbf{}", "json-broken"),
        (b" ", "empty"),
    ],
)
def test_json_that_two_readers_could_read_differently_is_refused(text: bytes, rule: str) -> None:
    with pytest.raises(DocumentRefusedError) as refusal:
        read_json(text)
    assert refusal.value.rule == rule


texts = st.text(st.characters(exclude_categories=["Cs"], min_codepoint=1))
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc", max_size=3), inner, max_size=4),
    max_leaves=12,
)


@given(json_values)
def test_canonical_form_is_the_same_for_equal_values(value: object) -> None:
    text = canonical(value)
    assert canonical(read_json(text)) == text
    assert canonical(read_json(json.dumps(value, indent=3).encode())) == text
