"""The golden schemas are the classes, and no promise is broken; the gate itself cannot be walked around."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import ClassVar

import pytest

from schemas import EVENT_TYPES
from schemas.event import Event
from schemas.golden_history import blob_of, committed, withdraw
from schemas.goldens import FOLDER, broken_promises, differences, write

TYPE = "be.mediationhub.test.told.v1"


class Told(Event):
    type: ClassVar[str] = TYPE
    office: str
    remark: str | None = None


class ToldWithMore(Event):
    type: ClassVar[str] = TYPE
    office: str
    remark: str | None = None
    city: str | None = None


class ToldWithLess(Event):
    type: ClassVar[str] = TYPE
    office: str


def test_goldens_are_what_the_classes_say() -> None:
    assert differences() == ()


def test_no_golden_that_was_ever_committed_is_broken() -> None:
    assert broken_promises() == ()


def test_every_schema_names_its_type_and_marks_what_is_personal() -> None:
    for name, kind in EVENT_TYPES.items():
        schema = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
        marked = {field for field, part in schema["properties"].items() if part.get("x-personal")}
        assert schema["x-type"] == name
        assert marked == kind.personal_fields()


def test_class_without_golden_and_golden_without_class_are_told(tmp_path: Path) -> None:
    assert differences({TYPE: Told}, tmp_path) == (
        f"{TYPE}: has no golden; write it: python -m schemas.goldens --write",
    )
    write({TYPE: Told}, tmp_path)
    assert differences({TYPE: Told}, tmp_path) == ()
    assert differences({}, tmp_path) == (f"{TYPE}: has a golden but no class",)


def test_optional_addition_is_told_and_may_be_written(tmp_path: Path) -> None:
    write({TYPE: Told}, tmp_path)

    assert len(differences({TYPE: ToldWithMore}, tmp_path)) == 1
    assert write({TYPE: ToldWithMore}, tmp_path) == ()
    assert differences({TYPE: ToldWithMore}, tmp_path) == ()


def test_break_is_not_written(tmp_path: Path) -> None:
    write({TYPE: Told}, tmp_path)

    broken = write({TYPE: ToldWithLess}, tmp_path)

    assert broken == (f"{TYPE}/remark: removed or renamed; give the changed event a new type (.v2) beside this one",)
    assert differences({TYPE: Told}, tmp_path) == ()


def test_type_that_disappears_is_a_break(tmp_path: Path) -> None:
    write({TYPE: Told}, tmp_path)

    assert "the type disappeared" in write({}, tmp_path)[0]
    assert (tmp_path / f"{TYPE}.json").exists()


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=A Tester", "-c", "user.email=tester@example.invalid")
    command = [str(shutil.which("git")), "-C", str(folder), *who, *arguments]
    subprocess.run(command, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository in which the golden of ``Told`` is committed."""
    git(tmp_path, "init", "-q")
    write({TYPE: Told}, tmp_path)
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "golden")
    return tmp_path


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_golden_that_is_deleted_and_written_anew_does_not_escape(repository: Path) -> None:
    (repository / f"{TYPE}.json").unlink()

    broken = write({TYPE: ToldWithLess}, repository)

    assert [line.partition(":")[0] for line in broken] == [f"{TYPE}/remark"]


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_golden_that_was_rewritten_and_committed_does_not_escape(repository: Path) -> None:
    (repository / f"{TYPE}.json").unlink()
    git(repository, "commit", "-q", "-a", "-m", "gone")
    git(repository, "commit", "-q", "--allow-empty", "-m", "later")

    assert len(broken_promises({TYPE: ToldWithLess}, repository)) == 1
    assert len(broken_promises({}, repository)) == 1


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_withdrawn_version_binds_nobody(repository: Path) -> None:
    versions = list(committed(repository))
    withdraw(repository, versions, "no partner had it")

    assert [version.blob for version in versions] == [blob_of((repository / f"{TYPE}.json").read_text())]
    assert write({TYPE: ToldWithLess}, repository) == ()
    assert f"{TYPE}: no partner had it" in (repository / "withdrawn.txt").read_text()


def test_outside_of_git_only_the_goldens_on_disk_bind(tmp_path: Path) -> None:
    assert list(committed(tmp_path)) == []
