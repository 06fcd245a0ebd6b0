"""Hints that a calendar or a mailbox changed. They are counted in its row, since one that comes
while it is read may tell of what came after: the reading takes away those it began with.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Table,
    Update,
    and_,
    bindparam,
    case,
    select,
    text,
    update,
)

from nudger.domain.push import soonest_reading
from nudger.store import tables
from nudger.store.chunks import chunks
from nudger.store.leases import Lease, change_by, of_claimed


def hint_calendars(tx: Connection, rep_ids: Collection[int], now: datetime) -> int:
    """Have these reps' calendars read soon; returns how many were not about to be anyway."""
    return _hint(tx, tables.calendar, tables.calendar.c.scanned_at, rep_ids, now)


def hint_mailboxes(tx: Connection, addresses: Collection[str], now: datetime) -> int:
    """The same for mailboxes."""
    return _hint(tx, tables.mailbox, tables.mailbox.c.listened_at, addresses, now)


def _hint(
    tx: Connection, table: Table, read_at: Column[Any], keys: Collection[Any], now: datetime
) -> int:
    """What is put off because it failed stays put off: the next try reads all that came."""
    columns, key, hinted = table.c, next(iter(table.primary_key.columns)), 0
    for chunk in chunks(keys):
        found = select(key, read_at, columns.due_at, columns.hints, columns.attempts)
        for row in tx.execute(found.where(key.in_(chunk)).with_for_update()).all():
            soonest = soonest_reading(now, row[1])
            in_hand_or_failed = row.attempts > 0
            if row.hints and row.due_at <= soonest and not in_hand_or_failed:
                continue
            due_at = row.due_at if in_hand_or_failed else min(row.due_at, soonest)
            values = {"hints": columns.hints + 1, "due_at": due_at}
            tx.execute(update(table).where(key == row[0]).values(values))
            hinted += 1
    return hinted


def release_read(
    tx: Connection, lease: Lease, hints: int, began: datetime, due_at: datetime, **values: Any
) -> None:
    """Give back what was read since `began`, claimed with that many hints; where more came
    meanwhile, it is due as soon as hints may have it read. Raises `LeaseLost`."""
    soon = min(due_at, soonest_reading(began, began))
    read = {"hints_then": hints, "due_soon": soon, "due_then": due_at}
    named = {f"new_{name}": value for name, value in values.items()}
    change_by(tx, lease, _giving_back(lease.table, tuple(values)), read | named)


@cache
def _giving_back(table: Table, names: tuple[str, ...]) -> Update:
    """With other values for these columns; nothing has failed."""
    columns, moment = table.c, table.c.due_at.type
    hints: Any = bindparam("hints_then")
    soon, then = bindparam("due_soon", type_=moment), bindparam("due_then", type_=moment)
    return of_claimed(table).values(
        hints=columns.hints - hints,
        due_at=case((columns.hints > hints, soon), else_=then),
        lease_owner=None,
        lease_until=None,
        attempts=0,
        last_error=None,
        **{name: bindparam(f"new_{name}") for name in names},
    )


def what_is_due(tx: Connection, now: datetime) -> set[str]:
    """Which of "calendar" and "mailbox" a hint wants read now, where nobody reads."""
    return {table.name for table in (tables.calendar, tables.mailbox) if _is_due(tx, table, now)}


def _is_due(tx: Connection, table: Table, now: datetime) -> bool:
    columns = table.c
    waits = and_(text("hints > 0"), columns.due_at <= now, columns.attempts == 0)
    return tx.execute(select(columns.due_at).where(waits).limit(1)).first() is not None
