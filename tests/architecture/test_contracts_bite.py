"""Each import contract of pyproject.toml is broken once, on a copy, and is seen to be broken."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.source import ROOT

PLANTED = {
    "hub-layers": ("hub/domain/messaging/retry.py", "import hub.settings"),
    "domain-contexts": ("hub/domain/claims/fold.py", "import hub.domain.notices.fold"),
    "adapters-apart": ("hub/adapters/smtp/gateway.py", "import hub.adapters.postgres.tables"),
    "connectors-apart": ("connectors/cia/mapping.py", "import connectors.fca.mapping"),
    "schemas-know-nobody": ("schemas/event.py", "import hub.domain.messaging.errors"),
    "connectors-see-the-sdk": ("connectors/cia/mapping.py", "import hub.domain.messaging.errors"),
    "entrypoints-get-parts-from-bootstrap": ("hub/entrypoints/cli/topics.py", "import hub.adapters.topics_file"),
    "connectors-by-name": ("hub/application/describe/provision.py", "import connectors.cia.mapping"),
    "product-stands-alone": ("hub/application/describe/provision.py", "import sandbox"),
    "sandbox-outside": ("sandbox/people.py", "import hub.application.describe.provision"),
}
UNPLACED = {
    "hub-layers": "hub/extras",
    "domain-contexts": "hub/domain/unplaced",
    "adapters-apart": "hub/adapters/unplaced",
    "connectors-apart": "connectors/unplaced",
}
CONTRACTS = {
    contract["id"]: contract["name"]
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The packages without their data, and the contracts."""
    only_source = shutil.ignore_patterns("__pycache__", "*.json", "*.xsd", "*.lock", "*.j2", "versions")
    for package in ("hub", "schemas", "connectors", "sandbox", "bench"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=only_source)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def broken_in(folder: Path) -> set[str]:
    """The ids of the contracts that are broken in a copy."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    environment = os.environ | {"COLUMNS": "200", "PYTHONPATH": str(folder)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return {id_ for id_, name in CONTRACTS.items() if f"{name} BROKEN" in done.stdout}


def test_every_contract_is_broken_by_an_import_it_forbids(copy: Path) -> None:
    for file, line in PLANTED.values():
        with (copy / file).open("a", encoding="utf-8") as module:
            module.write(f"\n{line}\n")

    assert broken_in(copy) == set(CONTRACTS) == set(PLANTED)


def test_part_that_nobody_placed_breaks_its_contract(copy: Path) -> None:
    for folder in UNPLACED.values():
        (copy / folder).mkdir()
        (copy / folder / "__init__.py").touch()

    assert broken_in(copy) == set(UNPLACED)
