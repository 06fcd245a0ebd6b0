"""The data keys, wrapped by the admin's key, and every value that is sealed with one.

Rotation: a new data key is added, running workers learn it with their next tick, what older keys
sealed is resealed in small batches, and keys that seal nothing any more are removed a day later.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, Connection, Row, Table, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from nudger.store import tables
from nudger.store.database import Database
from nudger.store.vault import BY_DATA_KEY, KEY_ID_BYTES, SealBroken, Vault, new_data_key

BATCH = 100
KEEP_UNUSED = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A column with sealed values, and what the value of a row belongs to."""

    column: Column[bytes]
    owner: Callable[[Row[Any]], str]

    @property
    def table(self) -> Table:
        return self.column.table

    @property
    def key(self) -> Column[Any]:
        return next(iter(self.table.primary_key.columns))


SEALED = (
    SealedColumn(tables.secret.c.sealed, lambda row: f"secret:{row.name}"),
    SealedColumn(tables.meeting.c.details, lambda row: f"meeting.details:{row.meeting_key}"),
    SealedColumn(
        tables.answer.c.content, lambda row: f"answer.content:{row.meeting_id}:{row.revision}"
    ),
    SealedColumn(tables.outcome.c.content, lambda row: f"outcome.content:{row.meeting_id}"),
    SealedColumn(
        tables.inbound.c.raw, lambda row: f"inbound.raw:{row.mailbox}:{row.provider_message_id}"
    ),
    SealedColumn(tables.mail.c.content, lambda row: f"mail.content:{row.once}"),
    SealedColumn(tables.mail.c.own_lines, lambda row: f"mail.own_lines:{row.id}"),
    SealedColumn(tables.chat_word.c.content, lambda row: f"chat_word.content:{row.event_key}"),
)


def wrapped_keys(database: Database) -> Mapping[int, bytes]:
    """The wrapped data keys by id."""
    with database.read() as tx:
        columns = tables.data_key.c
        return {row.id: row.wrapped for row in tx.execute(select(columns.id, columns.wrapped))}


def use_data_keys(vault: Vault, database: Database, now: datetime) -> None:
    """Have the vault seal with the database's data keys; the first is made where there is none.

    Raises `SealBroken` where the admin's key is not the one that wrapped them.
    """
    if not wrapped_keys(database):
        with database.read() as tx:
            if opens(tx, vault) is False:
                raise SealBroken("The key is not the one that this database was sealed with")
        with suppress(IntegrityError):  # another process was first
            add_data_key(database, vault, now)
    vault.use_data_keys(lambda: wrapped_keys(database))


def add_data_key(database: Database, vault: Vault, now: datetime) -> int:
    """Make a data key; what is sealed from now on is sealed with it. Returns its id."""
    with database.begin() as tx:
        key_id = 1 + (tx.scalar(select(func.max(tables.data_key.c.id))) or 0)
        wrapped = vault.wrap(key_id, new_data_key())
        row = {"id": key_id, "wrapped": wrapped, "created_at": now}
        tx.execute(insert(tables.data_key).values(row))
    vault.refresh()
    return key_id


def rewrap(database: Database, old: Vault, new: Vault) -> int:
    """Wrap the data keys with another admin's key; returns how many. Values that the old key sealed
    itself must have been resealed before: raises `SealBroken` where there are any."""
    with database.begin() as tx:
        for sealed in SEALED:
            by_admin = func.substr(sealed.column, 1, 1) != BY_DATA_KEY
            if tx.execute(select(sealed.key).where(by_admin).limit(1)).first() is not None:
                raise SealBroken("Some values are sealed without a data key: nudger key rotate")
        rows = tx.execute(select(tables.data_key)).all()
        for row in rows:
            wrapped = new.wrap(row.id, old.unwrap(row.id, row.wrapped))
            this = tables.data_key.c.id == row.id
            tx.execute(update(tables.data_key).where(this).values(wrapped=wrapped))
    return len(rows)


def reseal(database: Database, vault: Vault) -> Iterator[int]:
    """Seal every value with the newest data key that another one sealed; yields the number of
    values of each batch. A value that changes meanwhile is left to whoever changed it."""
    for sealed in SEALED:
        after: Any = None
        while (batch := _stale(database, vault, sealed, after)) and (after := batch[-1][0]):
            with database.begin() as tx:
                yield sum(_reseal_one(tx, vault, sealed, row) for _, row in batch)


def _stale(
    database: Database, vault: Vault, sealed: SealedColumn, after: Any
) -> list[tuple[Any, Row[Any]]]:
    mark = vault.mark
    is_stale = sealed.column.is_not(None) & (func.substr(sealed.column, 1, len(mark)) != mark)
    if after is not None:
        is_stale &= sealed.key > after
    found = select(sealed.table).where(is_stale).order_by(sealed.key).limit(BATCH)
    with database.read() as tx:
        return [(getattr(row, sealed.key.name), row) for row in tx.execute(found)]


def _reseal_one(tx: Connection, vault: Vault, sealed: SealedColumn, row: Row[Any]) -> int:
    old, owner = getattr(row, sealed.column.name), sealed.owner(row)
    same = (sealed.key == getattr(row, sealed.key.name)) & (sealed.column == old)
    values = {sealed.column.name: vault.seal(vault.open(old, owner), owner)}
    return tx.execute(update(sealed.table).where(same).values(values)).rowcount


def forget_unused(tx: Connection, now: datetime) -> int:
    """Remove data keys that seal nothing and are not the newest, a day after a newer one was made;
    returns how many."""
    columns = tables.data_key.c
    ids = list(tx.scalars(select(columns.id).order_by(columns.id)))
    newest_at = tx.scalar(select(func.max(columns.created_at)))
    if len(ids) < 2 or newest_at is None or newest_at > now - KEEP_UNUSED:
        return 0
    unused = [key_id for key_id in ids[:-1] if not _seals_anything(tx, key_id)]
    tx.execute(delete(tables.data_key).where(columns.id.in_(unused)))
    return len(unused)


def _seals_anything(tx: Connection, key_id: int) -> bool:
    mark = BY_DATA_KEY + key_id.to_bytes(KEY_ID_BYTES, "big")
    queries = (
        select(one.key).where(func.substr(one.column, 1, len(mark)) == mark).limit(1)
        for one in SEALED
    )
    return any(tx.execute(query).first() is not None for query in queries)


def opens(tx: Connection, vault: Vault) -> bool | None:
    """Whether the vault opens what is sealed, told by one value of each column; `None` where
    nothing is sealed yet."""
    verdict = None
    for sealed in SEALED:
        found = select(sealed.table).where(sealed.column.is_not(None)).limit(1)
        for row in tx.execute(found):
            try:
                vault.open(getattr(row, sealed.column.name), sealed.owner(row))
            except SealBroken:
                return False
            verdict = True
    return verdict
