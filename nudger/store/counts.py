"""How many rows stand where: for status and reports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Table,
    func,
    literal,
    select,
    true,
    union_all,
)

from nudger.domain.availability import RepState
from nudger.domain.mails import UNSENT, MailState
from nudger.domain.notices import DeliveryState
from nudger.domain.reasons import Reason, reason_of
from nudger.store import tables
from nudger.store.answers import NoteState
from nudger.store.inbox import InboundState
from nudger.store.written_out import is_one_of, is_unsent


def mails_by_state(tx: Connection, since: datetime | None = None) -> Mapping[str, int]:
    """Of those that are or were due since then; of all without it."""
    return _by_state(tx, tables.mail, MailState, since)


def notes_by_state(tx: Connection, since: datetime | None = None) -> Mapping[str, int]:
    """The same."""
    return _by_state(tx, tables.note, NoteState, since)


def replies_by_state(tx: Connection, since: datetime | None = None) -> Mapping[str, int]:
    """The same."""
    return _by_state(tx, tables.inbound, InboundState, since)


def _by_state(
    tx: Connection, table: Table, states: type[StrEnum], since: datetime | None
) -> Mapping[str, int]:
    columns = table.c
    if since is None:
        return _by(tx, columns.state)
    return since_by_state(tx, columns.state, states, columns.due_at >= since)


def since_by_state(
    tx: Connection, column: Column[str], states: Iterable[str], which: ColumnElement[bool]
) -> dict[str, int]:
    """How many there are of each state, those of which there are some: each counted by itself, as
    an index by state and moment has them, so that what came before is not read."""
    each = [
        select(literal(str(one)).label("state"), func.count().label("count")).where(
            column == str(one), which
        )
        for one in states
    ]
    rows = tx.execute(union_all(*each)).all()
    return {row.state: row[1] for row in sorted(rows, key=lambda row: row.state) if row[1]}


def _by(tx: Connection, column: Column[str]) -> Mapping[str, int]:
    rows = tx.execute(select(column, func.count()).group_by(column).order_by(column))
    return {value: count for value, count in rows}  # noqa: C416 - rows are not tuples


def last_scan(tx: Connection) -> datetime | None:
    latest: datetime | None = tx.scalar(select(func.max(tables.calendar.c.scanned_at)))
    return latest


def scanned_by_provider(tx: Connection) -> dict[str, datetime]:
    """When a calendar was last read at each provider, or since when one should have been; reps who
    have to connect again are left out."""
    rep, calendar = tables.rep.c, tables.calendar.c
    latest = func.max(func.coalesce(calendar.scanned_at, rep.added_at))
    rows = tx.execute(
        select(rep.provider, latest)
        .join(tables.calendar, calendar.rep_id == rep.id)
        .where(rep.state != RepState.RECONNECT.value)
        .group_by(rep.provider)
    )
    return {provider: at for provider, at in rows}  # noqa: C416 - rows are not tuples


def to_reconnect(tx: Connection) -> int:
    """How many reps have to connect their account again."""
    held = tables.rep.c.state == RepState.RECONNECT.value
    return _count(tx, tables.rep, held)


def want_to_be_forgotten(tx: Connection) -> int:
    """How many reps asked for it on their page."""
    asked = tables.rep.c.state_reason == Reason.ASKED_TO_BE_FORGOTTEN.value
    return _count(tx, tables.rep, asked)


def failing_notes(tx: Connection, besides: str) -> int:
    """How many notes wait after an error, apart from errors that begin with these words."""
    columns = tables.note.c
    refused = columns.last_error.is_not(None) & ~columns.last_error.startswith(besides)
    return _count(tx, tables.note, is_one_of(columns.state, [NoteState.DUE]) & refused)


def set_aside_since(tx: Connection, moment: datetime) -> int:
    """How much since then nobody will try again: replies that could not be read, mails of ours that
    failed or of which nobody can say whether they went out, and notes that failed."""
    inbound, mail, note = tables.inbound.c, tables.mail.c, tables.note.c
    unread = (inbound.state == InboundState.UNREADABLE.value) & (inbound.received_at >= moment)
    unsent = mail.state.in_((MailState.IN_DOUBT.value, MailState.FAILED.value))
    unwritten = (note.state == NoteState.FAILED.value) & (note.due_at >= moment)
    unwritten &= note.reason == Reason.FAILED_THRICE.value
    return (
        _count(tx, tables.inbound, unread)
        + _count(tx, tables.mail, unsent & (mail.due_at >= moment))
        + _count(tx, tables.note, unwritten)
    )


def _count(tx: Connection, table: Table, which: ColumnElement[bool]) -> int:
    return tx.scalar(select(func.count()).select_from(table).where(which)) or 0


@dataclass(frozen=True, slots=True)
class Queue:
    """Work of one kind: how much is due, since when the oldest, how much waits after an error."""

    due: int
    oldest: datetime | None
    failing: int


def queues(tx: Connection, now: datetime) -> dict[str, Queue]:
    """What waits to be done, by the kind of work."""
    waits = {
        tables.calendar: true(),
        tables.mailbox: true(),
        tables.inbound: is_one_of(tables.inbound.c.state, [InboundState.STORED]),
        tables.note: is_one_of(tables.note.c.state, [NoteState.DUE]),
        tables.mail: is_unsent(tables.mail),
        tables.delivery: is_one_of(tables.delivery.c.state, [DeliveryState.DUE]),
    }
    return {table.name: _queue(tx, table, which, now) for table, which in waits.items()}


def _queue(tx: Connection, table: Table, which: ColumnElement[bool], now: datetime) -> Queue:
    due = which & (table.c.due_at <= now)
    oldest = tx.scalar(select(func.min(table.c.due_at)).where(due))
    failing = which & table.c.last_error.is_not(None)
    return Queue(_count(tx, table, due), oldest, _count(tx, table, failing))


def mails_by_kind(tx: Connection) -> Mapping[tuple[str, ...], int]:
    """By kind and state."""
    kind, state = tables.mail.c.kind, tables.mail.c.state
    rows = tx.execute(select(kind, state, func.count()).group_by(kind, state))
    return {(kind, state): count for kind, state, count in rows}


def reps_by_state(tx: Connection) -> Mapping[str, int]:
    return _by(tx, tables.rep.c.state)


def outcomes_by_kind(tx: Connection) -> Mapping[str, int]:
    return _by(tx, tables.outcome.c.outcome)


def answers(tx: Connection) -> int:
    """How many there are, each revision of its own."""
    return _count(tx, tables.answer, true())


def next_due(tx: Connection) -> datetime | None:
    """When the next mail is due."""
    columns = tables.mail.c
    soonest = select(func.min(columns.due_at)).where(is_unsent(tables.mail))
    found: datetime | None = tx.scalar(soonest)
    return found


def failures(tx: Connection) -> list[dict[str, str]]:
    """What was put off because of an error and still waits: `what` and `error`."""
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
    failing = tables.receiver.c.failures > 0
    rows = tx.execute(select(tables.receiver.c.name, tables.receiver.c.reason).where(failing))
    found += [{"what": f"telling {name}", "error": reason_of(why).words} for name, why in rows]
    watch = tables.push_watch
    rows = tx.execute(
        select(func.coalesce(rep.c.email, watch.c.mailbox), watch.c.last_error)
        .join(rep, rep.c.id == watch.c.rep_id, isouter=True)
        .where(watch.c.last_error.is_not(None))
    )
    found += [{"what": f"push for {address}", "error": error} for address, error in rows]
    for table, name in ((tables.mail, "mail"), (tables.note, "note of meeting"),
                        (tables.inbound, "reply")):  # fmt: skip
        key = next(iter(table.primary_key.columns))
        failed = select(key, table.c.last_error).where(table.c.last_error.is_not(None))
        if table is tables.mail:
            failed = failed.where(table.c.state.in_((*UNSENT, MailState.FAILED)))
        rows = tx.execute(failed)
        found += [{"what": f"{name} {number}", "error": error} for number, error in rows]
    return found
