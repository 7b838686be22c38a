"""A package depends on its parts alone, and has its name only when it is whole."""

import errno
import os
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest

from hub.adapters.zip_file import ZipPackage
from hub.application.transfer.ports import Part, TransferRefusedError


def written(path: Path, *, publish: bool = True) -> tuple[bytes, int]:
    with ZipPackage(path) as package:
        for name, pieces in (("a.txt", (b"one", b"two")), ("folder/b", ())):
            with package.part(name) as part:
                for piece in pieces:
                    part.write(piece)
        assert package.parts[0] == Part("a.txt", sha256(b"onetwo").hexdigest(), 6)
        found = package.sealed()
        assert not path.exists()
        if publish:
            package.publish()
    return found


def test_same_parts_make_the_same_bytes_at_any_time_under_any_name(tmp_path: Path) -> None:
    one, two = tmp_path / "one.zip", tmp_path / "two.zip"
    found = written(one)
    os.utime(one, (0, 0))

    assert found == written(two) == (sha256(one.read_bytes()).digest(), one.stat().st_size)
    with zipfile.ZipFile(two) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {"a.txt": b"onetwo", "folder/b": b""}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.zip", "two.zip"]


def test_what_is_not_published_leaves_nothing_and_what_a_killed_process_left_does_not_matter(tmp_path: Path) -> None:
    (tmp_path / "one.zip.part").write_bytes(b"x" * 10_000)
    written(tmp_path / "one.zip", publish=False)
    assert list(tmp_path.iterdir()) == []


def test_file_that_is_there_or_being_written_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "one.zip"
    with ZipPackage(path), pytest.raises(TransferRefusedError, match="another process"):
        written(path)
    with ZipPackage(path) as package:
        package.sealed()
        path.write_bytes(b"mine")
        with pytest.raises(TransferRefusedError, match="there already"):
            package.publish()
    with pytest.raises(TransferRefusedError, match="there already"):
        written(path)
    assert path.read_bytes() == b"mine"


def test_disk_without_hard_links_gets_its_file_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_: object) -> None:
        raise OSError(errno.EPERM, "no hard links here")

    monkeypatch.setattr(os, "link", no_links)
    written(tmp_path / "one.zip")

    assert [path.name for path in tmp_path.iterdir()] == ["one.zip"]
