"""Series as the library can expand them: of one kind of time, with rules that it knows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Event as Entry
from icalendar import vDDDLists, vDDDTypes

from nudger.ics.copies import mark_of, version_of
from nudger.ics.entries import as_utc, day_of, is_day, placed, property_values
from nudger.ics.event import is_override
from nudger.ics.rules import check_rule, is_within_a_day, rules_of, set_until, written_out

RECURS = ("RRULE", "RDATE")


def series_of(entries: Sequence[Entry]) -> Iterator[list[Entry]]:
    """The series under one UID. What repeats and yet names the date of a series that it would be is
    a copy of one date or of the whole: a series of its own, so that no date is lost, unless there
    is one that it changes."""
    masters = [entry for entry in entries if not is_override(entry)]
    strays = [entry for entry in entries if is_override(entry) and "RRULE" in entry]
    if masters or not strays:
        yield [_once(entry) if is_override(entry) else entry for entry in entries]
        return
    for stray in strays:
        stray.pop("RECURRENCE-ID")
    first, *others = strays
    yield [first, *(entry for entry in entries if is_override(entry))]
    yield from ([other] for other in others)


def _once(entry: Any) -> Entry:
    """A changed date repeats nothing (RFC 5545, 3.8.4.4)."""
    for name in (*RECURS, "EXDATE", "EXRULE"):
        entry.pop(name, None)
    kept: Entry = entry
    return kept


def prepared(
    entries: Sequence[Entry], window: tuple[datetime, datetime], zone: ZoneInfo
) -> list[Entry]:
    """The entries of one series, times without a zone put into `zone`. Raises `ValueError` for a
    rule that no series of meetings has."""
    master = next((entry for entry in entries if not is_override(entry)), None)
    for entry in entries:
        _place(entry, zone)
        _mend_end(entry, zone)
        if is_override(entry):
            _time_override(entry, master, zone)
        else:
            _mend_lists(entry, zone)
            _mend_rules(entry, window, zone)
    if master is not None:
        _keep_changed(master, [entry for entry in entries if is_override(entry)])
    for entry in entries:  # which copy counts is settled; the library would ask again
        entry.pop("SEQUENCE", None)
    return list(entries)


def _keep_changed(master: Any, changed: Sequence[Entry]) -> None:
    """A date that is taken out and yet there as a changed one was moved, as old programs write it,
    unless the series is newer: then it was taken out after that."""
    kept = {mark_of(one) for one in changed if version_of(one) >= version_of(master)}
    for value in property_values(master, "EXDATE"):
        value.dts = [one for one in value.dts if as_utc(one.dt) not in kept]


def _place(entry: Any, zone: ZoneInfo) -> None:
    """Rules cannot mix times with and without a zone."""
    for value in property_values(entry, "DTSTART", "DTEND", "RECURRENCE-ID", "EXDATE", "RDATE"):
        for one in value.dts if hasattr(value, "dts") else [value]:
            one.dt = placed(one.dt, zone)


def _mend_end(entry: Any, zone: ZoneInfo) -> None:
    """Of the start's kind, and not before it: the library would swap the two."""
    start: Any = entry["DTSTART"].dt
    end, lasts = (getattr(entry.get(name), "dt", None) for name in ("DTEND", "DURATION"))
    if lasts is not None and lasts < timedelta():
        entry.pop("DURATION")
    if end is None:
        return
    if is_day(start) and isinstance(end, datetime):
        day = end.astimezone(zone).date()
        midnight = end.astimezone(zone).time().replace(microsecond=0).isoformat() == "00:00:00"
        end = day if midnight else day + timedelta(days=1)
    elif isinstance(start, datetime) and is_day(end):
        end = datetime(end.year, end.month, end.day, tzinfo=start.tzinfo)
    if end < start:
        entry.pop("DTEND")
    else:
        entry["DTEND"] = vDDDTypes(end)


def _time_override(entry: Any, master: Any, zone: ZoneInfo) -> None:
    """Give a RECURRENCE-ID that names a day alone the series' time of day, and one with a time in a
    series of whole days its day."""
    named = entry["RECURRENCE-ID"]
    start = master["DTSTART"].dt if master is not None else None
    if is_day(named.dt) and isinstance(start, datetime):
        named.dt = datetime.combine(named.dt, start.timetz())
        named.params.pop("VALUE", None)
    elif isinstance(named.dt, datetime) and is_day(start):
        named.dt = day_of(named.dt, zone)


def _mend_lists(entry: Any, zone: ZoneInfo) -> None:
    """In a series of whole days each date is a day; an added day of a series with a time of day
    begins at that. A day that is taken out of such a series takes what begins on it: the library
    knows that."""
    start = entry["DTSTART"].dt
    for value in property_values(entry, "EXDATE", "RDATE"):
        for one in value.dts:
            if is_day(start):
                moment = one.dt[0] if isinstance(one.dt, tuple) else one.dt
                one.dt = day_of(moment, zone) if isinstance(moment, datetime) else moment
    for value in property_values(entry, "RDATE") if isinstance(start, datetime) else ():
        for one in value.dts:
            if is_day(one.dt):
                one.dt = datetime.combine(one.dt, start.timetz())


def _mend_rules(entry: Any, window: tuple[datetime, datetime], zone: ZoneInfo) -> None:
    start = entry["DTSTART"].dt
    kept = []
    for rule in rules_of(entry):
        check_rule(rule)
        set_until(rule, start, zone)
        if is_within_a_day(rule):
            _add_dates(entry, "RDATE", written_out(rule, _moment(start, zone), window))
        else:
            kept.append(rule)
    if kept:
        entry["RRULE"] = kept if len(kept) > 1 else kept[0]
    else:
        entry.pop("RRULE", None)
    for rule in rules_of(entry, "EXRULE"):
        check_rule(rule)
        set_until(rule, start, zone)
        out = written_out(rule, _moment(start, zone), window)
        _add_dates(entry, "EXDATE", [one.date() for one in out] if is_day(start) else out)


def _moment(start: Any, zone: ZoneInfo) -> datetime:
    if isinstance(start, datetime):
        return start
    return datetime(start.year, start.month, start.day, tzinfo=zone)


def _add_dates(entry: Any, name: str, dates: Sequence[Any]) -> None:
    if dates:
        entry[name] = [*property_values(entry, name), vDDDLists(dates)]
