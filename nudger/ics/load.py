"""Exported files to calendar entries, broken ones left out, the newest copy of each kept.

Sources: RFC 5545 and 5546.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from icalendar import Event as Entry

from nudger.ics.lines import Component, FileContent, read_content
from nudger.ics.zones import named_zone, zone_by_rules, zone_name

_TIMED = re.compile(r"(?:DTSTART|DTEND|RECURRENCE-ID|EXDATE|RDATE)\b", re.IGNORECASE)
# Outlook has zones such as (UTC+01:00) Berlin, with a colon of their own, quoted or not.
_TZID = re.compile(r";TZID=(\"[^\"]*\"|[^;\"]*?)(?=;[A-Z-]+=|:[0-9PTZ,/-]+\s*$)", re.IGNORECASE)
_STARTS = re.compile(r"DTSTART[^:]{0,100}:(\d{8}(?:T\d{6})?)", re.IGNORECASE)
_ONCE = ("DTSTART", "DTEND", "RECURRENCE-ID")
MOST_BYTES = 50_000_000
MOST_EVENTS = 30_000
MOST_ZONES = 200
_SUFFIXES = (".ics", ".ical", ".vcs")
UNREADABLE = (
    ValueError, LookupError, TypeError, AttributeError, ArithmeticError, OSError, RecursionError,
)  # fmt: skip
"""What the library's parsers raise; some look for a zone's file."""
_ANSWERS = ("REPLY", "COUNTER", "DECLINECOUNTER", "REFRESH")


class NotACalendar(Exception):
    """The file cannot be read, or holds no calendar; one line."""


@dataclass(slots=True)
class Exported:
    """What a set of files holds. `entries` maps a UID to its entries, `places` says where in its
    list each lies; `problems` are lines for the person who exported, `zone` is the first
    calendar's own."""

    entries: dict[str, list[Entry]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    zone: str | None = None
    places: dict[tuple[str, datetime | date | None], int] = field(default_factory=dict)
    events: int = 0


def find_files(paths: Iterable[Path]) -> list[Path]:
    """The files themselves, and the calendars in folders. Raises `NotACalendar`."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(file for file in path.rglob("*") if file.suffix.lower() in _SUFFIXES)
        else:
            found.append(path)
    if not found:
        raise NotACalendar("There is no .ics file in that folder.")
    return found


def read_files(files: Iterable[Path]) -> Exported:
    """Every event of the files. Raises `NotACalendar`."""
    exported = Exported()
    for file in files:
        try:
            raw = file.read_bytes()
        except OSError as error:
            raise NotACalendar(f"{file} cannot be read: {error.strerror}.") from error
        if len(raw) > MOST_BYTES:
            raise NotACalendar(f"{file} is larger than {MOST_BYTES // 1_000_000} MB.")
        content = read_content(raw)
        if not content.is_calendar:
            raise NotACalendar(f"{file} is no calendar: it has no BEGIN:VCALENDAR.")
        _add(exported, file.name, content)
    return exported


def _add(exported: Exported, file: str, content: FileContent) -> None:
    if content.dropped:
        exported.problems.append(f"{file}: {content.dropped} broken lines left out")
    if content.cut:
        exported.problems.append(f"{file}: {content.cut} lines of overlong events left out")
    defined = _defined_zones(content)
    own_zone = zone_name(content.properties.get("X-WR-TIMEZONE", ""), {})
    method = content.properties.get("METHOD", "").strip().upper()
    if method in _ANSWERS:
        exported.problems.append(f"{file}: an answer to an invitation, left out")
        return
    exported.zone = exported.zone or own_zone
    for number, component in _chosen(exported, file, content):
        read = _entry(component, defined, own_zone)
        if read is None:
            exported.problems.append(f"{file}: event {number} cannot be read, left out")
            continue
        if method == "CANCEL":  # RFC 5546, 3.2.5: the method alone may say it
            read["STATUS"] = "CANCELLED"
        uid = str(read.get("UID", "")) or f"{file}#{number}"
        if _is_another(exported, uid, read):
            uid = f"{uid}#{number}"
        _keep(exported, uid, read)


def _chosen(exported: Exported, file: str, content: FileContent) -> list[tuple[int, Component]]:
    """The file's events with their numbers: all of them, or as many as are read at all, series
    first and then those that begin last."""
    events = [one for one in content.components if one.name == "VEVENT"]
    numbered = list(enumerate(events, start=1))
    room = MOST_EVENTS - exported.events
    exported.events += min(room, len(numbered))
    if len(numbered) <= room:
        return numbered
    exported.problems.append(
        f"{file}: {len(numbered) - room} of {len(numbered)} events left out, those that began "
        f"first: no more than {MOST_EVENTS} are read"
    )
    latest = sorted(numbered, key=lambda one: _begins(one[1]), reverse=True)
    return sorted(latest[:room], key=lambda one: one[0])


def _begins(event: Component) -> str:
    """When an event begins, to be compared; a series goes on, and comes after all others."""
    if any(line[:5].upper() in ("RRULE", "RDATE") for line in event.lines):
        return "series"
    found = (match[1] for line in event.lines if (match := _STARTS.match(line)))
    return next(found, "")


def _defined_zones(content: FileContent) -> dict[str, str]:
    """The file's own zones as IANA names: by the location that they give, else, where their name
    says nothing, by their rules."""
    found: dict[str, str] = {}
    zones = [one for one in content.components if one.name == "VTIMEZONE"]
    for component in zones[:MOST_ZONES]:
        lines = dict(line.partition(":")[::2] for line in component.lines)
        tzid = lines.get("TZID", "").strip().strip('"')
        location = lines.get("X-LIC-LOCATION", "").strip()
        known = location or named_zone(tzid) or zone_by_rules(component.lines)
        if tzid and known:
            found[tzid] = known
    return found


def _entry(component: Component, defined: dict[str, str], own_zone: str | None) -> Entry | None:
    """The entry without those of its lines that cannot be read; `None` without a start."""
    lines = [_with_known_zone(line, defined, own_zone) for line in component.lines]
    parsed: Entry | None
    try:
        parsed = _parsed(lines)
    except UNREADABLE:
        parsed = _parsed_line_by_line(lines)
    start = parsed.get("DTSTART") if parsed is not None else None
    return parsed if start is not None and isinstance(start.dt, date) else None


def _parsed(lines: list[str]) -> Entry:
    text = "\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT", ""])
    parsed = Entry.from_ical(text)
    assert isinstance(parsed, Entry)  # noqa: S101 - by its BEGIN
    for name in _ONCE:
        value = parsed.get(name)
        if value is not None and not hasattr(value, "dt"):
            raise ValueError(f"{name} is given twice or cannot be read")
    return parsed


def _parsed_line_by_line(lines: list[str]) -> Entry | None:
    """Each line is tried alone; alarms and their like inside the event say nothing of it."""
    kept: dict[str, list[str]] = {}
    inside = 0
    for line in lines:
        name = line.partition(":")[0].partition(";")[0].strip().upper()
        inside += (name == "BEGIN") - (name == "END")
        taken = name == "END" or (name in _ONCE and name in kept)
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


def _with_known_zone(line: str, defined: dict[str, str], own_zone: str | None) -> str:
    """The line with a TZID that every reader knows."""
    match = _TZID.search(line) if _TIMED.match(line) else None
    if match is None:
        return line
    name = zone_name(match[1], defined) or own_zone
    replacement = f";TZID={name}" if name else ""
    return f"{line[: match.start()]}{replacement}{line[match.end() :]}"


def _is_another(exported: Exported, uid: str, new: Any) -> bool:
    """Whether an event only shares another's UID, as copies do that some programs make: the same
    version cannot begin at two times."""
    at = exported.places.get((uid, None))
    if at is None or _mark(new) is not None:
        return False
    known: Any = exported.entries[uid][at]
    return _version(known) == _version(new) and known["DTSTART"].dt != new["DTSTART"].dt


def _keep(exported: Exported, uid: str, new: Entry) -> None:
    """Keep the newest copy of an entry: the same meeting may lie in several files."""
    entries = exported.entries.setdefault(uid, [])
    at = exported.places.setdefault((uid, _mark(new)), len(entries))
    if at == len(entries):
        entries.append(new)
    elif _version(new) > _version(entries[at]):
        entries[at] = new


def _mark(entry: Entry) -> datetime | date | None:
    value = entry.get("RECURRENCE-ID")
    if value is None:
        return None
    return _as_utc(value.dt)


def _as_utc(moment: datetime | date) -> datetime | date:
    if isinstance(moment, datetime) and moment.tzinfo is not None:
        return moment.astimezone(UTC)
    return moment


def _version(entry: Entry) -> tuple[int, bool]:
    """What makes one copy newer than another: its number, and of equals the cancellation."""
    return _sequence(entry), str(entry.get("STATUS", "")).upper() == "CANCELLED"


def _sequence(entry: Entry) -> int:
    try:
        return int(entry.get("SEQUENCE", 0))
    except (ValueError, TypeError):
        return 0
