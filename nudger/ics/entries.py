"""From the lines of a VEVENT to a calendar entry whose times are in the zones that they mean.

The library is never shown a TZID: it keeps zones by name for the whole process, and prefers its own
to the file's. What cannot be read costs its line, not the event.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

from icalendar import Event as Entry

from nudger.ics.calendar_zones import Assumption, CalendarZones
from nudger.ics.lines import Component

UNREADABLE = (
    ValueError, LookupError, TypeError, AttributeError, ArithmeticError, OSError, RecursionError,
)  # fmt: skip
"""What the library's parsers raise; some look for a zone's file."""
_ONCE = ("DTSTART", "DTEND", "RECURRENCE-ID")
_LISTS = ("EXDATE", "RDATE")
_TIMED = re.compile(r"(?:DTSTART|DTEND|RECURRENCE-ID|EXDATE|RDATE)\b", re.IGNORECASE)
_NEXT_PARAMETER = re.compile(r";[A-Z-]{1,40}=", re.IGNORECASE)
_DASHED = re.compile(
    r":(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d))?(?:\.\d{1,9})?(Z?))?\s*$", re.IGNORECASE
)
_SHORT = re.compile(r":(\d{8}T\d{4})(Z?)\s*$", re.IGNORECASE)
_ZONE = "X-NUDGER-ZONE"


@dataclass(frozen=True, slots=True)
class ReadEntry:
    entry: Entry
    assumed: tuple[Assumption, ...] = ()


def read_entry(component: Component, zones: CalendarZones) -> ReadEntry | None:
    """The entry without those of its lines that cannot be read; `None` without a start."""
    marked = [_marked(line) for line in component.lines]
    names = sorted({tzid for _, tzid in marked if tzid is not None})
    lines = [_with_mark(line, names, tzid) for line, tzid in marked]
    entry: Entry | None
    try:
        entry = _parsed(lines)
    except UNREADABLE:
        entry = _parsed_line_by_line(lines)
    start: Any = entry.get("DTSTART") if entry is not None else None
    if entry is None or start is None or not isinstance(start.dt, date):
        return None
    return ReadEntry(entry, _put_in_zones(entry, names, zones))


def _marked(line: str) -> tuple[str, str | None]:
    """A line with its time as RFC 5545 writes it and without its TZID, and that TZID. Outlook has
    zones such as (UTC+01:00) Berlin, with a colon of their own, quoted or not."""
    if not _TIMED.match(line):
        return line, None
    line = _SHORT.sub(r":\g<1>00\2", _DASHED.sub(_undashed, line))
    head, colon, value = line.rpartition(":")
    begin = head.upper().find(";TZID=")
    if begin < 0:
        return line, None
    rest = head[begin + len(";TZID=") :]
    following = _NEXT_PARAMETER.search(rest)
    end = following.start() if following else len(rest)
    return f"{head[:begin]}{rest[end:]}{colon}{value}", rest[:end].strip(" \t\"'")


def _undashed(match: re.Match[str]) -> str:
    year, month, day, hour, minute, second, utc = match.groups()
    time = f"T{hour}{minute}{second or '00'}{utc.upper()}" if hour else ""
    return f":{year}{month}{day}{time}"


def _with_mark(line: str, names: Sequence[str], tzid: str | None) -> str:
    if tzid is None:
        return line
    head, colon, value = line.rpartition(":")
    return f"{head};{_ZONE}={names.index(tzid)}{colon}{value}"


def _parsed(lines: Iterable[str]) -> Entry:
    text = "\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT", ""])
    parsed = Entry.from_ical(text)
    assert isinstance(parsed, Entry)  # noqa: S101 - by its BEGIN
    for name in (*_ONCE, "DURATION"):
        value = parsed.get(name)
        if value is not None and not hasattr(value, "dt"):
            raise ValueError(f"{name} is given twice or cannot be read")
    for value in property_values(parsed, *_LISTS):
        if not hasattr(value, "dts"):
            raise ValueError("a list of dates cannot be read")
    return parsed


def _parsed_line_by_line(lines: Iterable[str]) -> Entry | None:
    """Each line is tried alone; alarms and their like inside the event say nothing of it."""
    kept: dict[str, list[str]] = {}
    inside = 0
    for line in lines:
        name = line.partition(":")[0].partition(";")[0].strip().upper()
        inside += (name == "BEGIN") - (name == "END")
        taken = name == "END" or (name in (*_ONCE, "DURATION") and name in kept)
        if not inside and not taken and _can_be_read(line):
            kept.setdefault(name, []).append(line)
    try:
        return _parsed([line for own in kept.values() for line in own])
    except UNREADABLE:
        return None


def _can_be_read(line: str) -> bool:
    try:
        _parsed([line])
    except UNREADABLE:
        return False
    return True


def property_values(entry: Any, *names: str) -> list[Any]:
    """The values of these properties, however often each stands."""
    found = (entry[name] for name in names if name in entry)
    return [one for value in found for one in (value if isinstance(value, list) else [value])]


def _put_in_zones(entry: Any, names: Sequence[str], zones: CalendarZones) -> tuple[Assumption, ...]:
    """Give each time its zone; those in the reader's own stay without one."""
    assumed: dict[Assumption, None] = {}
    for value in property_values(entry, *_ONCE, *_LISTS):
        mark = value.params.pop(_ZONE, None)
        moments = value.dts if hasattr(value, "dts") else [value]
        if not any(map(_is_floating, (one.dt for one in moments))):
            continue
        read = zones.read_floating() if mark is None else zones.read(names[int(str(mark))])
        if read.assumed is not None:
            assumed.setdefault(read.assumed)
        for moment in moments:
            moment.dt = placed(moment.dt, read.zone)
    return tuple(assumed)


def _is_floating(value: object) -> bool:
    if isinstance(value, tuple):
        return any(map(_is_floating, value))
    return isinstance(value, datetime) and value.tzinfo is None


def placed(value: Any, zone: tzinfo | None) -> Any:
    """A time without a zone in this one; a period's both ends; anything else as it is. Raises
    `OverflowError` for a time before the first day of UTC or after its last."""
    if isinstance(value, tuple):
        return tuple(placed(one, zone) for one in value)
    if zone is not None and isinstance(value, datetime) and value.tzinfo is None:
        return value.replace(tzinfo=zone)
    return value


def is_day(value: object) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def as_utc(moment: datetime | date) -> datetime | date:
    if isinstance(moment, datetime) and moment.tzinfo is not None:
        return moment.astimezone(UTC)
    return moment


def day_of(moment: datetime, zone: tzinfo | None) -> date:
    """Which day of a series of whole days a moment means: midnight in UTC and the last second of a
    day are written for the day that they name, any other moment in UTC for the one of its place."""
    whole = moment.time().replace(microsecond=0).isoformat() in ("00:00:00", "23:59:59")
    if moment.utcoffset() == timedelta() and zone is not None and not whole:
        return moment.astimezone(zone).date()
    return moment.date()
