"""The calendars that are scanned: how far we read, and what we saw of each occurrence."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, func, select, update

from nudger.domain.availability import RepState
from nudger.store import series, tables
from nudger.store.chunks import chunks
from nudger.store.leases import Claimant, Lease, claim
from nudger.store.many_rows import add_rows


@dataclass(frozen=True, slots=True)
class ClaimedCalendar:
    """A calendar to scan now. `cursor` is `None` before the first full reading; `is_new` says that
    no reading was ever begun, so that nothing is known of it; `scanned_at` when the last reading
    that was finished began; `hints` how often we were told since that it changed."""

    lease: Lease
    rep_id: int
    cursor: str | None
    window_end: datetime | None
    rules_version: str | None
    attempts: int
    is_new: bool = False
    scanned_at: datetime | None = None
    hints: int = 0


@dataclass(frozen=True, slots=True)
class Seen:
    """What is kept of one occurrence in one rep's calendar; without an `etag` it is gone.

    `original_start` is `None` for an event that does not recur. `outsiders` are the outside domains
    that come to what is not asked about, where that is because of who comes.
    """

    event_id: str
    series_id: str
    etag: str
    start_at: datetime
    verdict: str
    reason: str
    meeting_id: int | None
    original_start: datetime | None = None
    outsiders: tuple[str, ...] = ()


def claim_calendars(
    tx: Connection,
    claimant: Claimant,
    limit: int,
    due_by: datetime,
    at_once: Collection[int] | None = None,
    only: int | None = None,
) -> list[ClaimedCalendar]:
    """Claim calendars that were due by then, or `only` this rep's if it was; `at_once` names reps
    whose calendars are taken anyway."""
    if at_once is None:
        due = due_calendars(claimant, due_by)
    else:
        due = tables.calendar.c.rep_id.in_(at_once) & _of_active()
    return [
        ClaimedCalendar(
            lease,
            row.rep_id,
            row.cursor,
            row.window_end,
            row.rules_version,
            row.attempts,
            is_new=row.fence == 1,
            scanned_at=row.scanned_at,
            hints=row.hints,
        )
        for lease, row in claim(tx, tables.calendar, due, claimant, limit, only)
    ]


def due_calendars(claimant: Claimant, by: datetime) -> ColumnElement[bool]:
    """Whether a calendar was to be read by then."""
    return claimant.is_due(tables.calendar, by) & _of_active()


def _of_active() -> ColumnElement[bool]:
    active = select(tables.rep.c.id).where(tables.rep.c.state != RepState.RECONNECT.value)
    return tables.calendar.c.rep_id.in_(active)


def etags(tx: Connection, rep_id: int) -> dict[str, str]:
    """Event id -> etag of all that is known of this calendar."""
    columns = tables.occurrence.c
    rows = tx.execute(select(columns.event_id, columns.etag).where(columns.rep_id == rep_id))
    return {event_id: etag for event_id, etag in rows}  # noqa: C416 - rows are not tuples


def meetings_of(tx: Connection, rep_id: int, event_ids: Collection[str]) -> dict[str, int]:
    """Event id -> meeting id, for those of the events that were judged meetings to ask about."""
    columns = tables.occurrence.c
    found: dict[str, int] = {}
    for chunk in chunks(event_ids):
        rows = tx.execute(
            select(columns.event_id, columns.meeting_id).where(
                columns.rep_id == rep_id,
                columns.event_id.in_(chunk),
                columns.meeting_id.is_not(None),
            )
        )
        found.update({event_id: meeting_id for event_id, meeting_id in rows})  # noqa: C416
    return found


def save_seen(tx: Connection, rep_id: int, seen: Iterable[Seen]) -> None:
    """Insert or replace what is known of these occurrences."""
    rows = [
        {
            "rep_id": rep_id,
            "event_id": one.event_id,
            "series_id": one.series_id,
            "etag": one.etag,
            "start_at": one.start_at,
            "verdict": one.verdict,
            "reason": one.reason,
            "meeting_id": one.meeting_id,
            "original_start": one.original_start,
            "outsiders": list(one.outsiders) or None,
        }
        for one in seen
    ]
    add_rows(tx, tables.occurrence, rows, key=("rep_id", "event_id"))


def present(tx: Connection, rep_id: int, event_ids: Collection[str]) -> set[str]:
    """Those of the events that were seen in this calendar and are not gone."""
    columns = tables.occurrence.c
    found: set[str] = set()
    for chunk in chunks(event_ids):
        known = (columns.rep_id == rep_id) & columns.event_id.in_(chunk) & (columns.etag != "")
        found.update(tx.scalars(select(columns.event_id).where(known)))
    return found


def expand_removed(tx: Connection, rep_id: int, removed: Collection[str]) -> list[Seen]:
    """The known occurrences that a removal names, where a series' id stands for all its dates."""
    columns = tables.occurrence.c
    found: list[Seen] = []
    for chunk in chunks(removed):
        rows = tx.execute(
            select(tables.occurrence).where(
                columns.rep_id == rep_id,
                columns.event_id.in_(chunk) | columns.series_id.in_(chunk),
            )
        )
        found.extend(map(_seen, rows))
    return found


