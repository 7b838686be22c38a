import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hub.entrypoints.cli.connector import app
from hub.entrypoints.cli.connector_files import registered

pytestmark = pytest.mark.unit

PROJECT = Path(__file__).parents[3]
RUNNER = CliRunner()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project of its own: our connectors and their suite, copied; the rest linked."""
    shutil.copytree(PROJECT / "connectors", tmp_path / "connectors")
    shutil.copytree(PROJECT / "tests" / "connectors", tmp_path / "tests" / "connectors")
    shutil.copytree(PROJECT / "docs" / "contracts", tmp_path / "docs" / "contracts")
    for name in ("hub", "schemas", "pyproject.toml"):
        (tmp_path / name).symlink_to(PROJECT / name)
    return tmp_path


def _suite(root: Path) -> tuple[int, str]:
    """Exit code and output of the shared suite for the new connector."""
    command = [sys.executable, "-m", "pytest", "-q", "tests/connectors/test_connectors.py", "-k", "regsol"]
    environment = {**os.environ, "PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def test_new_connector_fails_the_shared_suite_until_it_is_filled(root: Path) -> None:
    made = RUNNER.invoke(app, ["new", "regsol", "--root", str(root)])

    code, told = _suite(root)

    assert made.exit_code == 0
    assert "connectors/regsol/mapping.py" in made.output
    assert code == 1
    assert "FAILED" in told
    assert "1 failed" in told.replace(",", "")
    assert "test_document_becomes_its_events[regsol-document.in]" in told

    _fill(root)
    code, told = _suite(root)

    assert code == 0, told


def _fill(root: Path) -> None:
    mapping = root / "connectors/regsol/mapping.py"
    text = mapping.read_text("utf-8")
    text = text.replace(
        'raise MappingRefusedError((Problem(code="not-mapped", element=element),))',
        'return (Fact(data=OfficeListed(office="etude-001", name=element.attrib["reference"]), time=_.sent_at),)',
    )
    text = text.replace("Fact, MappingRefusedError, Problem, root_envelope", "Fact, root_envelope")
    mapping.write_text(text.replace("\n_NS", "from schemas.access import OfficeListed\n\n_NS", 1), "utf-8")
    event = {
        "type": "be.mediationhub.office.listed.v1",
        "time": "2026-01-15T09:30:00+01:00",
        "identifier": None,
        "clear": {"office": "etude-001", "name": "R-1", "language": "fr", "registered": True},
        "personal": {},
    }
    told = root / "tests/connectors/regsol/examples/document.event.json"
    told.write_text(json.dumps([event]), "utf-8")


def test_registry_gets_one_line_in_alphabetical_order(root: Path) -> None:
    RUNNER.invoke(app, ["new", "dune", "--root", str(root)])

    registry = (root / "connectors/__init__.py").read_text("utf-8")

    assert 'FOLDERS = (\n    "cia",\n    "dune",\n    "fca",\n    "justrestart",\n    "mutations",\n)\n' in registry


@pytest.mark.parametrize("name", ["", "x", "Regsol", "../evil", "reg-sol", "1cia", "class", "a" * 40, "regsol\n"])
def test_impossible_name_is_refused_and_nothing_written(root: Path, name: str) -> None:
    before = sorted(root.rglob("*"))

    told = RUNNER.invoke(app, ["new", "--root", str(root), "--", name])

    assert told.exit_code == 2
    assert sorted(root.rglob("*")) == before


def test_existing_connector_is_refused_and_left_alone(root: Path) -> None:
    before = (root / "connectors/cia/mapping.py").read_bytes()

    told = RUNNER.invoke(app, ["new", "cia", "--root", str(root)])

    assert told.exit_code == 3
    assert "exists already" in told.output
    assert (root / "connectors/cia/mapping.py").read_bytes() == before


def test_elsewhere_than_the_project_is_refused(tmp_path: Path) -> None:
    told = RUNNER.invoke(app, ["new", "regsol", "--root", str(tmp_path)])

    assert told.exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_registry_without_the_expected_lines_is_not_touched() -> None:
    with pytest.raises(ValueError, match="FOLDERS"):
        registered("FOLDERS = ['cia']\n", "regsol")


def test_list_as_json_has_stable_names() -> None:
    told = RUNNER.invoke(app, ["list", "--json"])

    rows = json.loads(told.output)

    assert [row["name"] for row in rows] == ["cia", "fca", "justrestart", "mutations"]
    assert set(rows[0]) == {"name", "summary", "institutions", "documents", "outbound"}
    assert "Synchronisation" in rows[0]["documents"]


def test_list_for_people_names_every_connector() -> None:
    told = RUNNER.invoke(app, ["list"])

    assert told.exit_code == 0
    assert "cia" in told.output
    assert "fca" in told.output
