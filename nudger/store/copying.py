"""All rows of one database copied into another, SQLite or PostgreSQL, as they are at one moment.

The target is written in one transaction: it holds everything afterwards, or nothing. Rows stream,
so that memory does not grow with the database. What is sealed stays sealed by the same key.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    LargeBinary,
    MetaData,
    Row,
    Table,
    func,
    insert,
    inspect,
    null,
    select,
    text,
)
from sqlalchemy.exc import SQLAlchemyError

from nudger.store import tables
from nudger.store.database import Database, DatabaseProblem

ROWS_AT_ONCE = 500
SEALED_ROWS_AT_ONCE = 20
"""Fewer where a row may hold a whole mail."""

OWN_BOOKKEEPING = "alembic_version"
NULLNESS = "is_null_"

Tell = Callable[[str, int, int], None]
"""Told of progress: which table, how many of its rows are copied, how many there are."""


def _tell_nobody(_table: str, _done: int, _rows: int) -> None:
    """Nobody watches."""


def _nothing_to_say() -> None:
    """Whoever copies agrees."""


def copy_rows(
    source: Database,
    target: Database,
    tell: Tell = _tell_nobody,
    agree: Callable[[], object] = _nothing_to_say,
) -> dict[str, int]:
    """Copy every row, and return how many there are of each table. The source may go on working:
    what is copied is one moment of it. `agree` is called before anything counts; what it raises
    undoes all.

    Raises `DatabaseProblem` where the source's schema is not this version's, where the target holds
    rows, or where a row does not fit; the target holds no row then.
    """
    source.require_current()
    refuse_unless_empty(target)
    target.upgrade()
    try:
        with source.snapshot() as reading, target.begin() as writing:
            copied = {
                table.name: _copy_table(reading, writing, table, tell)
                for table in tables.metadata.sorted_tables
            }
            _continue_numbering(writing)
            _compare(copied, count_rows(writing))
            agree()
    except SQLAlchemyError as error:  # a server that went away, a disk that is full
        raise target.problem(error) from error
    return copied


def refuse_unless_empty(database: Database) -> None:
    """Raises `DatabaseProblem` where any table holds a row, ours or not."""
    try:
        with database.read() as tx:
            names = [name for name in inspect(tx).get_table_names() if name != OWN_BOOKKEEPING]
            found = MetaData()
            filled = [name for name in names if _has_row(tx, Table(name, found))]
    except SQLAlchemyError as error:
        raise database.problem(error) from error
    if filled:
        shown = ", ".join(sorted(filled)[:3])
        says = f"{database.shown} holds rows already, in {shown}"
        raise DatabaseProblem(f"{says}: it must be empty. Nothing was changed.")


def count_rows(tx: Connection) -> dict[str, int]:
    """How many rows each of our tables has."""
    return {table.name: _count(tx, table) for table in tables.metadata.sorted_tables}


def held_until(tx: Connection) -> datetime | None:
    """Until when a worker holds work by its leases, at the longest."""
    leased = (table for table in tables.metadata.sorted_tables if "lease_until" in table.c)
    ends = [tx.scalar(select(func.max(table.c.lease_until))) for table in leased]
    return max((end for end in ends if end is not None), default=None)


def pulse(tx: Connection) -> tuple[int, ...]:
    """Numbers that change when a worker works: its leases' fences, and the length of its trail."""
    leased = (table for table in tables.metadata.sorted_tables if "fence" in table.c)
    fences = (tx.scalar(select(func.sum(table.c.fence))) or 0 for table in leased)
    return (*map(int, fences), tx.scalar(select(func.max(tables.audit.c.id))) or 0)


def _has_row(tx: Connection, table: Table) -> bool:
    return tx.execute(select(text("1")).select_from(table).limit(1)).first() is not None


def _count(tx: Connection, table: Table) -> int:
    return tx.scalar(select(func.count()).select_from(table)) or 0


def _copy_table(reading: Connection, writing: Connection, table: Table, tell: Tell) -> int:
    rows, done = _count(reading, table), 0
    tell(table.name, done, rows)
    for chunk in _chunks(reading, table):
        try:
            writing.execute(insert(table), chunk)
        except SQLAlchemyError as error:
            says = f"A row of the table {table.name} does not fit: {_cause(error)}"
            raise DatabaseProblem(f"{says}. The target holds no row.") from error
        done += len(chunk)
        tell(table.name, done, rows)
    return rows


def _chunks(tx: Connection, table: Table) -> Any:
    """The rows of a table as they are, in lists, by their key."""
    has_sealed = any(isinstance(column.type, LargeBinary) for column in table.c)
    at_once = SEALED_ROWS_AT_ONCE if has_sealed else ROWS_AT_ONCE
    documents = [column for column in table.c if isinstance(column.type, JSON)]
    nullness = [column.is_(null()).label(f"{NULLNESS}{column.name}") for column in documents]
    found = select(table, *nullness).order_by(*table.primary_key.columns)
    streamed = tx.execution_options(yield_per=at_once).execute(found)
    for rows in streamed.partitions():
        yield [_as_it_is(row, table, documents) for row in rows]


def _as_it_is(row: Row[Any], table: Table, documents: Sequence[Column[Any]]) -> dict[str, Any]:
    """A row's values; a document that says `null` is not one that is missing, though both are read
    as `None`."""
    found = row._mapping
    values = {column.name: found[column.name] for column in table.c}
    for column in documents:
        if values[column.name] is None:
            is_missing = found[f"{NULLNESS}{column.name}"]
            values[column.name] = null() if is_missing else JSON.NULL
    return values


def _continue_numbering(tx: Connection) -> None:
    """Have new rows numbered after those that are there. SQLite does so by itself."""
    if tx.dialect.name != "postgresql":
        return
    for table in tables.metadata.sorted_tables:
        key = table.autoincrement_column
        if key is None:
            continue
        newest = tx.scalar(select(func.max(key)))
        sequence = func.pg_get_serial_sequence(table.name, key.name)
        if newest is not None:
            tx.execute(select(func.setval(sequence, newest)))


def _compare(read: Mapping[str, int], written: Mapping[str, int]) -> None:
    differ = [name for name, count in read.items() if written[name] != count]
    if differ:
        raise DatabaseProblem(
            f"Not all rows arrived ({', '.join(differ)}): nothing was copied. Try again."
        )


def _cause(error: SQLAlchemyError) -> str:
    """What the database said, in one line, without the row."""
    cause = getattr(error, "orig", None) or error
    return str(cause).splitlines()[0].rstrip(".")
