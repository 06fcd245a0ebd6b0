"""Series: not every date is asked about, and a date keeps its history when it gets a new id.

Sources: docs/internals.md#series.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from nudger.domain.commitment import MeetingState
from nudger.domain.event import Event
from nudger.domain.series import (
    EACH,
    REPLACEMENT_WINDOW,
    DateSeen,
    SeriesRule,
    goes_on,
    in_series,
    replaced,
)
from nudger.jobs.planning.model import Judged, Planning
from nudger.runtime.policies import Rules
from nudger.store import calendars, series
from nudger.store.calendars import Seen
from nudger.store.meetings import Meeting
from nudger.store.people import Rep
from nudger.store.series import Series

ASKED_STATES = (MeetingState.ASKED, MeetingState.ANSWERED, MeetingState.WRITTEN)
RETURN_WINDOW = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class SeriesRuling:
    """Judged events, and the series of which something is to be kept from now on."""

    judged: Sequence[Judged]
    begun: Sequence[Series] = ()


def apply_series_rules(planning: Planning, judged: Sequence[Judged]) -> SeriesRuling:
    """The judged events of one calendar once their series had their say.

    Events that are meetings that somebody was asked about stay. Series that only the policy thins
    out are counted from their first date that deserves a question.
    """
    recurring = [one for one in judged if one.verdict.asks and one.event.key.original_start]
    if not recurring:
        return SeriesRuling(judged)
    tx, rules, rep = planning.tx, planning.rules, planning.rep
    kept = series.find(tx, {one.event.key.series_id for one in recurring})
    begun = _going_on(tx, recurring, kept)
    if rules.for_rep(rep).cadence != EACH:
        begun |= _begun(rep, recurring, kept | begun)
    kept |= begun
    if not kept:
        return SeriesRuling(judged)
    choices = Choices(
        {series_id: rule_of(rules, rep, one) for series_id, one in kept.items()},
        {series_id: _dates(tx, one, recurring) for series_id, one in kept.items()},
        _asked_about(planning, recurring),
    )
    return SeriesRuling([_apply_cadence(one, choices) for one in judged], list(begun.values()))


@dataclass(frozen=True, slots=True)
class Choices:
    """How often each series is asked about, its known dates, and the events that stay."""

    rules: Mapping[str, SeriesRule]
    dates: Mapping[str, Sequence[datetime]]
    stay: Collection[str]


def _asked_about(planning: Planning, recurring: Iterable[Judged]) -> set[str]:
    were = {one.event_id: one.meeting_id for one in recurring if one.meeting_id}
    found = planning.ctx.meetings.find_ids(planning.tx, set(were.values()))
    return {event_id for event_id, m in were.items() if found[m].state in ASKED_STATES}


def _begun(rep: Rep, recurring: Iterable[Judged], kept: Mapping[str, Series]) -> dict[str, Series]:
    begun: dict[str, Series] = {}
    for one in sorted(recurring, key=lambda each: each.event.start):
        series_id, date = one.event.key.series_id, one.event.key.original_start
        if series_id not in kept and series_id not in begun and date is not None:
            title = series.hash_of_title(one.event.title)
            customers = one.verdict.customers
            begun[series_id] = Series(series_id, rep.id, None, date, customers, title_hash=title)
    return begun


def _going_on(
    tx: Connection, recurring: Iterable[Judged], kept: Mapping[str, Series]
) -> dict[str, Series]:
    """New series that go on where one with the same title and customer ended, further ahead than
    had been read when it was split."""
    first: dict[str, Judged] = {}
    for one in sorted(recurring, key=lambda each: each.event.start):
        if one.event.key.series_id not in kept:
            first.setdefault(one.event.key.series_id, one)
    if not first:
        return {}
    hashes = {new_id: series.hash_of_title(one.event.title) for new_id, one in first.items()}
    ended = series.titled(tx, set(hashes.values()))
    last_dates = series.last_dates(tx, [old.series_id for old in ended])
    going_on: dict[str, Series] = {}
    for new_id, one in first.items():
        for old in ended:
            last = last_dates.get(old.series_id)
            alike = old.title_hash == hashes[new_id]
            same_customer = not set(one.verdict.customers).isdisjoint(old.customers)
            if alike and same_customer and goes_on(last, one.event.start):
                going_on[new_id] = series.followed(old, new_id)
    return going_on


def rule_of(rules: Rules, rep: Rep, one: Series) -> SeriesRule:
    """What was chosen for the series, else what the policy says."""
    return SeriesRule(one.cadence or rules.for_rep(rep).cadence, one.counted_from)


def _dates(tx: Connection, one: Series, recurring: Iterable[Judged]) -> list[datetime]:
    now_seen = {
        each.event.key.original_start
        for each in recurring
        if each.event.key.series_id == one.series_id and each.event.key.original_start
    }
    return sorted(now_seen.union(series.dates_of(tx, one)))


def _apply_cadence(one: Judged, choices: Choices) -> Judged:
    key = one.event.key
    if key.original_start is None or one.event_id in choices.stay:
        return one
    rule = choices.rules.get(key.series_id)
    dates = choices.dates.get(key.series_id, ())
    return replace(one, verdict=in_series(one.verdict, rule, key.original_start, dates))


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
