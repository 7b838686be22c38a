"""What the pages say exists: links, decisions, settings, commands, tests, files."""

import ast
import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer

from hub.domain.identifiers import niss_problem
from hub.entrypoints.cli import app
from hub.settings import _known
from tests.architecture.pages import anchors, blocks, decisions, headings, links, pages, prose, spans, text
from tests.architecture.source import PACKAGES, ROOT, modules, named, tree

SECTIONS = ["Context", "Decision", "Consequences", "Rejected alternatives", "The check that guards it"]
PLACES = re.compile(r"(?:hub|schemas|connectors|sandbox|bench|tests|docs|\.ci)/[\w./<>*-]*")
FILES = re.compile(r"[\w-]+\.(?:py|yaml|toml|lock|xsd|md)")
ADR = re.compile(r"ADR (\d{4})")
COMMANDS = typer.main.get_command(app)
TODAY = date(2026, 1, 15)
ELEVEN_DIGITS = re.compile(r"(?<![\w-])\d{11}(?![\w-])")


@pytest.mark.parametrize("page", pages(), ids=named)
def test_every_link_leads_somewhere(page: Path) -> None:
    assert [target for target in links(page) if not _leads_somewhere(page, target)] == []


def _leads_somewhere(page: Path, target: str) -> bool:
    if target.startswith(("https://", "http://", "mailto:")):
        return True
    path, _, anchor = target.partition("#")
    there = (page.parent / path).resolve() if path else page
    return there.exists() and (not anchor or anchor in anchors(there))


@pytest.mark.parametrize("page", decisions(), ids=named)
def test_every_decision_has_its_five_sections(page: Path) -> None:
    assert headings(page, 2) == SECTIONS
    assert headings(page, 1)[0].startswith(f"{page.name[:4]} · ")


def test_decisions_have_numbers_of_their_own() -> None:
    numbers = [page.name[:4] for page in decisions()]

    assert numbers == sorted(set(numbers))


def test_every_decision_that_is_cited_exists() -> None:
    there = {page.name[:4] for page in decisions()}
    files = [*modules(*PACKAGES, "bench"), *pages()]
    cited = {(named(file), number) for file in files for number in ADR.findall(file.read_text(encoding="utf-8"))}

    assert sorted(one for one in cited if one[1] not in there) == []


@pytest.mark.parametrize("page", pages(), ids=named)
def test_every_setting_that_is_named_exists(page: Path) -> None:
    assert set(re.findall(r"\bHUB_[A-Z_]*[A-Z]\b", text(page))) - _known() == set()


@pytest.mark.parametrize("page", pages(), ids=named)
def test_every_command_that_is_named_exists(page: Path) -> None:
    wrong = [line for line in _commands(page) if not _understood(line.split()[1:])]

    assert wrong == []


def _commands(page: Path) -> Iterator[str]:
    """What a reader would type, in sentences and in code blocks; a comment behind it is not part of it."""
    for said in (*spans(page), *blocks(page)):
        line = re.split(r" {2,}#| {2,}→|\s\|\s|\s>\s|;|&&", said.strip().removeprefix("$ "))[0]
        line = line.removeprefix(".venv/bin/").removeprefix("docker compose run --rm migrate ")
        if re.match(r"hub( [a-z]|$)", line) and not line.endswith(("│", "…")):
            yield line


def _understood(words: list[str]) -> bool:
    """Whether the command line knows these words; ``plan|apply`` stands for both, small letters for commands."""
    found: list[Any] = [COMMANDS]
    for at, word in enumerate(words):
        if not hasattr(found[0], "commands"):
            return _options_exist(found, words[at:])
        if any(name not in one.commands for one in found for name in word.split("|")):
            return False
        found = [one.commands[name] for one in found for name in word.split("|")]
    return True


def _options_exist(commands: list[Any], words: list[str]) -> bool:
    named_ = {word.strip("[]").partition("=")[0] for word in words if word.strip("[]").startswith("--")}
    parameters = [parameter for command in commands for parameter in command.params]
    known = {option for one in parameters for option in (*one.opts, *one.secondary_opts)}
    return named_ <= known | {"--help"}


@pytest.mark.parametrize("page", pages(), ids=named)
def test_every_target_of_make_that_is_named_exists(page: Path) -> None:
    said = {
        match[1] for line in (*spans(page), *blocks(page)) if (match := re.match(r"make ([a-z-]+)\b", line.strip()))
    }
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))

    assert said - targets == set()


@pytest.mark.parametrize("page", pages(), ids=named)
def test_every_test_and_file_that_is_named_exists(page: Path) -> None:
    functions, files = _test_functions(), _file_names()
    missing = [
        said
        for said in spans(page)
        if (said.startswith("test_") and not said.endswith(".py") and said.rstrip("()") not in functions)
        or (PLACES.fullmatch(said) and not _on_disk(said))
        or (FILES.fullmatch(said) and said not in files)
    ]
    assert missing == []


def _on_disk(path: str) -> bool:
    """A file or folder of the project; ``NAME`` and ``<name>`` stand for any, ``*`` for some."""
    if "NAME" in path:
        return True
    pattern = re.sub(r"<[^>]*>", "*", path).rstrip("/")
    return any(ROOT.glob(pattern))


@cache
def _file_names() -> set[str]:
    tops = (
        entry for entry in ROOT.iterdir() if entry.is_file() or not entry.name.startswith(".") or entry.name == ".ci"
    )
    return {file.name for top in tops for file in (top, *top.rglob("*"))}


@cache
def _test_functions() -> set[str]:
    return {
        node.name
        for file in modules("tests")
        for node in ast.walk(tree(file))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    }


@pytest.mark.parametrize("page", decisions(), ids=named)
def test_every_decision_names_a_test_that_guards_it(page: Path) -> None:
    _, _, guard = prose(page).partition("## The check that guards it")

    assert re.search(r"`tests/|`test_", guard)


@pytest.mark.parametrize("page", pages(), ids=named)
def test_no_page_names_a_possible_person(page: Path) -> None:
    numbers = [number for number in ELEVEN_DIGITS.findall(text(page)) if niss_problem(number, TODAY) is None]

    assert [number for number in numbers if not 991 <= int(number[6:9]) <= 997] == [], "fca-cpc §5: synthetic only"
