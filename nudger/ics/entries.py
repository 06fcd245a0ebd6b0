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

from nudger.ics.calendar_zones import Assumption, CalendarZones, ReadZone, shown
from nudger.ics.lines import Component
from nudger.ics.plain_entries import plain_entry

UNREADABLE = (
    ValueError, LookupError, TypeError, AttributeError, ArithmeticError, OSError, RecursionError,
)  # fmt: skip
"""What the library's parsers raise; some look for a zone's file."""
_ONCE = ("DTSTART", "DTEND", "RECURRENCE-ID")
_LISTS = ("EXDATE", "RDATE")
_TIMED = re.compile(r"(?:DTSTART|DTEND|RECURRENCE-ID|EXDATE|RDATE)\b", re.IGNORECASE)
_NEXT_PARAMETER = re.compile(r";[A-Z-]{1,40}=", re.IGNORECASE)
_ODD_TIME = re.compile(
    r":(\d{4})(-?)(\d\d)-?(\d\d)(?:[T ](\d\d):?(\d\d)(?::?(\d\d))?(?:\.\d{1,9})?"
    r"(?:(Z)|([+-])(\d\d):?(\d\d))?T?)?\s*$",
    re.IGNORECASE,
)
"""As ISO 8601 writes it, without seconds, with an offset, or with a letter at its end."""
_RULE = re.compile(r"(?:RRULE|EXRULE)\b", re.IGNORECASE)
_RULE_PARTS = frozenset(
    ("FREQ", "UNTIL", "COUNT", "INTERVAL", "BYSECOND", "BYMINUTE", "BYHOUR", "BYDAY", "BYMONTHDAY",
     "BYYEARDAY", "BYWEEKNO", "BYMONTH", "BYSETPOS", "WKST", "BYEASTER")
)  # fmt: skip
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
    entry = plain_entry(lines) or _parsed_by_library(lines)
    start: Any = entry.get("DTSTART") if entry is not None else None
    if entry is None or start is None or not isinstance(start.dt, date):
        return None
    return ReadEntry(entry, _put_in_zones(entry, names, zones))


def _marked(line: str) -> tuple[str, str | None]:
    """A line as RFC 5545 writes it and without its TZID, and that TZID. Outlook has zones such as
    (UTC+01:00) Berlin, with a colon of their own, quoted or not."""
    if _RULE.match(line):
        return _plain_rule(line), None
    if not _TIMED.match(line):
        return line, None
    line = _ODD_TIME.sub(_plain_time, line)
    head, colon, value = line.rpartition(":")
    head = head.replace(";;", ";")
    begin = head.upper().find(";TZID=")
    if begin < 0:
        return f"{head}{colon}{value}", None
    rest = head[begin + len(";TZID=") :]
    following = _NEXT_PARAMETER.search(rest)
    end = following.start() if following else len(rest)
    return f"{head[:begin]}{rest[end:]}{colon}{value}", rest[:end].strip(" \t\"'")


def _plain_rule(line: str) -> str:
    """Without blanks, and without parts that RFC 5545 does not know, such as a misspelt UNTIL: the
    dates before that are kept. A calendar that is not ours cannot be read."""
    head, colon, value = line.partition(":")
    parts = [part for part in "".join(value.split()).split(";") if part]
    if any(part.upper().startswith("RSCALE=") and "GREG" not in part.upper() for part in parts):
        return line
    known = (part for part in parts if part.partition("=")[0].upper() in _RULE_PARTS)
    return f"{head}{colon}{';'.join(part for part in known if part.partition('=')[2])}"


def _plain_time(match: re.Match[str]) -> str:
    year, _, month, day, hour, minute, second, utc, sign, *offset = match.groups()
    if not hour:
        return f":{year}{month}{day}"
    time = f"{hour}{minute}{second or '00'}"
    if not sign:
        return f":{year}{month}{day}T{time}{(utc or '').upper()}"
    try:
        local = datetime.fromisoformat(f"{year}{month}{day}T{time}{sign}{''.join(offset)}")
        return f":{local.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    except (ValueError, OverflowError):
        return match[0]


def _with_mark(line: str, names: Sequence[str], tzid: str | None) -> str:
    if tzid is None:
        return line
    head, colon, value = line.rpartition(":")
    return f"{head};{_ZONE}={names.index(tzid)}{colon}{value}"


def _parsed_by_library(lines: Sequence[str]) -> Entry | None:
    try:
        return _parsed(lines)
    except UNREADABLE:
        return _parsed_line_by_line(lines)


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
    """Give each time its zone; those in the reader's own stay without one. A list or an end without
    a zone has the start's."""
    assumed: dict[Assumption, None] = {}
    own: ReadZone | None = None
    for value in property_values(entry, *_ONCE, *_LISTS):
        mark = value.params.pop(_ZONE, None)
        moments = value.dts if hasattr(value, "dts") else [value]
        if any(map(_is_floating, (one.dt for one in moments))):
            read = _read_zone(mark, names, zones, own or _of_end(entry, names, zones))
            if read.assumed is not None:
                assumed.setdefault(read.assumed)
            for moment in moments:
                moment.dt = placed(moment.dt, read.zone)
        zone = getattr(entry["DTSTART"].dt, "tzinfo", None)
        own = ReadZone(zone) if zone is not None else None
    return tuple(assumed)


def _of_end(entry: Any, names: Sequence[str], zones: CalendarZones) -> ReadZone | None:
    """The zone of an end where the start names none: they are one event's."""
    end = entry.get("DTEND")
    mark = end.params.get(_ZONE) if end is not None else None
    zone = zones.read(names[int(mark)]).zone if mark is not None else None
    if zone is None:
        return None
    return ReadZone(zone, Assumption("", shown(zone), "the zone of their end"))


def _read_zone(
    mark: object, names: Sequence[str], zones: CalendarZones, own: ReadZone | None
) -> ReadZone:
    if mark is not None:
        return zones.read(names[int(str(mark))])
    return own or zones.read_floating()


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