def forget_events(tx: Connection, rep_id: int, event_ids: Collection[str]) -> None:
    """Drop what is known of events that go on under other ids."""
    columns = tables.occurrence.c
    for chunk in chunks(event_ids):
        old = (columns.rep_id == rep_id) & columns.event_id.in_(chunk)
        tx.execute(delete(tables.occurrence).where(old))


def reassign(tx: Connection, meeting_id: int, to: int) -> None:
    """Have all that was one meeting be another."""
    mine = tables.occurrence.c.meeting_id == meeting_id
    tx.execute(update(tables.occurrence).where(mine).values(meeting_id=to))


def mark_removed(tx: Connection, rep_id: int, event_ids: Collection[str], reason: str) -> None:
    """The occurrences are gone from this calendar; the rows stay to explain why."""
    columns = tables.occurrence.c
    for chunk in chunks(event_ids):
        tx.execute(
            update(tables.occurrence)
            .where(columns.rep_id == rep_id, columns.event_id.in_(chunk))
            .values(verdict="skip", reason=reason, meeting_id=None, etag="", outsiders=None)
        )


def known_between(tx: Connection, rep_id: int, start: datetime, end: datetime) -> set[str]:
    """Ids of the known occurrences that start in the window and are not gone."""
    columns = tables.occurrence.c
    rows = tx.scalars(
        select(columns.event_id).where(
            columns.rep_id == rep_id,
            columns.start_at >= start,
            columns.start_at < end,
            columns.etag != "",
        )
    )
    return set(rows)


def is_forgettable(moment: datetime) -> ColumnElement[bool]:
    """Of an occurrence: it started before `moment`, and no series counts from it any more."""
    columns, kept = tables.occurrence.c, tables.series.c
    counts_from_it = select(kept.series_id).where(
        (kept.series_id == columns.series_id) | (kept.follows == columns.series_id),
        series.is_counted(),
        kept.counted_from <= columns.original_start,
    )
    return (columns.start_at < moment) & ~counts_from_it.exists()


def find_event(tx: Connection, event_id: str) -> list[tuple[int, Seen]]:
    """What is known of an event in each rep's calendar: pairs of rep id and occurrence."""
    found = select(tables.occurrence).where(tables.occurrence.c.event_id == event_id)
    rows = tx.execute(found.order_by(tables.occurrence.c.rep_id))
    return [(row.rep_id, _seen(row)) for row in rows]


def starting_between(tx: Connection, since: datetime, until: datetime) -> list[tuple[int, Seen]]:
    """The events that begin in [since, until), in every rep's calendar: as `find_event`."""
    columns = tables.occurrence.c
    found = select(tables.occurrence).where(columns.start_at >= since, columns.start_at < until)
    rows = tx.execute(found.order_by(columns.start_at, columns.rep_id, columns.id))
    return [(row.rep_id, _seen(row)) for row in rows]


def of_meetings(tx: Connection, meeting_ids: Collection[int]) -> list[tuple[int, Seen]]:
    """The copies of the meetings in every rep's calendar: as `find_event`."""
    columns, found = tables.occurrence.c, []
    for chunk in chunks(meeting_ids):
        copies = select(tables.occurrence).where(columns.meeting_id.in_(chunk))
        rows = tx.execute(copies.order_by(columns.rep_id, columns.id))
        found += [(row.rep_id, _seen(row)) for row in rows]
    return found


def _seen(row: Row[Any]) -> Seen:
    return Seen(
        row.event_id, row.series_id, row.etag, row.start_at, row.verdict, row.reason,
        row.meeting_id, row.original_start, tuple(row.outsiders or ()),
    )  # fmt: skip


def series_of(tx: Connection, meeting_id: int) -> list[str]:
    """The series that a meeting is a date of, in each calendar that holds it."""
    columns = tables.occurrence.c
    found = select(columns.series_id).where(
        columns.meeting_id == meeting_id, columns.series_id != columns.event_id
    )
    return list(dict.fromkeys(tx.scalars(found)))


@dataclass(frozen=True, slots=True)
class Skipped:
    """An occurrence about which nothing is asked."""

    rep_id: int
    event_id: str
    reason: str


def skipped(tx: Connection) -> list[Skipped]:
    columns = tables.occurrence.c
    rows = tx.execute(
        select(columns.rep_id, columns.event_id, columns.reason)
        .where(columns.verdict == "skip")
        .order_by(columns.start_at, columns.id)
    )
    return [Skipped(rep_id, event_id, reason) for rep_id, event_id, reason in rows]


def verdict_counts(tx: Connection) -> Mapping[str, int]:
    """How many known occurrences there are for each reason code."""
    reason = tables.occurrence.c.reason
    rows = tx.execute(select(reason, func.count()).group_by(reason))
    return {code: count for code, count in rows}  # noqa: C416


def force_full_sync(tx: Connection, rep_ids: Collection[int], now: datetime) -> None:
    """Have these calendars read in full and judged anew, now.

    The fence moves on, so that a reading that is under way does not count as the one asked for.
    """
    columns = tables.calendar.c
    values = {"rules_version": None, "due_at": now, "fence": columns.fence + 1}
    tx.execute(update(tables.calendar).where(columns.rep_id.in_(rep_ids)).values(values))


def wake_calendars(tx: Connection, now: datetime) -> None:
    """Make every calendar due, as after a change of the rules."""
    tx.execute(update(tables.calendar).values(due_at=now))
