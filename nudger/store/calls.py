"""Customer calls as they are listed and exported: which ones, and when each changed last."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Row, Select, func, select, union_all

from nudger.domain.commitment import MeetingState
from nudger.domain.mails import MailKind, MailState
from nudger.store import tables
from nudger.store.chunks import chunks

_CHANGES = (
    (tables.answer.c.meeting_id, tables.answer.c.given_at),
    (tables.outcome.c.meeting_id, tables.outcome.c.given_at),
    (tables.note.c.meeting_id, tables.note.c.written_at),
)
"""What changes of a call beside its own row, and when that was."""


def between(
    tx: Connection, since: datetime, until: datetime, rep_id: int | None = None
) -> list[int]:
    """The ids of the meetings that begin in [since, until), in that order; all reps' or one's."""
    meeting = tables.meeting.c
    found = select(meeting.id).where((meeting.start_at >= since) & (meeting.start_at < until))
    if rep_id is not None:
        found = found.where(meeting.rep_id == rep_id)
    return list(tx.scalars(found.order_by(meeting.start_at, meeting.id)))


@dataclass(frozen=True, slots=True)
class Key:
    """Where a call stands in the order of all: by its start, then by its id."""

    start: datetime
    id: int


@dataclass(frozen=True, slots=True)
class Spot:
    """A stretch of that order: what comes after a key, or before one, the nearest first; without
    either all from the beginning on. `since` is included, `until` is not."""

    after: Key | None = None
    before: Key | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """What a list of calls is filtered by, without opening what is sealed."""

    key: Key
    rep_id: int
    state: MeetingState
    reason: str
    customers: tuple[str, ...]


def near(
    tx: Connection, spot: Spot, most: int, *, rep_id: int | None, states: Collection[MeetingState]
) -> list[Listed]:
    """As many calls of the stretch as `most`: one rep's in whatever state, or anybody's in these
    states. However many there are, an index leads to them."""
    meeting = tables.meeting.c
    if rep_id is None:
        each = [_stretch(spot, most, meeting.state == state.value) for state in states]
        found = union_all(*(select(one.subquery()) for one in each)).subquery()
    else:
        found = _stretch(spot, most, meeting.rep_id == rep_id).subquery()
    start, key = found.c.start_at, found.c.id
    order = (start, key) if spot.before is None else (start.desc(), key.desc())
    return [_listed(row) for row in tx.execute(select(found).order_by(*order).limit(most))]


def _stretch(spot: Spot, most: int, whose: ColumnElement[bool]) -> Select[Any]:
    meeting = tables.meeting.c
    start, key = meeting.start_at, meeting.id
    found = select(key, start, meeting.rep_id, meeting.state, meeting.reason, meeting.customers)
    found = found.where(whose).limit(most)
    if spot.since is not None:
        found = found.where(start >= spot.since)
    if spot.until is not None:
        found = found.where(start < spot.until)
    if spot.before is not None:
        at, one = spot.before.start, spot.before.id
        found = found.where(start <= at, (start < at) | (key < one))
        return found.order_by(start.desc(), key.desc())
    if spot.after is not None:
        at, one = spot.after.start, spot.after.id
        found = found.where(start >= at, (start > at) | (key > one))
    return found.order_by(start, key)


def _listed(row: Row[Any]) -> Listed:
    key = Key(row.start_at, row.id)
    return Listed(key, row.rep_id, MeetingState(row.state), row.reason, tuple(row.customers))


def changed_since(tx: Connection, moment: datetime) -> dict[int, datetime]:
    """When each meeting changed last (its plan, its state, an answer, its outcome, its note), of
    those that did after `moment`; by their ids."""
    meeting = tables.meeting.c
    last = dict(
        _rows(tx, select(meeting.id, meeting.updated_at).where(meeting.updated_at > moment))
    )
    for of, at in _CHANGES:
        found = select(of, func.max(at)).where(at > moment).group_by(of)
        for meeting_id, changed in _rows(tx, found):
            last[meeting_id] = max(changed, last.get(meeting_id, changed))
    return last


@dataclass(frozen=True, slots=True)
class Times:
    """When a call changed last, was first asked about, last answered, and its note written; `None`
    where not. `note` is where the note stands or is to stand."""

    changed_at: datetime
    asked_at: datetime | None = None
    answered_at: datetime | None = None
    note: str | None = None
    written_at: datetime | None = None


def times_of(tx: Connection, meeting_ids: Collection[int]) -> dict[int, Times]:
    """The times of each of the meetings."""
    found: dict[int, Times] = {}
    for chunk in chunks(meeting_ids):
        asked, notes = _asked(tx, chunk), _notes(tx, chunk)
        answered, changed = _latest(tx, tables.answer.c.given_at, chunk), _changed(tx, chunk)
        for one in chunk:
            place, written_at = notes.get(one, (None, None))
            found[one] = Times(changed[one], asked.get(one), answered.get(one), place, written_at)
    return found


def _changed(tx: Connection, chunk: list[int]) -> dict[int, datetime]:
    meeting = tables.meeting.c
    last = dict(_rows(tx, select(meeting.id, meeting.updated_at).where(meeting.id.in_(chunk))))
    for _, at in _CHANGES:
        for one, changed in _latest(tx, at, chunk).items():
            last[one] = max(changed, last[one])
    return last


def _latest(tx: Connection, at: Column[datetime], chunk: list[int]) -> dict[int, datetime]:
    """The latest such moment of each meeting that has one."""
    of = at.table.c.meeting_id
    return dict(
        _rows(tx, select(of, func.max(at)).where(of.in_(chunk), at.is_not(None)).group_by(of))
    )


def _rows(tx: Connection, found: Select[Any]) -> list[tuple[int, datetime]]:
    return [(meeting_id, at) for meeting_id, at in tx.execute(found)]


def _asked(tx: Connection, chunk: list[int]) -> dict[int, datetime]:
    links, mail = tables.mail_meeting.c, tables.mail.c
    is_question = (mail.kind == MailKind.QUESTION.value) & (mail.state == MailState.SENT.value)
    return dict(
        _rows(
            tx,
            select(links.meeting_id, func.min(mail.sent_at))
            .join(tables.mail, mail.id == links.mail_id)
            .where(links.meeting_id.in_(chunk) & is_question & mail.sent_at.is_not(None))
            .group_by(links.meeting_id),
        )
    )


def _notes(tx: Connection, chunk: list[int]) -> dict[int, tuple[str, datetime | None]]:
    note = tables.note.c
    rows = tx.execute(
        select(note.meeting_id, note.place, note.written_at).where(note.meeting_id.in_(chunk))
    )
    return {row.meeting_id: (row.place, row.written_at) for row in rows}
