"""Adding a row unless there is one like it: the database decides, so that two workers who add the
same at once add it once and neither fails."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_if_absent(tx: Connection, table: Table) -> Any:
    """An insert that adds nothing where a unique column has the value already."""
    dialect = postgresql if tx.dialect.name == "postgresql" else sqlite
    return dialect.insert(table).on_conflict_do_nothing()


def add_if_absent(tx: Connection, table: Table, values: Mapping[str, Any]) -> bool:
    """Add the row; false when it is known. A count of rows would not tell on PostgreSQL."""
    key = next(iter(table.primary_key.columns))
    return tx.scalar(insert_if_absent(tx, table).values(values).returning(key)) is not None
