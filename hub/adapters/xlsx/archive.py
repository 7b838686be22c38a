"""The zip around a workbook, looked at before openpyxl sees a byte of it.

What a workbook of claims never needs is refused: macros, external links, DTDs, encodings that could hide one. Sizes are
counted as declared and again as unpacked, since a zip may lie about them.
"""

import re
import zipfile
import zlib
from dataclasses import dataclass
from io import BytesIO

from hub.application.intake.refusals import DocumentRefusedError

_ENTRIES = 200
_STEP = 65_536
_SMALL = 1_048_576
"""Below this the ratio says nothing about intent."""
_ACTIVE = re.compile(
    r"vbaproject|externallink|macrosheet|dialogsheet|activex|embeddings/|connections\.xml", re.IGNORECASE
)
_FORBIDDEN = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_DECLARED = re.compile(rb"^(?:\xef\xbb\xbf)?<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([^\"']{1,40})[\"']")
_OVERLAP = 16


@dataclass(frozen=True, kw_only=True, slots=True)
class SheetLimits:
    """``most`` bytes packed, ``unpacked`` bytes, their ``ratio``; rows and columns that are read."""

    most: int = 8 * 1024 * 1024
    unpacked: int = 64 * 1024 * 1024
    ratio: int = 200
    rows: int = 20_000
    columns: int = 64


def checked(data: bytes, limits: SheetLimits) -> BytesIO:
    """The workbook's bytes, when they may be opened.

    Raises:
        DocumentRefusedError: ``too-large``, ``gzip-ratio``, ``workbook-broken``, ``workbook-active``,
            ``dtd-forbidden`` or ``encoding-unsupported``.
    """
    if len(data) > limits.most:
        raise DocumentRefusedError("too-large", limit=str(limits.most))
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            _check(archive, limits, len(data))
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError, OSError):
        raise DocumentRefusedError("workbook-broken") from None
    return BytesIO(data)


def _check(archive: zipfile.ZipFile, limits: SheetLimits, packed: int) -> None:
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    if len(entries) > _ENTRIES or len(set(names)) < len(names) or "xl/workbook.xml" not in names:
        raise DocumentRefusedError("workbook-broken")
    if any(_ACTIVE.search(name) for name in names):
        raise DocumentRefusedError("workbook-active")
    _bounded(sum(entry.file_size for entry in entries), packed, limits)
    unpacked = 0
    for entry in entries:
        unpacked += _part(archive, entry, limits, unpacked, packed)


def _bounded(unpacked: int, packed: int, limits: SheetLimits) -> None:
    if unpacked > limits.unpacked:
        raise DocumentRefusedError("too-large", limit=str(limits.unpacked))
    if unpacked > max(_SMALL, packed * limits.ratio):
        raise DocumentRefusedError("gzip-ratio", limit=str(limits.ratio))


def _part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limits: SheetLimits, before: int, packed: int) -> int:
    """One part, unpacked piece by piece; how large it is."""
    markup = entry.filename.lower().endswith((".xml", ".rels", ".vml"))
    size, tail = 0, b""
    with archive.open(entry) as stream:
        while piece := stream.read(_STEP):
            if markup and not size:
                _check_encoding(piece)
            size += len(piece)
            _bounded(before + size, packed, limits)
            if markup and _FORBIDDEN.search(tail + piece):
                raise DocumentRefusedError("dtd-forbidden")
            tail = piece[-_OVERLAP:]
    return size


def _check_encoding(beginning: bytes) -> None:
    """Nothing but UTF-8: a declaration must not hide from the look for it."""
    declared = _DECLARED.match(beginning)
    if b"\0" in beginning[:8] or beginning.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise DocumentRefusedError("encoding-unsupported", limit="utf-8")
    if declared and declared[1].lower() not in {b"utf-8", b"us-ascii"}:
        raise DocumentRefusedError("encoding-unsupported", limit="utf-8")
