"""Size, names and habits of the code (house style)."""

import ast

from tests.architecture.source import PACKAGES, ROOT, imported, modules, named, tree

MODULE_LINES, FUNCTION_LINES = 250, 40
TABLES = {"hub/adapters/postgres/tables.py", "hub/adapters/postgres/dead_letter_tables.py"}
"""Data, not logic: a room's tables in one place."""
EMPTY_WORDS = {
    "utils",
    "util",
    "common",
    "core",
    "base",
    "helpers",
    "helper",
    "services",
    "service",
    "managers",
    "misc",
}


def test_modules_are_short() -> None:
    sizes = {named(file): file.read_text(encoding="utf-8").count("\n") for file in modules(*PACKAGES)}

    assert {file: lines for file, lines in sizes.items() if lines > MODULE_LINES and file not in TABLES} == {}


def test_functions_are_short() -> None:
    long = [
        f"{named(file)}:{node.lineno} {node.name}: {lines} lines"
        for file in modules(*PACKAGES)
        for node in ast.walk(tree(file))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or node.lineno) - node.lineno + 1) > FUNCTION_LINES
    ]
    assert long == []


def test_no_folder_or_module_has_a_name_that_says_nothing() -> None:
    found = [named(file) for file in modules(*PACKAGES, "bench", "tests") if EMPTY_WORDS & set(words(named(file)))]

    assert found == [], "name it after what it holds (principle 1)"


def words(path: str) -> list[str]:
    return path.removesuffix(".py").split("/")


def test_nobody_mocks() -> None:
    found = [
        f"{named(file)}:{line}"
        for file in modules(*PACKAGES, "bench", "tests")
        for name, line in imported(file)
        if name.startswith(("unittest.mock", "mock.")) or name in {"mock", "pytest_mock"}
    ]
    assert found == [], "fakes, not mocks (principle 7)"


def test_every_folder_of_the_domain_adapters_and_connectors_is_a_package() -> None:
    for place in ("hub/domain", "hub/adapters", "connectors"):
        folders = [entry for entry in (ROOT / place).iterdir() if entry.is_dir() and entry.name != "__pycache__"]
        assert [folder.name for folder in folders if not (folder / "__init__.py").exists()] == []
