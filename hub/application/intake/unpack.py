"""Gzip, undone piece by piece, with limits on size and ratio: a bomb is refused long before it unfolds."""

import zlib
from collections.abc import Iterable, Iterator

from hub.application.intake.refusals import DocumentRefusedError

STEP = 32_768
"""Bytes given at a time: what a reader works through without a pause."""
_GZIP = 16 + zlib.MAX_WBITS
_SMALL = 1_048_576
"""Below this the ratio says nothing about intent."""


def unpacked(pieces: Iterable[bytes], *, gzip: bool, most: int, ratio: int) -> Iterator[bytes]:
    """The document's own bytes, at most ``most``, in steps.

    Raises:
        DocumentRefusedError: ``too-large``, ``gzip-ratio`` or ``gzip-broken`` (also when it ends early).
    """
    if not gzip:
        yield from (piece[at : at + STEP] for piece in pieces for at in range(0, len(piece), STEP))
        return
    given = came = 0
    try:
        for came, data in _inflated(pieces):
            given += len(data)
            if given > most:
                raise DocumentRefusedError("too-large", limit=str(most))
            if given > max(_SMALL, came * ratio):
                raise DocumentRefusedError("gzip-ratio", limit=str(ratio))
            yield data
    except zlib.error:
        raise DocumentRefusedError("gzip-broken") from None


def _inflated(pieces: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """Steps of inflated bytes with how many packed bytes came so far; several gzip members may follow."""
    came, inflator = 0, zlib.decompressobj(_GZIP)
    for piece in pieces:
        came += len(piece)
        rest = piece
        while rest:
            if inflator.eof:
                inflator = zlib.decompressobj(_GZIP)
            data = inflator.decompress(rest, STEP)
            rest = inflator.unused_data if inflator.eof else inflator.unconsumed_tail
            if data:
                yield came - len(rest), data
    if not inflator.eof:
        raise zlib.error
