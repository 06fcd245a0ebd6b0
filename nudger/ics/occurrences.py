"""The dates of exported series that lie in a window, moved and cancelled ones in their places."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from math import prod
from typing import Any
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar
from icalendar import Event as Entry

from nudger.domain.event import Event
from nudger.ics.event import as_event, is_override
from nudger.ics.load import UNREADABLE, Exported

_RECURS = ("RRULE", "RDATE")
MOST_DATES_OF_A_SERIES = 2_000
MOST_DATES = 50_000
MOST_TIMES_A_DAY = 24
_NOT_OF = {
    "DAILY": ("BYYEARDAY", "BYWEEKNO", "BYEASTER"),
    "WEEKLY": ("BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYEASTER"),
    "MONTHLY": ("BYYEARDAY", "BYWEEKNO", "BYEASTER"),
    "YEARLY": ("BYEASTER",),
}
"""What RFC 5545, 3.3.10, does not know in a rule of this frequency."""
_LONGEST_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_MOST_DAYS = {"DAILY": 1, "MONTHLY": 31, "YEARLY": 366}


def occurrences(
    exported: Exported, owner: str, window: tuple[datetime, datetime], default_zone: str
) -> Iterator[Event]:
    """Every occurrence that touches the window, as it would lie in `owner`'s calendar.

    Times without a zone are in `default_zone`.
    """
    zone = ZoneInfo(default_zone)
    dates = 0
    for uid, entries in exported.entries.items():
        if dates > MOST_DATES:
            exported.problems.append(f"the first {dates} dates of these days are shown, no more")
            return
        for entry in _expanded(exported, uid, entries, window, zone):
            dates += 1
            try:
                event = as_event(entry, uid, owner, zone, recurs=_recurs(entries))
            except UNREADABLE:
                exported.problems.append(f"an event of {uid} cannot be read, left out")
                continue
            if event.end > window[0] and event.start < window[1]:
                yield event


def _recurs(entries: list[Entry]) -> bool:
    return any(name in entry for entry in entries for name in _RECURS) or any(
        map(is_override, entries)
    )


def _expanded(
    exported: Exported,
    uid: str,
    entries: list[Entry],
    window: tuple[datetime, datetime],
    zone: ZoneInfo,
) -> list[Entry]:
    if not any(name in entry for entry in entries for name in _RECURS):
        return entries
    begin, end = (moment.astimezone(zone) for moment in window)
    try:
        calendar = _calendar(entries, zone)
        found: list[Entry] = recurring_ical_events.of(calendar).between(begin, end)
    except Exception:  # the library raises what its parsers raise; one series must not stop all
        exported.problems.append(f"the series {uid} has a rule that cannot be read: dates missing")
        return [_without_rule(entry) for entry in entries]
    return found[:MOST_DATES_OF_A_SERIES]


def _calendar(entries: list[Entry], zone: ZoneInfo) -> Calendar:
    """Raises `ValueError` for a rule that no series of meetings has."""
    calendar = Calendar()
    master = next((entry for entry in entries if not is_override(entry)), None)
    for entry in entries:
        for rule in _rules(entry):
            _check(rule)
            _include_last_day(rule, entry, zone)
        _zone(entry, zone)
        _time_override(entry, master)
        calendar.add_component(entry)
    return calendar


def _rules(entry: Any) -> list[Any]:
    rules = entry.get("RRULE", [])
    return [rule for rule in (rules if isinstance(rules, list) else [rules]) if rule]


def _check(rule: Any) -> None:
    times = prod(len(rule.get(part, [1])) for part in ("BYHOUR", "BYMINUTE", "BYSECOND"))
    frequency = rule.get("FREQ", [""])[0]
    if frequency not in _NOT_OF or times > MOST_TIMES_A_DAY:
        raise ValueError("a rule for machines, not for meetings")
    if any(part in rule for part in _NOT_OF[frequency]):
        raise ValueError("a rule that is none")
    if any(step < 1 for step in rule.get("INTERVAL", [1])) or _never_comes(rule, frequency, times):
        raise ValueError("a rule that never comes to its next date")


def _never_comes(rule: Any, frequency: str, times: int) -> bool:
    """Whether the library would look for a date until the year 9999, seconds for each rule."""
    days = _MOST_DAYS.get(frequency) or len(rule.get("BYDAY", [1]))
    if all(abs(place) > days * times for place in rule.get("BYSETPOS", [1])):
        return True
    longest = max(_LONGEST_MONTHS[month - 1] for month in rule.get("BYMONTH", range(1, 13)))
    return all(abs(day) > longest for day in rule.get("BYMONTHDAY", [1]))


def _include_last_day(rule: Any, entry: Any, zone: ZoneInfo) -> None:
    """A last day without a time means all of it, though RFC 5545 wants a time for timed events."""
    rule["UNTIL"] = [
        datetime(last.year, last.month, last.day, 23, 59, 59, tzinfo=zone).astimezone(UTC)
        if _is_day(last) and not _is_day(entry["DTSTART"].dt)
        else last
        for last in rule.get("UNTIL", [])
    ]
    if not rule["UNTIL"]:
        del rule["UNTIL"]


def _is_day(value: datetime | date) -> bool:
    return not isinstance(value, datetime)


def _zone(entry: Any, zone: ZoneInfo) -> None:
    """Put zoneless times into `zone`: rules cannot mix both kinds."""
    for name in ("DTSTART", "DTEND", "RECURRENCE-ID"):
        value = entry.get(name)
        if value is not None and isinstance(value.dt, datetime) and value.dt.tzinfo is None:
            value.dt = value.dt.replace(tzinfo=zone)


def _time_override(entry: Any, master: Any) -> None:
    """Give a RECURRENCE-ID that names a day alone the series' time of day."""
    named = entry.get("RECURRENCE-ID")
    start = master["DTSTART"].dt if master is not None else None
    if named is not None and _is_day(named.dt) and isinstance(start, datetime):
        named.dt = datetime.combine(named.dt, start.timetz())
        named.params.pop("VALUE", None)


def _without_rule(entry: Entry) -> Entry:
    for name in (*_RECURS, "EXDATE"):
        entry.pop(name, None)
    return entry
