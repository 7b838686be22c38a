"""The partner systems of this hub."""

from collections.abc import Mapping

from connectors import CONNECTORS
from hub.sdk import Connector


def connectors() -> Mapping[str, Connector]:
    """Every connector by its name."""
    return CONNECTORS
