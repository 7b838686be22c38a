"""JSON read strictly: UTF-8, no name twice, no NaN, no lone surrogates, no NUL; and its one canonical form."""

import json
from typing import Any

from hub.application.intake.refusals import DocumentRefusedError


def read_json(data: bytes) -> Any:
    """The value of a JSON text.

    Raises:
        DocumentRefusedError: ``json-broken``, ``json-duplicate-name`` or ``empty``.
    """
    if not data.strip():
        raise DocumentRefusedError("empty")
    try:
        value = json.loads(data.decode(), object_pairs_hook=_unique, parse_constant=_no_constant)
        text = json.dumps(value, ensure_ascii=False)
        text.encode()  # a lone surrogate is no text
    except (ValueError, RecursionError):
        raise DocumentRefusedError("json-broken") from None
    if "\\u0000" in text:
        raise DocumentRefusedError("json-broken")
    return value


def canonical(value: Any) -> bytes:
    """One form for equal values: names sorted, no spaces, UTF-8. What receipts of events hash."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise DocumentRefusedError("json-duplicate-name")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(name)
