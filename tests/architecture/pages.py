"""The pages of the project as the documentation tests read them: prose, links, code spans, code blocks."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.architecture.source import ROOT

_FENCE = re.compile(r"^( *)```[^\n]*\n(?P<body>.*?)^\1```", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`([^`]+)`")
_LINK = re.compile(r"\[[^\]]*\]\((?P<target>[^)\s]+)\)")
_HEADING = re.compile(r"^(?P<level>#+) +(?P<title>.+?)\s*$", re.MULTILINE)
_NO_PART_OF_AN_ANCHOR = re.compile(r"[^\w\- ]")


def pages() -> list[Path]:
    """Every page of the project."""
    return [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def decisions() -> list[Path]:
    """Every ADR."""
    return sorted((ROOT / "docs" / "decisions").glob("*.md"))


@cache
def text(page: Path) -> str:
    """A page as it is written."""
    return page.read_text(encoding="utf-8")


@cache
def prose(page: Path) -> str:
    """A page without its code blocks."""
    return _FENCE.sub("", text(page))


def links(page: Path) -> Iterator[str]:
    """Targets of its links, without those in code."""
    return (found["target"] for found in _LINK.finditer(_SPAN.sub("", prose(page))))


def headings(page: Path, level: int | None = None) -> list[str]:
    """Titles of its chapters."""
    found = _HEADING.finditer(prose(page))
    return [one["title"] for one in found if level is None or len(one["level"]) == level]


def anchors(page: Path) -> set[str]:
    """What a link may name behind ``#``: titles as the usual renderers write them."""
    return {_NO_PART_OF_AN_ANCHOR.sub("", title.lower()).replace(" ", "-") for title in headings(page)}


def spans(page: Path) -> Iterator[str]:
    """Code inside sentences; a span that goes over the end of a line is one, ``\\|`` of a table is ``|``."""
    return (
        re.sub(r"(?<!/)\s*\n\s*", " ", found[1]).replace("/\n", "/").replace("\\|", "|")
        for found in _SPAN.finditer(prose(page))
    )


def blocks(page: Path) -> Iterator[str]:
    """Lines of its code blocks, those that end in a backslash joined with the next."""
    for found in _FENCE.finditer(text(page)):
        yield from re.sub(r"\\\n\s*", " ", found["body"]).splitlines()
