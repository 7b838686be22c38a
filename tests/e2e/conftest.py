"""A hub of real processes; see ``tests/support/fixtures.py``."""

from tests.support.fixtures import home, processes, scene

__all__ = ["home", "processes", "scene"]
