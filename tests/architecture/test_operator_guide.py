"""The operator guide lists every setting, metric, process and exit code as the code has them."""

import re
from datetime import timedelta
from pathlib import Path
from types import NoneType
from typing import Any, get_args

from pydantic import BaseModel, SecretStr, TypeAdapter
from pydantic.fields import FieldInfo

from hub.bootstrap.telemetry import METRICS
from hub.entrypoints import endings
from hub.entrypoints.running import PROCESSES
from hub.settings import Settings
from tests.architecture.pages import text
from tests.architecture.source import ROOT

PAGE = ROOT / "docs" / "operator-guide.md"
KINDS = {
    str: "text",
    int: "number",
    float: "share",
    bool: "yes or no",
    timedelta: "duration",
    Path: "path",
    SecretStr: "secret",
}
Row = tuple[str, str, str]


def table(marker: str) -> list[list[str]]:
    """The rows of the table between ``<!-- marker -->`` and its end, without the head; code marks taken off."""
    found = re.search(rf"<!-- {marker}[^>]*-->\n(.*?)<!-- end -->", text(PAGE), re.DOTALL)
    assert found, f"the page has no table {marker}"
    lines = found[1].strip().splitlines()[2:]
    return [[cell.strip().strip("`") for cell in line.strip("| ").split(" | ")] for line in lines]


def wanted() -> list[Row]:
    rows: list[Row] = []
    for name, field in Settings.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            rows += [row(f"HUB_{name}__{inner}", one) for inner, one in kind.model_fields.items()]
        else:
            rows.append(row(f"HUB_{name}", field))
    return rows


def row(name: str, field: FieldInfo) -> Row:
    kinds = [kind for kind in get_args(field.annotation) or (field.annotation,) if kind is not NoneType]
    return name.upper(), KINDS[kinds[0]], told(field.default)


def told(value: Any) -> str:
    """A default as one would set it."""
    if value is None:
        return "–"
    shown = TypeAdapter(type(value)).dump_python(value, mode="json")
    return str(shown).lower() if isinstance(shown, bool) else str(shown)


def test_every_setting_is_listed_with_its_kind_and_default() -> None:
    assert [tuple(cells[:3]) for cells in table("settings")] == wanted()


def test_every_setting_says_what_it_is_for() -> None:
    assert [cells[0] for cells in table("settings") if len(cells) != 4 or len(cells[3]) < 10] == []


def test_every_metric_is_listed_with_its_labels() -> None:
    known = {
        (metric.name + ("_total" if metric.type == "counter" else ""), ", ".join(labels(metric.name)) or "–")
        for metric in METRICS.collect()
    }
    assert {(cells[0], cells[1].replace("`", "")) for cells in table("metrics")} == known


def labels(name: str) -> list[str]:
    collectors: dict[str, Any] = METRICS._names_to_collectors
    return list(collectors[name]._labelnames)


def test_every_process_is_listed() -> None:
    assert [cells[0] for cells in table("processes")] == [f"hub {name}" for name in PROCESSES]


def test_exit_codes_are_those_of_the_command_line() -> None:
    assert [cells[0] for cells in table("exit codes")] == ["0", "1", "2", str(endings.REFUSED), str(endings.AWAY)]
