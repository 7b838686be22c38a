"""W3C Trace Context: the ``traceparent`` that callers and events carry."""

import os
import re

_FORM = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")


def given_trace(text: object) -> str | None:
    """A caller's ``traceparent`` when it is one, else None."""
    return text if isinstance(text, str) and _FORM.fullmatch(text) else None


def new_trace() -> str:
    """The ``traceparent`` of a trace that begins here."""
    return f"00-{os.urandom(16).hex()}-{os.urandom(8).hex()}-01"


def trace_of(text: object) -> str:
    """The caller's trace, or one that begins here."""
    return given_trace(text) or new_trace()
