"""What is due and free, step by step, and what is in hand: for whoever hands it out by its key.

The order is that of importance: what goes out, what came in, what is written down, and calendars
last, so that a flood of them keeps no question waiting.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, true

from nudger.domain.controls import Activity
from nudger.domain.event import Provider
from nudger.domain.mails import MailKind
from nudger.domain.turns import Course
from nudger.jobs.ask import NOT_OF_OTHERS
from nudger.jobs.outgoing.batching import batch_due_mails
from nudger.runtime.context import Context
from nudger.runtime.courses import calendar_course, mailbox_course
from nudger.runtime.holds import is_held
from nudger.store import people, tables
from nudger.store.answers import NoteState, notes_to_write
from nudger.store.calendars import due_calendars
from nudger.store.inbox import InboundState, due_inbound
from nudger.store.leases import Claimant, in_hand, in_order
from nudger.store.outbox import due_kinds
from nudger.store.people import Rep
from nudger.store.written_out import is_one_of, is_unsent

MOST = 200
"""Of each kind at a time: more than both providers have places for, and read in a moment."""

Rows = Sequence[Row[Any]]
Courses = Callable[[Context, Connection, Rows], Iterator[Course]]


@dataclass(frozen=True, slots=True)
class Piece:
    """A row of work: of which `queue`, and its key. `fence` grows with each claim; `owner` is who
    has it in hand."""

    queue: str
    key: int | str
    fence: int
    course: Course
    owner: str | None = None


@dataclass(frozen=True, slots=True)
class _Queue:
    name: str
    table: Table
    waits: ColumnElement[bool]
    courses: Courses


def pieces_due(ctx: Context) -> list[Piece]:
    """What may be claimed now, what is most urgent first. What is due for the same rep is put
    together before."""
    with ctx.database.begin() as tx:
        batch_due_mails(ctx, tx)
    with ctx.database.read() as tx:
        now, claimant = ctx.clock(), ctx.claimant()
        due = _due(tx, claimant, now)
        return [
            piece
            for queue in _QUEUES
            if queue.name in due
            for piece in _pieces(
                ctx, tx, queue, in_order(tx, queue.table, due[queue.name], claimant, MOST)
            )
        ]


def pieces_in_hand(ctx: Context) -> list[Piece]:
    """What workers have claimed and not given back."""
    with ctx.database.read() as tx:
        return [
            piece
            for queue in _QUEUES
            for piece in _pieces(
                ctx, tx, queue, in_hand(tx, queue.table, queue.waits, ctx.claimant())
            )
        ]


def _due(tx: Connection, claimant: Claimant, now: datetime) -> Mapping[str, ColumnElement[bool]]:
    """What each queue takes; one that an admin holds is left out. Managers' mails tell of all
    others, and go after them."""
    others = due_kinds(claimant, NOT_OF_OTHERS)
    has_others = bool(in_order(tx, tables.mail, others, claimant, 1))
    due = {
        "send": others if has_others else due_kinds(claimant, (MailKind.MANAGER_WEEKLY,)),
        "listen": claimant.is_due(tables.mailbox),
        "scan": due_calendars(claimant, now),
    }
    if not is_held(tx, Activity.OBEY_REPLIES):
        due["understand"] = due_inbound(claimant)
    if not is_held(tx, Activity.WRITE):
        due["write"] = notes_to_write(claimant)
    return due


def _pieces(ctx: Context, tx: Connection, queue: _Queue, rows: Rows) -> Iterator[Piece]:
    if not rows:
        return
    key = next(iter(queue.table.primary_key.columns)).name
    for row, course in zip(rows, queue.courses(ctx, tx, rows), strict=True):
        yield Piece(queue.name, getattr(row, key), row.fence, course, row.lease_owner)


def _of_mails(ctx: Context, tx: Connection, rows: Rows) -> Iterator[Course]:
    reps = people.with_ids(tx, {row.rep_id for row in rows})
    for row in rows:
        line = ("send", row.recipient or row.rep_id)
        yield mailbox_course(ctx, line, reps.get(row.rep_id))


def _of_mailboxes(_ctx: Context, _tx: Connection, rows: Rows) -> Iterator[Course]:
    for row in rows:
        yield Course(("listen", row.address), Provider(row.provider), row.address)


def _of_inbound(_ctx: Context, _tx: Connection, rows: Rows) -> Iterator[Course]:
    for row in rows:
        yield Course(("understand", row.mailbox))


def _of_notes(_ctx: Context, tx: Connection, rows: Rows) -> Iterator[Course]:
    reps = people.asked_about(tx, [row.meeting_id for row in rows])
    for row in rows:
        yield _in_calendar("write", row.meeting_id, reps.get(row.meeting_id))


def _of_calendars(_ctx: Context, tx: Connection, rows: Rows) -> Iterator[Course]:
    reps = people.with_ids(tx, {row.rep_id for row in rows})
    for row in rows:
        yield _in_calendar("scan", row.rep_id, reps.get(row.rep_id))


def _in_calendar(step: str, key: int, rep: Rep | None) -> Course:
    return Course((step, key)) if rep is None else calendar_course(step, rep)


_QUEUES = (
    _Queue("listen", tables.mailbox, true(), _of_mailboxes),
    _Queue("send", tables.mail, is_unsent(tables.mail), _of_mails),
    _Queue(
        "understand",
        tables.inbound,
        is_one_of(tables.inbound.c.state, [InboundState.STORED]),
        _of_inbound,
    ),
    _Queue("write", tables.note, is_one_of(tables.note.c.state, [NoteState.DUE]), _of_notes),
    _Queue("scan", tables.calendar, true(), _of_calendars),
)
QUEUES = tuple(queue.name for queue in _QUEUES)
"""The kinds of work, in the order of their urgency; each has a queue of its own."""
