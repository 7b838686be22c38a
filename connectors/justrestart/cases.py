"""The id of a case."""

from hub.sdk import event_id_of


def case_of(reference: str) -> str:
    """Derived from the register's reference of it."""
    return f"c{event_id_of('rcd', reference).hex}"
