"""Exported calendars to events: series are expanded over a window, broken entries left out.

Sources: RFC 5545; [MS-OXCICAL] for Outlook's X-MICROSOFT properties.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar
from icalendar import Event as Entry

from nudger.domain.event import Event
from nudger.exported.entry import as_event, is_override
from nudger.exported.lines import Component, FileContent, read_content
from nudger.exported.zones import zone_name

_TIMED = re.compile(r"(?:DTSTART|DTEND|RECURRENCE-ID|EXDATE|RDATE)\b", re.IGNORECASE)
# Outlook has zones such as (UTC+01:00) Berlin, with a colon of their own, quoted or not.
_TZID = re.compile(r";TZID=(\"[^\"]*\"|[^;\"]*?)(?=;[A-Z-]+=|:[0-9PTZ,/-]+\s*$)", re.IGNORECASE)
_RECURS = ("RRULE", "RDATE")
MOST_DATES_OF_A_SERIES = 2_000


class NotACalendar(Exception):
    """The file cannot be read, or holds no calendar; one line."""


@dataclass(slots=True)
class Exported:
    """What a set of files holds. `entries` maps a UID to its entries; `problems` are lines for
    the person who exported, `zone` is the first calendar's own."""

    entries: dict[str, list[Entry]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    zone: str | None = None


def find_files(paths: Iterable[Path]) -> list[Path]:
    """The files themselves, and the .ics files in folders. Raises `NotACalendar`."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(file for file in path.rglob("*") if file.suffix.lower() == ".ics")
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
        content = read_content(raw)
        if not content.is_calendar:
            raise NotACalendar(f"{file} is no calendar: it has no BEGIN:VCALENDAR.")
        _add(exported, file.name, content)
    return exported


def _add(exported: Exported, file: str, content: FileContent) -> None:
    if content.dropped:
        exported.problems.append(f"{file}: {content.dropped} broken lines left out")
    defined = _locations(content)
    own_zone = zone_name(content.properties.get("X-WR-TIMEZONE", ""), {})
    exported.zone = exported.zone or own_zone
    for number, component in enumerate(_events(content), start=1):
        read = _entry(component, defined, own_zone)
        if read is None:
            exported.problems.append(f"{file}: event {number} cannot be read, left out")
            continue
        uid = str(read.get("UID", "")) or f"{file}#{number}"
        _keep(exported.entries.setdefault(uid, []), read)


def _events(content: FileContent) -> Iterator[Component]:
    return (one for one in content.components if one.name == "VEVENT")


def _locations(content: FileContent) -> dict[str, str]:
    """The file's own zones with the IANA location that they name, where they do."""
    found: dict[str, str] = {}
    for component in content.components:
        if component.name == "VTIMEZONE":
            lines = dict(line.partition(":")[::2] for line in component.lines)
            tzid = lines.get("TZID", "").strip()
            location = lines.get("X-LIC-LOCATION", "").strip()
            if tzid and location:
                found[tzid] = location
    return found


def _entry(component: Component, defined: dict[str, str], own_zone: str | None) -> Entry | None:
    """The entry without those of its lines that cannot be read; `None` without a start."""
    lines = [_with_known_zone(line, defined, own_zone) for line in component.lines]
    parsed: Entry | None
    try:
        parsed = _parsed(lines)
    except (ValueError, LookupError, TypeError, AttributeError):
        parsed = _parsed_line_by_line(lines)
    start = parsed.get("DTSTART") if parsed is not None else None
    return parsed if start is not None and isinstance(start.dt, date) else None


def _parsed(lines: list[str]) -> Entry:
    text = "\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT", ""])
    parsed = Entry.from_ical(text)
    assert isinstance(parsed, Entry)  # noqa: S101 - by its BEGIN
    for name in ("DTSTART", "DTEND", "RECURRENCE-ID"):
        value = parsed.get(name)
        if value is not None and not hasattr(value, "dt"):
            raise ValueError(f"{name} is given twice or cannot be read")
    return parsed


def _parsed_line_by_line(lines: list[str]) -> Entry | None:
    kept: list[str] = []
    for line in lines:
        try:
            _parsed([*kept, line])
        except (ValueError, LookupError, TypeError, AttributeError):
            continue
        kept.append(line)
    try:
        return _parsed(kept)
    except (ValueError, LookupError, TypeError, AttributeError):
        return None


def _with_known_zone(line: str, defined: dict[str, str], own_zone: str | None) -> str:
    """The line with a TZID that every reader knows."""
    match = _TZID.search(line) if _TIMED.match(line) else None
    if match is None:
        return line
    name = zone_name(match[1], defined) or own_zone
    replacement = f";TZID={name}" if name else ""
    return f"{line[: match.start()]}{replacement}{line[match.end() :]}"


def _keep(entries: list[Entry], new: Entry) -> None:
    """Keep the newest copy of an entry: the same meeting may lie in several files."""
    mark = _mark(new)
    for at, known in enumerate(entries):
        if _mark(known) == mark:
            if _sequence(new) > _sequence(known):
                entries[at] = new
            return
    entries.append(new)


def _mark(entry: Entry) -> datetime | date | None:
    value = entry.get("RECURRENCE-ID")
    if value is None:
        return None
    return _as_utc(value.dt)


def _as_utc(moment: datetime | date) -> datetime | date:
    if isinstance(moment, datetime) and moment.tzinfo is not None:
        return moment.astimezone(UTC)
    return moment


def _sequence(entry: Entry) -> int:
    try:
        return int(entry.get("SEQUENCE", 0))
    except (ValueError, TypeError):
        return 0


def occurrences(
    exported: Exported, owner: str, window: tuple[datetime, datetime], default_zone: str
) -> Iterator[Event]:
    """Every occurrence that touches the window, as it would lie in `owner`'s calendar.

    Times without a zone are in `default_zone`.
    """
    zone = ZoneInfo(default_zone)
    for uid, entries in exported.entries.items():
        for entry in _expanded(exported, uid, entries, window, zone):
            try:
                event = as_event(entry, uid, owner, zone, recurs=_recurs(entries))
            except (ValueError, LookupError, TypeError, AttributeError, OverflowError):
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
    calendar = Calendar()
    for entry in entries:
        calendar.add_component(_zoned(entry, zone))
    begin, end = (moment.astimezone(zone) for moment in window)
    try:
        found: list[Entry] = recurring_ical_events.of(calendar).between(begin, end)
    except Exception:  # the library raises what its parsers raise; one series must not stop all
        exported.problems.append(f"the series {uid} has a rule that cannot be read: dates missing")
        return [_without_rule(entry) for entry in entries]
    return found[:MOST_DATES_OF_A_SERIES]


def _without_rule(entry: Entry) -> Entry:
    for name in (*_RECURS, "EXDATE"):
        entry.pop(name, None)
    return entry


def _zoned(entry: Entry, zone: ZoneInfo) -> Entry:
    """The entry with its zoneless times in `zone`: rules cannot mix both kinds."""
    for name in ("DTSTART", "DTEND", "RECURRENCE-ID"):
        value = entry.get(name)
        if value is not None and isinstance(value.dt, datetime) and value.dt.tzinfo is None:
            value.dt = value.dt.replace(tzinfo=zone)
    return entry
