"""Adding many rows at once, at the least cost a row.

SQLAlchemy compiles each statement, once. What it would do for each row anew is done for all of them
together here: gathering the values by name, and finding how each is stored.

SQLite gets many rows in one statement: Python's sqlite3 lets the other threads go on during each
that it does, and whoever wants to add the next row would have to wait for them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any

from sqlalchemy import Connection, Dialect, Table, func, select
from sqlalchemy.dialects import postgresql, sqlite

Row = Mapping[str, Any]


_ROWS_A_STATEMENT = (64, 32)
"""And fewer at the end. So a table has some thirty statements at most, which a connection keeps."""


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A statement's text, and how the value of each of its columns is stored, in its order."""

    text: str
    names: Sequence[str]
    stored: Sequence[Callable[[Any], Any] | None]
    by_position: bool

    def values(self, rows: Sequence[Row]) -> list[tuple[Any, ...]]:
        """In its order."""
        columns = [
            _stored([row[name] for row in rows], stored)
            for name, stored in zip(self.names, self.stored, strict=True)
        ]
        return list(zip(*columns, strict=True))

    def add(self, tx: Connection, rows: Sequence[Row]) -> None:
        values = self.values(rows)
        if not self.by_position:
            tx.exec_driver_sql(self.text, [dict(zip(self.names, one)) for one in values])  # noqa: B905
            return
        at = 0
        while left := len(values) - at:
            size = next((many for many in _ROWS_A_STATEMENT if many <= left), left)
            several = tuple(chain.from_iterable(values[at : at + size]))
            tx.exec_driver_sql(_of_several(self.text, len(self.names), size), several)
            at += size


def _stored(values: list[Any], stored: Callable[[Any], Any] | None) -> list[Any]:
    """A column's values as they are stored; many columns have one value for all rows."""
    if stored is None:
        return values
    first = values[0]
    if all(one is first for one in values):
        return [stored(first)] * len(values)
    return [stored(one) for one in values]


def add_rows(tx: Connection, table: Table, rows: Sequence[Row], key: Sequence[str] = ()) -> None:
    """Add these rows, which have values for the same columns. Where one with this `key` is there
    already, its other columns are replaced."""
    if rows:
        _prepared(tx.dialect, table, tuple(rows[0]), tuple(key)).add(tx, rows)


@lru_cache(maxsize=256)
def _of_several(text: str, columns: int, rows: int) -> str:
    """An insert of one row as one of several."""
    one = f"({', '.join('?' * columns)})"
    return text.replace(one, ", ".join([one] * rows), 1)


def new_ids(tx: Connection, table: Table, count: int) -> range | Sequence[int]:
    """Ids for rows that this transaction adds."""
    (key,) = table.primary_key.columns
    if tx.dialect.name == "postgresql":
        sequence = func.pg_get_serial_sequence(table.name, key.name)
        each = func.generate_series(1, count).table_valued("number")
        return list(tx.scalars(select(func.nextval(sequence)).select_from(each)))
    last = tx.exec_driver_sql(_last_id(tx.dialect, table)).scalar() or 0
    return range(last + 1, last + 1 + count)


@lru_cache(maxsize=64)
def _last_id(dialect: Dialect, table: Table) -> str:
    (key,) = table.primary_key.columns
    return str(select(func.max(key)).compile(dialect=dialect))


@lru_cache(maxsize=64)
def _prepared(
    dialect: Dialect, table: Table, names: tuple[str, ...], key: tuple[str, ...]
) -> _Prepared:
    insert = postgresql.insert if dialect.name == "postgresql" else sqlite.insert
    statement = insert(table)
    if key:
        replaced = {name: statement.excluded[name] for name in names if name not in key}
        statement = statement.on_conflict_do_update(index_elements=list(key), set_=replaced)
    compiled: Any = statement.inline().compile(dialect=dialect, column_keys=list(names))
    order = list(compiled.positiontup) if compiled.positional else list(names)
    stored = [table.c[name].type.dialect_impl(dialect).bind_processor(dialect) for name in order]
    return _Prepared(str(compiled), order, stored, compiled.positional)
