"""The glossary names things as the code does, and no legal thing of the code is missing in it."""

import re
from functools import cache
from pathlib import Path
from typing import get_args

import pytest

from schemas import EVENT_TYPES
from schemas.mediation import AnswerOption, ClosingReason
from schemas.notices import NoticeType
from tests.architecture.pages import text
from tests.architecture.source import ROOT, modules

PAGE = ROOT / "docs" / "glossary.md"
ROW = re.compile(r"^\| `(?P<codes>[^|]+)` \| (?P<fr>[^|]+) \| (?P<nl>[^|]+) \| (?P<de>[^|]+) \| ", re.MULTILINE)


@cache
def source() -> str:
    places = (*modules("hub", "schemas", "connectors"), ROOT / "topics.yaml")
    return "\n".join(Path(file).read_text(encoding="utf-8") for file in places)


def rows() -> list[re.Match[str]]:
    return list(ROW.finditer(text(PAGE)))


def test_words_of_the_field_are_words_of_the_code() -> None:
    codes = {code for row in rows() for code in row["codes"].split("`, `")}

    assert {code for code in codes if not re.search(rf"\b{re.escape(code)}\b", source())} == set()


def test_word_has_its_names_in_all_three_languages_or_in_none() -> None:
    half = [row["codes"] for row in rows() if len({row[name].strip() == "–" for name in ("fr", "nl", "de")}) > 1]

    assert half == []


@pytest.mark.parametrize("codes", [NoticeType, AnswerOption, ClosingReason])
def test_every_code_of_the_law_is_explained(codes: object) -> None:
    assert [code for code in get_args(codes) if f"`{code}`" not in text(PAGE)] == []


def test_events_that_are_named_exist() -> None:
    said = set(re.findall(r"`([A-Z][a-z]+(?:[A-Z][a-z]+)+)`", text(PAGE)))
    known = {kind.__name__ for kind in EVENT_TYPES.values()}

    assert {name for name in said - known if not re.search(rf"\bclass {name}\b|\b{name} = ", source())} == set()
