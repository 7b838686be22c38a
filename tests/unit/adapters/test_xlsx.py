"""Workbooks that want to harm, and cells as people type them."""

import zipfile
from datetime import datetime
from io import BytesIO

import pytest

from connectors import CONNECTORS
from hub.adapters.xlsx.archive import SheetLimits, checked
from hub.adapters.xlsx.rows import found_headings, rows_of, told
from hub.application.intake.refusals import DocumentRefusedError
from hub.sdk import Sheet
from tests.support.claim_sheets import FR, NL, row, workbook

pytestmark = pytest.mark.unit
LIMITS = SheetLimits(rows=100)


def sheet() -> Sheet:
    found = CONNECTORS["justrestart"].sheet
    assert found is not None
    return found


def repacked(data: bytes, **parts: bytes) -> bytes:
    """The workbook with parts added or replaced; ``/`` written as ``__``, ``.`` as ``_0_``."""
    new = {name.replace("__", "/").replace("_0_", "."): content for name, content in parts.items()}
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in old.namelist():
            if name not in new:
                archive.writestr(name, old.read(name))
        for name, content in new.items():
            archive.writestr(name, content)
    return stream.getvalue()


DTD = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><x>&a;</x>'
GOOD = workbook([row(1)])
HOSTILE = {
    "bomb": (repacked(GOOD, xl__media__x_0_bin=b"\0" * 40_000_000), "gzip-ratio"),
    "larger than may be": (repacked(GOOD, xl__media__x_0_bin=b"\0" * 70_000_000), "too-large"),
    "macros": (repacked(GOOD, xl__vbaProject_0_bin=b"x"), "workbook-active"),
    "external link": (repacked(GOOD, xl__externalLinks__externalLink1_0_xml=b"<x/>"), "workbook-active"),
    "entities": (repacked(GOOD, xl__sharedStrings_0_xml=DTD), "dtd-forbidden"),
    "entities behind the first piece": (
        repacked(GOOD, xl__sharedStrings_0_xml=b"<?xml version='1.0'?>" + b" " * 65_510 + DTD[21:]),
        "dtd-forbidden",
    ),
    "entities in UTF-16": (
        repacked(GOOD, xl__sharedStrings_0_xml=DTD.decode().encode("utf-16")),
        "encoding-unsupported",
    ),
    "entities in UTF-7": (
        repacked(GOOD, xl__sharedStrings_0_xml=b'<?xml version="1.0" encoding="utf-7"?><x/>'),
        "encoding-unsupported",
    ),
    "no zip": (b"PK\x03\x04" + b"x" * 100, "workbook-broken"),
    "cut off": (GOOD[:-200], "workbook-broken"),
    "another zip": (repacked(b"PK\x05\x06" + b"\0" * 18, a_0_txt=b"x"), "workbook-broken"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_archive_is_refused_before_it_unfolds(name: str) -> None:
    data, code = HOSTILE[name]
    with pytest.raises(DocumentRefusedError) as refusal:
        checked(data, LIMITS)
    assert refusal.value.rule == code


def test_size_that_a_zip_lies_about_is_counted_again() -> None:
    data = bytearray(repacked(GOOD, xl__media__x_0_bin=b"\0" * 40_000_000))
    with zipfile.ZipFile(BytesIO(data)) as archive:
        assert archive.getinfo("xl/media/x.bin").file_size == 40_000_000
    size = (40_000_000).to_bytes(4, "little")
    for _ in range(data.count(size)):
        data[data.index(size) : data.index(size) + 4] = (100).to_bytes(4, "little")
    with pytest.raises(DocumentRefusedError):
        checked(bytes(data), LIMITS)


def test_rows_beyond_the_limit_are_refused() -> None:
    with pytest.raises(DocumentRefusedError) as refusal:
        list(rows_of(workbook([row(n) for n in range(120)]), LIMITS))
    assert refusal.value.rule == "workbook-rows"


@pytest.mark.parametrize("headings", [FR, NL], ids=["fr", "nl"])
def test_rows_say_the_same_in_both_languages(headings: dict[str, str]) -> None:
    rows = rows_of(workbook([row(7)], headings, above=3), LIMITS)
    found = found_headings(rows, sheet())
    assert found.row == 4
    assert [told(found, values) for _, values in rows] == [
        {
            "case": "2026/LIEGE/1",
            "reference": "CR-7",
            "party": "cred-7",
            "nature": "energy",
            "principal": "107.10",
            "interest": "1234.50",
            "costs": "0.00",
            "total": "1341.60",
            "preferred": "no",
            "title": "yes",
            "status": "introduced",
            "submitted": "2026-02-03",
        }
    ]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("1.234,56", "1234.56"),
        ("1 234,5", "1234.5"),
        ("1\u202f234\u202f567,00", "1234567.00"),
        ("1234.56", "1234.56"),
        ("€ 12", "12"),
        (0.1 + 0.2, "0.30"),
        (12.345, "12.345"),
        ("1,234.56", "1,234.56"),
        ("12.34.56", "12.34.56"),
        (-3, "-3.00"),
        ("=1+1", "=1+1"),
    ],
)
def test_amounts_as_people_type_them(typed: object, read: str) -> None:
    data = workbook([row(1, principal=typed if typed != "=1+1" else "'=1+1".strip("'"))])
    rows = rows_of(data, LIMITS)
    found = found_headings(rows, sheet())
    said = told(found, next(rows)[1])
    assert said.get("principal", read) == read


def test_moment_in_a_date_cell_is_its_day() -> None:
    rows = rows_of(workbook([row(1, submitted=datetime(2026, 2, 3, 14, 30))]), LIMITS)  # noqa: DTZ001 - as Excel has it
    found = found_headings(rows, sheet())
    assert told(found, next(rows)[1])["submitted"] == "2026-02-03"


def test_heading_that_stands_twice_is_refused() -> None:
    with pytest.raises(DocumentRefusedError) as refusal:
        found_headings(rows_of(workbook([row(1)], {**FR, "name": "Statut"}), LIMITS), sheet())
    assert refusal.value.rule == "workbook-heading-twice"
