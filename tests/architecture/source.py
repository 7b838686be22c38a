"""The source of the project as the architecture tests read it: files and their syntax trees."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("hub", "schemas", "connectors", "sandbox")


def modules(*places: str) -> Iterator[Path]:
    """Python files at or below these places, without the migrations that a tool writes."""
    for place in places:
        found = ROOT / place
        files = [found] if found.is_file() else sorted(found.rglob("*.py"))
        yield from (file for file in files if "migrations/versions" not in file.as_posix())


@cache
def tree(file: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(file.read_text(encoding="utf-8"), filename=str(file))


def imported(file: Path) -> Iterator[tuple[str, int]]:
    """Every module a file imports, wherever in it, with the line."""
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def named(file: Path) -> str:
    """A file as the tests tell it."""
    return file.relative_to(ROOT).as_posix()
