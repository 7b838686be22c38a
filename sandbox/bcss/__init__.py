"""A simulated Crossroads Bank on a real TLS socket: `hub sandbox bcss` runs it alone (docs/bcss.md)."""
