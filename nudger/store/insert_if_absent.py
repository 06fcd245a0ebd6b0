"""Adding a row unless there is one like it: the database decides, so that two workers who add the
same at once add it once and neither fails."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_if_absent(tx: Connection, table: Table) -> Any:
    """An insert that adds nothing where a unique column has the value already."""
    return _insert_if_absent(tx.dialect.name, table)


def _insert_if_absent(dialect: str, table: Table) -> Any:
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert(table).on_conflict_do_nothing()


def add_if_absent(tx: Connection, table: Table, values: Mapping[str, Any]) -> bool:
    """Add the row; false when it is known. A count of rows would not tell on PostgreSQL."""
    return key_if_added(tx, table, values) is not None


def key_if_added(tx: Connection, table: Table, values: Mapping[str, Any]) -> Any:
    """Add the row; its key, `None` when it is known."""
    return tx.scalar(_adding(tx.dialect.name, table), values)


@cache
def _adding(dialect: str, table: Table) -> Any:
    return _insert_if_absent(dialect, table).returning(next(iter(table.primary_key.columns)))
