"""How many rows stand where: for status and reports."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Column, Connection, func, select

from nudger.domain.mails import UNSENT
from nudger.store import tables


def mails_by_state(tx: Connection) -> Mapping[str, int]:
    return _by(tx, tables.mail.c.state)


def notes_by_state(tx: Connection) -> Mapping[str, int]:
    return _by(tx, tables.note.c.state)


def replies_by_state(tx: Connection) -> Mapping[str, int]:
    return _by(tx, tables.inbound.c.state)


def _by(tx: Connection, column: Column[str]) -> Mapping[str, int]:
    rows = tx.execute(select(column, func.count()).group_by(column).order_by(column))
    return {value: count for value, count in rows}  # noqa: C416 - rows are not tuples


def last_scan(tx: Connection) -> datetime | None:
    latest: datetime | None = tx.scalar(select(func.max(tables.calendar.c.scanned_at)))
    return latest


def next_due(tx: Connection) -> datetime | None:
    """When the next mail is due."""
    columns = tables.mail.c
    soonest = select(func.min(columns.due_at)).where(columns.state.in_(UNSENT))
    found: datetime | None = tx.scalar(soonest)
    return found


def failures(tx: Connection) -> list[dict[str, str]]:
    """What was put off because of an error: `what` and `error`."""
    calendar, rep, mailbox = tables.calendar, tables.rep, tables.mailbox
    found: list[dict[str, str]] = []
    rows = tx.execute(
        select(rep.c.email, calendar.c.last_error)
        .join(rep, rep.c.id == calendar.c.rep_id)
        .where(calendar.c.last_error.is_not(None))
    )
    found += [{"what": f"calendar of {email}", "error": error} for email, error in rows]
    rows = tx.execute(
        select(mailbox.c.address, mailbox.c.last_error).where(mailbox.c.last_error.is_not(None))
    )
    found += [{"what": f"mailbox {address}", "error": error} for address, error in rows]
    for table, name in ((tables.mail, "mail"), (tables.note, "note of meeting"),
                        (tables.inbound, "reply")):  # fmt: skip
        key = next(iter(table.primary_key.columns))
        rows = tx.execute(select(key, table.c.last_error).where(table.c.last_error.is_not(None)))
        found += [{"what": f"{name} {number}", "error": error} for number, error in rows]
    return found
