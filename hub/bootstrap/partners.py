"""The partner systems, for commands and processes that ask by name."""

from collections.abc import Mapping

from connectors import CONNECTORS
from hub.sdk import Connector


def connectors() -> Mapping[str, Connector]:
    """Every connector by its name; needs no address."""
    return CONNECTORS
