"""The words every context speaks: events, decisions, topics, retries, ceilings. Pure."""
