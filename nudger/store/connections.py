"""What we are connected to, and how each connection was when it was last used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, case, func, select

from nudger.domain.availability import RepState
from nudger.store import tables


@dataclass(frozen=True, slots=True)
class Connected:
    """All calendars at one provider, or one mailbox: how many there are, when one was last read,
    how many failed the last time, and how many a rep has to connect again. `error` is what one that
    failed said."""

    name: str
    count: int
    read_at: datetime | None
    failing: int = 0
    to_reconnect: int = 0
    error: str | None = None


def list_connections(tx: Connection) -> list[Connected]:
    return [*_calendars(tx), *_mailboxes(tx)]


def _calendars(tx: Connection) -> list[Connected]:
    rep, calendar = tables.rep.c, tables.calendar.c
    failed = func.sum(case((calendar.last_error.is_not(None), 1), else_=0))
    gone = func.sum(case((rep.state == RepState.RECONNECT.value, 1), else_=0))
    rows = tx.execute(
        select(
            rep.provider, func.count(), func.max(calendar.scanned_at), failed, gone,
            func.min(calendar.last_error),
        )
        .join(tables.calendar, calendar.rep_id == rep.id)
        .group_by(rep.provider)
        .order_by(rep.provider)
    )  # fmt: skip
    return [Connected(f"Calendars at {provider.title()}", *rest) for provider, *rest in rows]


def _mailboxes(tx: Connection) -> list[Connected]:
    columns = tables.mailbox.c
    rows = tx.execute(
        select(columns.address, columns.listened_at, columns.last_error).order_by(columns.address)
    )
    return [
        Connected(f"Mailbox {address}", 1, at, int(error is not None), 0, error)
        for address, at, error in rows
    ]


@dataclass(frozen=True, slots=True)
class OwnCalendar:
    """When one rep's calendar was read last, and what the last try said where it failed."""

    read_at: datetime | None
    error: str | None


def own_calendars(tx: Connection) -> dict[int, OwnCalendar]:
    """Each rep's calendar, by the rep's id."""
    columns = tables.calendar.c
    rows = tx.execute(select(columns.rep_id, columns.scanned_at, columns.last_error))
    return {rep_id: OwnCalendar(at, error) for rep_id, at, error in rows}
