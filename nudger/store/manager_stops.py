"""Managers who want no weekly mail: they need not be reps, so that no rep's row can say it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, select

from nudger.domain.reasons import Reason, reason_of
from nudger.store import tables
from nudger.store.insert_if_absent import add_if_absent


def stop(tx: Connection, address: str, reason: Reason, now: datetime) -> bool:
    """No weekly mail to this manager from now on; false where it was so already."""
    values = {"address": address, "reason": reason.value, "stopped_at": now}
    return add_if_absent(tx, tables.manager_stop, values)


def start(tx: Connection, address: str) -> bool:
    """Have it come again; false where it was not stopped."""
    this = tables.manager_stop.c.address == address
    return tx.execute(delete(tables.manager_stop).where(this)).rowcount > 0


def why_stopped(tx: Connection, address: str) -> Reason | None:
    """`None` for a manager who gets the weekly mail."""
    columns = tables.manager_stop.c
    found = tx.scalar(select(columns.reason).where(columns.address == address))
    return None if found is None else reason_of(found)


def all_stopped(tx: Connection) -> Mapping[str, Reason]:
    """Why, by the manager's address."""
    columns = tables.manager_stop.c
    return {
        address: reason_of(reason)
        for address, reason in tx.execute(select(columns.address, columns.reason))
    }
