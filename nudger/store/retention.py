"""What is kept for a time only, and removing it in batches that hold no lock for long."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, delete, func, select, update

from nudger.domain.mails import UNSENT
from nudger.store import calendars, tables

BATCH = 200
STORED = "stored"
KEEP_OCCURRENCES = timedelta(days=60)
KEEP_RETIRED = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Limits:
    """What is older than these moments goes."""

    raw_mails: datetime
    meetings: datetime
    occurrences: datetime
    audit: datetime
    retired_tokens: datetime
    sign_ins: datetime
    sessions: datetime


@dataclass(frozen=True, slots=True)
class Expiry:
    """Rows of one table that go when they are over, or what of them goes."""

    name: str
    table: Table
    is_over: Callable[[Limits], ColumnElement[bool]]
    remove: Callable[[Connection, Collection[Any]], object]

    @property
    def key(self) -> Any:
        return next(iter(self.table.primary_key.columns))

    def count(self, tx: Connection, limits: Limits) -> int:
        found = select(func.count()).select_from(self.table).where(self.is_over(limits))
        return tx.scalar(found) or 0

    def find_batch(self, tx: Connection, limits: Limits) -> list[Any]:
        """The keys of rows to remove; fewer than a batch are the last. Looking for them may take
        longer than removing them, and nobody else waits for a transaction that only reads."""
        found = select(self.key).where(self.is_over(limits)).order_by(self.key).limit(BATCH)
        return list(tx.scalars(found))

    def remove_batch(self, tx: Connection, limits: Limits, keys: Sequence[Any]) -> None:
        """Remove those of the rows that are still over: a call may have been moved since."""
        over = select(self.key).where(self.key.in_(keys), self.is_over(limits))
        still = list(tx.scalars(over))
        if still:
            self.remove(tx, still)


def remove_meetings(tx: Connection, meeting_ids: Collection[int]) -> None:
    """Remove meetings, what was answered about them, and the mails that are about no other."""
    links, mail = tables.mail_meeting.c, tables.mail.c
    other = tables.mail_meeting.alias()
    of_others = (other.c.mail_id == links.mail_id) & other.c.meeting_id.not_in(meeting_ids)
    about_others = select(other.c.mail_id).where(of_others).exists()
    about_them = select(links.mail_id).where(links.meeting_id.in_(meeting_ids), ~about_others)
    ours = [f"{kind}:{one}" for one in meeting_ids for kind in ("question", "follow_up")]
    tx.execute(delete(tables.mail).where(mail.id.in_(about_them)))
    tx.execute(delete(tables.mail).where(mail.once.in_(ours)))
    tx.execute(delete(tables.meeting).where(tables.meeting.c.id.in_(meeting_ids)))


def _old_meetings(limits: Limits) -> ColumnElement[bool]:
    return tables.meeting.c.end_at < limits.meetings


def _old_mails(limits: Limits) -> ColumnElement[bool]:
    """Those that are about no meeting, or about none that is kept."""
    columns, links = tables.mail.c, tables.mail_meeting.c
    about_something = select(links.mail_id).where(links.mail_id == columns.id).exists()
    return (columns.due_at < limits.meetings) & columns.state.not_in(UNSENT) & ~about_something


def _dealt_with(before: datetime) -> ColumnElement[bool]:
    columns = tables.inbound.c
    return (columns.received_at < before) & (columns.state != STORED)


def _old_series(limits: Limits) -> ColumnElement[bool]:
    """Those of which no date is known any more and that no other goes on from."""
    columns, later = tables.series.c, tables.series.alias()
    dates = tables.occurrence.c.series_id == columns.series_id
    has_dates = select(tables.occurrence.c.id).where(dates).exists()
    is_followed = select(later.c.series_id).where(later.c.follows == columns.series_id).exists()
    is_old = func.coalesce(columns.chosen_at, columns.counted_from) < limits.meetings
    return is_old & (columns.counted_from < limits.meetings) & ~has_dates & ~is_followed


def _remove_rows(table: Table) -> Callable[[Connection, Collection[Any]], object]:
    key = next(iter(table.primary_key.columns))
    return lambda tx, keys: tx.execute(delete(table).where(key.in_(keys)))


def _drop_raw(tx: Connection, ids: Collection[int]) -> None:
    tx.execute(update(tables.inbound).where(tables.inbound.c.id.in_(ids)).values(raw=None))


def _words_dealt_with(before: datetime) -> ColumnElement[bool]:
    columns = tables.chat_word.c
    return (columns.received_at < before) & (columns.state != STORED)


def _drop_words(tx: Connection, ids: Collection[int]) -> None:
    words = tables.chat_word
    tx.execute(update(words).where(words.c.id.in_(ids)).values(content=None))


EXPIRIES = (
    Expiry(
        "raw_mails",
        tables.inbound,
        lambda limits: _dealt_with(limits.raw_mails) & tables.inbound.c.raw.is_not(None),
        _drop_raw,
    ),
    Expiry(
        "occurrences",
        tables.occurrence,
        lambda limits: calendars.is_forgettable(limits.occurrences),
        _remove_rows(tables.occurrence),
    ),
    Expiry("meetings", tables.meeting, _old_meetings, remove_meetings),
    Expiry("mails", tables.mail, _old_mails, _remove_rows(tables.mail)),
    Expiry(
        "replies",
        tables.inbound,
        lambda limits: _dealt_with(limits.meetings),
        _remove_rows(tables.inbound),
    ),
    Expiry(
        "chat_contents",
        tables.chat_word,
        lambda limits: (
            _words_dealt_with(limits.raw_mails) & tables.chat_word.c.content.is_not(None)
        ),
        _drop_words,
    ),
    Expiry(
        "chat_words",
        tables.chat_word,
        lambda limits: _words_dealt_with(limits.meetings),
        _remove_rows(tables.chat_word),
    ),
    Expiry(
        "channel_days",
        tables.channel_day,
        lambda limits: tables.channel_day.c.due_at < limits.meetings,
        _remove_rows(tables.channel_day),
    ),
    Expiry("series", tables.series, _old_series, _remove_rows(tables.series)),
    Expiry(
        "retired_tokens",
        tables.retired_token,
        lambda limits: tables.retired_token.c.retired_at < limits.retired_tokens,
        _remove_rows(tables.retired_token),
    ),
    Expiry(
        "sign_ins",
        tables.sign_in,
        lambda limits: tables.sign_in.c.asked_at < limits.sign_ins,
        _remove_rows(tables.sign_in),
    ),
    Expiry(
        "sessions",
        tables.web_session,
        lambda limits: tables.web_session.c.seen_at < limits.sessions,
        _remove_rows(tables.web_session),
    ),
    Expiry(
        "admin_codes",
        tables.admin_code,
        lambda limits: tables.admin_code.c.made_at < limits.sign_ins,
        _remove_rows(tables.admin_code),
    ),
    Expiry(
        "admin_sessions",
        tables.admin_session,
        lambda limits: tables.admin_session.c.seen_at < limits.sessions,
        _remove_rows(tables.admin_session),
    ),
)
