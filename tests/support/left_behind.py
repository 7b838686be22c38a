"""What a run leaves behind: every file, its name, and every form a national number could stand in there."""

import gzip
import hashlib
import os
import zlib
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from tests.support.plaintext import forms

_GZIP = b"\x1f\x8b"


def number_forms(niss: str) -> dict[str, bytes]:
    """A number as digits, formatted, otherwise encoded, as a binary number, and its plain hashes."""
    written = {
        "digits": niss,
        "formatted": f"{niss[:2]}.{niss[2:4]}.{niss[4:6]}-{niss[6:9]}.{niss[9:]}",
        "spaced": f"{niss[:6]} {niss[6:9]} {niss[9:]}",
        "spaced in pairs": f"{niss[:2]} {niss[2:4]} {niss[4:6]} {niss[6:9]} {niss[9:]}",
        "dashed": f"{niss[:6]}-{niss[6:9]}-{niss[9:]}",
        "backwards": niss[::-1],
    }
    found: dict[str, bytes] = {}
    for name, text in written.items():
        plain, *coded = forms(text)
        found |= {name: plain, **{f"{name}, base64 at {at}": one for at, one in enumerate(coded)}}
        found |= {f"{name}, hex": plain.hex().encode(), f"{name}, HEX": plain.hex().upper().encode()}
        found |= {f"{name}, UTF-16": text.encode("utf-16-le"), f"{name}, UTF-16 BE": text.encode("utf-16-be")}
    return found | _binary(int(niss)) | _hashes(niss)


def _binary(number: int) -> dict[str, bytes]:
    """As a 64-bit integer, its hexadecimal, and PostgreSQL's ``numeric`` (groups of four digits)."""
    groups = [number // 10**8, number // 10**4 % 10**4, number % 10**4]
    return {
        "integer": number.to_bytes(8, "big"),
        "integer, reversed": number.to_bytes(8, "little"),
        "integer, hex": f"{number:x}".encode(),
        "numeric": b"".join(one.to_bytes(2, "big") for one in groups),
        "numeric, reversed": b"".join(one.to_bytes(2, "little") for one in groups),
    }


def _hashes(niss: str) -> dict[str, bytes]:
    """Hashes without a secret: whoever has one tries all numbers in a minute."""
    found: dict[str, bytes] = {}
    for name in ("md5", "sha1", "sha256", "sha512"):
        digest = hashlib.new(name, niss.encode()).digest()
        found |= {
            name: digest,
            f"{name}, hex": digest.hex().encode(),
            f"{name}, base64": b64encode(digest).rstrip(b"="),
        }
    return found


def contents(folders: Iterable[Path], since: float = 0.0) -> Iterator[tuple[Path, bytes]]:
    """Every file with its name in front of its bytes; what is gzipped is opened; files that end meanwhile are left.

    Of a file that was not written since a moment (seconds of the epoch) the name alone: no run of after left it.
    """
    for folder in folders:
        for path in _walked(folder):
            name = str(path.relative_to(folder)).encode() + b"\n"
            try:
                data = _written(path) if path.is_file() and path.stat().st_mtime >= since else b""
            except FileNotFoundError:
                continue
            yield path, name + data
            if data.startswith(_GZIP):
                yield path, _unpacked(data)


def _written(path: Path) -> bytes:
    """What a file holds, without its holes: Kafka makes indexes of ten megabytes before it needs them."""
    parts, at = [], 0
    with path.open("rb", buffering=0) as file, suppress(OSError):  # no more data behind here
        while True:
            at = os.lseek(file.fileno(), at, os.SEEK_DATA)
            end = os.lseek(file.fileno(), at, os.SEEK_HOLE)
            parts.append(os.pread(file.fileno(), end - at, at))
            at = end
    return b"\0".join(parts)


def _walked(folder: Path) -> Iterator[Path]:
    """Folders and files; those that go meanwhile are left out, which ``rglob`` does not forgive."""
    for place, folders, files in os.walk(folder):
        yield from (Path(place) / name for name in (*folders, *files))


def _unpacked(data: bytes) -> bytes:
    try:
        return gzip.decompress(data)
    except (OSError, EOFError, zlib.error):
        return b""


def left_behind(folders: Iterable[Path], needles: Mapping[str, bytes], since: float = 0.0) -> dict[str, list[str]]:
    """Files written since a moment in which any of these stands, and which."""
    found: dict[str, list[str]] = {}
    for path, data in contents(folders, since):
        if hits := [name for name, bytes_ in needles.items() if bytes_ in data]:
            found.setdefault(str(path), []).extend(hits)
    return found
