"""W3C Trace Context: the caller's ``traceparent`` when it is one, else a new trace."""

import os
import re

_FORM = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")


def trace_of(header: str | None) -> str:
    """A valid ``traceparent``."""
    if header is not None and _FORM.fullmatch(header):
        return header
    return f"00-{os.urandom(16).hex()}-{os.urandom(8).hex()}-01"
