"""YAML read strictly: every value knows its line and column, so that a typo is an error with its place.

YAML's own loader forgets the places, takes the last of two equal keys, and guesses types; here nothing is guessed.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

from hub.domain.messaging.errors import HubError


class MarkedYamlError(HubError):
    """A file of ours does not say what it must. The text starts with ``file:line:column:`` (from 1)."""


def nearest(word: str, known: Collection[str]) -> str:
    """``; did you mean "…"?`` when one of the known words is near, else nothing."""
    found = get_close_matches(word, known, n=1, cutoff=0.6)
    return f'; did you mean "{found[0]}"?' if found else ""


@dataclass(frozen=True, slots=True)
class Marked:
    """A YAML node with the file it stands in."""

    node: yaml.Node
    file: Path

    def error(self, text: str) -> MarkedYamlError:
        """An error that points at this node."""
        return MarkedYamlError(f"{_place(self.file, self.node.start_mark)}: {text}")

    def text(self, what: str) -> str:
        """A non-empty string. Numbers, booleans and null are something else: ``owner: 7`` is a mistake."""
        node = self.node
        if not isinstance(node, yaml.ScalarNode) or node.tag != "tag:yaml.org,2002:str" or not node.value:
            raise self.error(f"{what} must be a text that is not empty, not {_kind(node)}")
        return str(node.value)

    def whole(self, what: str, *, least: int, most: int) -> int:
        """A whole number within bounds, both included."""
        node = self.node
        if not isinstance(node, yaml.ScalarNode) or not node.value.isdecimal() or node.style:
            raise self.error(f"{what} must be a whole number from {least} to {most}, not {_kind(node)}")
        number = int(node.value)
        if not least <= number <= most:
            raise self.error(f"{what} must be a whole number from {least} to {most}, not {number}")
        return number

    def items(self, what: str) -> Iterator["Marked"]:
        """The entries of a list that is not empty."""
        if not isinstance(self.node, yaml.SequenceNode) or not self.node.value:
            raise self.error(f"{what} must be a list that is not empty, not {_kind(self.node)}")
        return (Marked(entry, self.file) for entry in self.node.value)

    def entries(self, what: str) -> dict[str, tuple["Marked", "Marked"]]:
        """Key text → (key, value) of a mapping that is not empty; the same key twice is an error at the second."""
        if not isinstance(self.node, yaml.MappingNode) or not self.node.value:
            raise self.error(f"{what} must be a mapping that is not empty, not {_kind(self.node)}")
        found: dict[str, tuple[Marked, Marked]] = {}
        for key_node, value_node in self.node.value:
            key = Marked(key_node, self.file)
            name = key.text(f"a key of {what}")
            if name in found:
                first = found[name][0].node.start_mark.line + 1
                raise key.error(f'"{name}" stands twice in {what}, first in line {first}; keep one')
            found[name] = (key, Marked(value_node, self.file))
        return found

    def fields(self, what: str, names: Collection[str]) -> dict[str, "Marked"]:
        """The values of a mapping that has exactly these keys."""
        entries = self.entries(what)
        for name, (key, _) in entries.items():
            if name not in names:
                raise key.error(f'{what} has no key "{name}"{nearest(name, names)} (expected: {", ".join(names)})')
        missing = [name for name in names if name not in entries]
        if missing:
            raise self.error(f"{what} lacks {', '.join(missing)}; every one of {', '.join(names)} is needed")
        return {name: value for name, (_, value) in entries.items()}


def read_marked(file: Path) -> Marked:
    """The root of a YAML file with one document.

    Raises:
        MarkedYamlError: it cannot be read, is not YAML, is empty, or uses aliases.
    """
    try:
        text = file.read_text(encoding="utf-8")
        _refuse_aliases(text, file)
        root = yaml.compose(text, yaml.SafeLoader)
    except (OSError, UnicodeDecodeError) as error:
        raise MarkedYamlError(f"{file}: cannot be read: {error}") from error
    except yaml.MarkedYAMLError as error:
        what = error.problem or error.context
        raise MarkedYamlError(f"{_place(file, error.problem_mark)}: not YAML: {what}") from error
    except yaml.YAMLError as error:
        raise MarkedYamlError(f"{file}: not YAML: {error}") from error
    if root is None:
        raise MarkedYamlError(f"{file}:1:1: the file is empty")
    return Marked(root, file)


def _place(file: Path, mark: Any) -> str:
    return f"{file}:{mark.line + 1}:{mark.column + 1}" if mark else str(file)


def _refuse_aliases(text: str, file: Path) -> None:
    for event in yaml.parse(text, yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent):
            place = _place(file, event.start_mark)
            raise MarkedYamlError(f"{place}: aliases (*{event.anchor}) are not used here; write the value out")


def _kind(node: yaml.Node) -> str:
    """What stands there instead, in words."""
    if isinstance(node, yaml.MappingNode):
        return "a mapping"
    if isinstance(node, yaml.SequenceNode):
        return "a list" if node.value else "an empty list"
    return f'"{node.value}"' if node.value else "nothing"
