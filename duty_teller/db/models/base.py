"""What all tables share: how instants, wall-clock times and choices are stored, and the names of constraints.

Times are stored as whole seconds since 1970 UTC (`UtcTime`) and are aware UTC datetimes in Python: comparable and
subtractable in SQL on every database alike, without a zone to get wrong. Spans are half-open, [start, end).
"""

from datetime import UTC, datetime, time
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcTime(sa.types.TypeDecorator[datetime]):
    """An instant: aware in Python, whole seconds since 1970 UTC in the database.

    Raises:
        ValueError: A naive datetime was given.
    """

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> int | None:
        """Turns an aware datetime into seconds."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime: {value!r}")
        return int(value.timestamp())

    def process_result_value(self, value: int | None, dialect: sa.Dialect) -> datetime | None:
        """Turns seconds into an aware UTC datetime."""
        return None if value is None else datetime.fromtimestamp(value, UTC)


class WallTime(sa.types.TypeDecorator[time]):
    """A wall-clock time of a roster's zone, stored as `HH:MM`."""

    impl = sa.String(5)
    cache_ok = True

    def process_bind_param(self, value: time | None, dialect: sa.Dialect) -> str | None:
        """Writes `HH:MM`."""
        return None if value is None else f"{value:%H:%M}"

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> time | None:
        """Reads `HH:MM`."""
        return None if value is None else time(int(value[:2]), int(value[3:5]))


def enum_column(kind: type[StrEnum], name: str) -> sa.Enum:
    """Returns the column type of a choice: its value as text, held by a CHECK constraint `name`."""
    return sa.Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=32,
        name=name,
        values_callable=lambda k: [m.value for m in k],
    )


def partial_index(name: str, column: str, where: str, unique: bool = False) -> sa.Index:
    """Returns an index of those rows of a table for which a condition holds.

    SQLite's option is set here. PostgreSQL's is set where its schema is compared (alembic/env.py): naming it loads its
    dialect, 2 MiB of every process.

    Args:
        name: Of the index.
        column: What is indexed.
        where: The condition, in SQL.
        unique: Whether a value may be there only once.
    """
    return sa.Index(name, column, unique=unique, sqlite_where=sa.text(where))
