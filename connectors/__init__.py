"""Partner systems: one folder each, with its contract and its mapping. One line per folder, a test compares them."""

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

from hub.sdk import Connector

FOLDERS = (
    "cia",
    "fca",
    "justrestart",
    "mutations",
)

CONTRACTS = ("bcss",)
"""Folders that hold contracts alone: partners that the hub asks, in ``hub.adapters.soap``, who send no documents."""

CONNECTORS: Mapping[str, Connector] = MappingProxyType(
    {name: import_module(f"connectors.{name}.mapping").CONNECTOR for name in FOLDERS}
)
"""Every connector by its name, which is its folder's."""
