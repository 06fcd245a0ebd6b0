"""Rows of a table of which little changes between two readings: what was made of a row before is
taken again as long as the database holds the same.

Comparing what is stored costs a tenth of reading it into values and making something of these.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from types import SimpleNamespace
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Dialect, Table, select, type_coerce
from sqlalchemy.types import NullType

Made = TypeVar("Made")
Stored = tuple[Any, ...]


class UnchangedRows(Generic[Made]):
    """Makes something of each row of a table with an `id`, which it may keep: it is a value, and
    what is made depends on nothing but the row. Any thread may ask."""

    def __init__(self, table: Table, make: Callable[[Any], Made], order: str) -> None:
        self._table = table
        self._make = make
        columns: list[Any] = [type_coerce(one, NullType()).label(one.name) for one in table.c]
        self._as_stored = select(*columns).order_by(table.c[order])
        self._id = list(table.c.keys()).index("id")
        self._known: Mapping[int, tuple[Stored, Made]] = {}

    def all(self, tx: Connection) -> list[Made]:
        """What is made of every row, in order."""
        before, known = self._known, dict[int, tuple[Stored, Made]]()
        for row in tx.execute(self._as_stored):
            stored: Stored = tuple(row)
            last = before.get(stored[self._id])
            if last is None or last[0] != stored:
                last = stored, self._make(self._read(tx.dialect, stored))
            known[stored[self._id]] = last
        self._known = known
        return [made for _, made in known.values()]

    def _read(self, dialect: Dialect, stored: Stored) -> SimpleNamespace:
        readers = _readers(dialect, self._table)
        values = (
            value if read is None else read(value)
            for read, value in zip(readers, stored, strict=True)
        )
        return SimpleNamespace(**dict(zip(self._table.c.keys(), values, strict=True)))


@lru_cache(maxsize=16)
def _readers(dialect: Dialect, table: Table) -> list[Callable[[Any], Any] | None]:
    """How each column's values are read from what the driver gives."""
    return [c.type.dialect_impl(dialect).result_processor(dialect, None) for c in table.c]
