"""What all tables of the hub share: one METADATA with names by rule, and columns that many have."""

from sqlalchemy import Column, DateTime, MetaData, text

METADATA = MetaData(
    naming_convention={
        "ix": "%(table_name)s_%(column_0_N_name)s",
        "uq": "%(table_name)s_%(column_0_N_name)s_unique",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
        "pk": "%(table_name)s_pkey",
    }
)

NOW = text("now()")


def moment(name: str, *, empty: bool = False, now: bool = False) -> Column[object]:
    """A moment with time zone; ``now``: the database's, when nothing else is said."""
    return Column(name, DateTime(timezone=True), nullable=empty, server_default=NOW if now else None)
