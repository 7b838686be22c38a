"""Mutations that the Crossroads Bank pushes. Contract: ``mutations.xsd``."""
