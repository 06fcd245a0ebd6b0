"""Dates that were made anew under another id, known for what they were: a date keeps its history.

Sources: docs/internals.md#series.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from nudger.domain.event import Event
from nudger.domain.replaced_dates import REPLACEMENT_WINDOW, DateSeen, replaced
from nudger.jobs.planning.model import Judged, Planning
from nudger.store import calendars, series
from nudger.store.calendars import Seen
from nudger.store.meetings import Meeting
from nudger.store.series import Series

RETURN_WINDOW = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class RemovedDate:
    """An event that left a calendar, and the meeting that it was."""

    seen: DateSeen
    original_start: datetime | None
    meeting_id: int | None


def find_replaced(
    planning: Planning, left: Sequence[Seen], new: Sequence[Judged]
) -> dict[str, RemovedDate]:
    """Which of the events that are new in a calendar were there before under another id: new event
    id -> what it was. `left` are those that this reading found gone; meetings that lately left
    the calendar come into question too."""
    asked = [one for one in new if one.verdict.asks]
    if not asked:
        return {}
    gone = {one.seen.event_id: one for one in _gone(planning, left)}
    pairs = replaced([one.seen for one in gone.values()], [_date_seen(one) for one in asked])
    return {new_id: gone[old_id] for new_id, old_id in pairs.items()}


def _gone(planning: Planning, left: Sequence[Seen]) -> Iterable[RemovedDate]:
    store, tx, now = planning.ctx.meetings, planning.tx, planning.now
    known = store.find_ids(tx, {one.meeting_id for one in left if one.meeting_id})
    kept = series.find(tx, {one.series_id for one in left if one.original_start})
    for one in left:
        meeting = known.get(one.meeting_id or 0)
        own = kept.get(one.series_id)
        if one.start_at > now and (meeting or one.original_start):
            yield RemovedDate(_date_gone(one, meeting, own), one.original_start, one.meeting_id)
    lately, coming = now - RETURN_WINDOW, now - REPLACEMENT_WINDOW
    for meeting in store.recently_removed(tx, planning.rep.id, coming, lately):
        if meeting.id not in known:
            seen = DateSeen(
                f"meeting:{meeting.id}", None, meeting.start, frozenset(meeting.customers),
                meeting.known_title,
            )  # fmt: skip
            yield RemovedDate(seen, None, meeting.id)


def _date_gone(one: Seen, meeting: Meeting | None, own: Series | None) -> DateSeen:
    customers = meeting.customers if meeting else own.customers if own else ()
    return DateSeen(
        event_id=one.event_id,
        series_id=one.series_id if one.original_start else None,
        start=one.start_at,
        customers=frozenset(customers),
        title=meeting.known_title if meeting else None,
    )


def _date_seen(one: Judged) -> DateSeen:
    event = one.event
    return DateSeen(
        event_id=one.event_id,
        series_id=_series_id(event),
        start=event.start,
        customers=frozenset(one.verdict.customers),
        title=event.title,
    )


def _series_id(event: Event) -> str | None:
    return event.key.series_id if event.key.original_start else None


def carry_over(planning: Planning, new: Sequence[Judged], was: Mapping[str, RemovedDate]) -> None:
    """Have the dates go on under their new ids: their series' choices are the new series' too, and
    what was counted from a date that was moved is counted from where it is now."""
    if not was:
        return
    tx = planning.tx
    moved = [(was[one.event_id], one.event) for one in new if one.event_id in was]
    of_old = {gone.seen.series_id for gone, _ in moved}
    of_new = {_series_id(event) for _, event in moved}
    kept = series.find(tx, {one for one in of_old | of_new if one})
    for gone, event in moved:
        old, new_id, date = (
            kept.get(gone.seen.series_id or ""),
            _series_id(event),
            event.key.original_start,
        )
        if old is None or new_id is None or date is None:
            continue
        if new_id not in kept:
            kept[new_id] = series.followed(old, new_id)
            series.keep(tx, [kept[new_id]])
        if old.counted_from == gone.original_start:
            series.count_from(tx, new_id, date)
    calendars.forget_events(tx, planning.rep.id, [gone.seen.event_id for gone in was.values()])
