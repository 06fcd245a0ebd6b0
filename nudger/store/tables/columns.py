"""What the tables are made of: moments in UTC, the columns of a lease, partial indexes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, DateTime, Dialect, Index, Integer, MetaData, String, Text, text
from sqlalchemy.types import TypeDecorator


class Moment(TypeDecorator[datetime]):
    """An aware `datetime`, kept as UTC."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """SQLAlchemy puts the text that SQLite keeps together in Python, which takes four times as
        long, and a calendar has hundreds of moments."""
        return _written if dialect.name == "sqlite" else super().bind_processor(dialect)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else value.replace(tzinfo=UTC)


def _written(value: datetime | None) -> str | None:
    """As `sqlalchemy.dialects.sqlite.DATETIME` writes it."""
    if value is None:
        return None
    return value.astimezone(UTC).isoformat(" ", "microseconds").removesuffix("+00:00")


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def leased() -> list[Column[Any]]:
    """The columns of rows that are work to be claimed (see `leases`)."""
    return [
        Column("lease_owner", String(80)),
        Column("lease_until", Moment),
        Column("fence", Integer, nullable=False, server_default="0"),
        Column("attempts", Integer, nullable=False, server_default="0"),
        Column("last_error", Text),
    ]


def partial(name: str, *columns: str, where: Any) -> Index:
    """An index of some of the rows; statements say so in their text (see `written_out`)."""
    return Index(name, *columns, sqlite_where=where, postgresql_where=where)


def hinted(table_name: str) -> Index:
    """Whether a hint waits is asked every second."""
    return partial(f"ix_{table_name}_hinted", "due_at", where=text("hints > 0"))


def failing(table_name: str, key: str) -> Index:
    """`nudger status` and the health check ask for what failed, every minute."""
    return partial(f"ix_{table_name}_failing", key, where=text("last_error IS NOT NULL"))
