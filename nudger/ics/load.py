"""Exported files to calendar entries, broken ones left out, the newest copy of each kept.

Sources: RFC 5545 and 5546.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from nudger.ics.calendar_zones import Assumption, CalendarZones, iana_of
from nudger.ics.copies import Copies
from nudger.ics.entries import ReadEntry, property_values, read_entry
from nudger.ics.lines import CalendarContent, Component, FileContent, read_content

_STARTS = re.compile(r"DTSTART[^:]{0,100}:(\d{8}(?:T\d{6})?)", re.IGNORECASE)
MOST_BYTES = 50_000_000
MOST_EVENTS = 30_000
_SUFFIXES = (".ics", ".ical", ".vcs")
_ANSWERS = ("REPLY", "COUNTER", "DECLINECOUNTER", "REFRESH")


class NotACalendar(Exception):
    """The file cannot be read, or holds no calendar; one line."""


@dataclass(slots=True)
class Exported:
    """What a set of files holds: the newest copy of each event; `problems` are lines for the person
    who exported; `own_zone` is the first calendar's own, `named_zones` counts those that events
    name, both by IANA names; `assumed` is what had to be assumed of the events of a UID."""

    copies: Copies = field(default_factory=Copies)
    problems: list[str] = field(default_factory=list)
    own_zone: str | None = None
    named_zones: Counter[str] = field(default_factory=Counter)
    assumed: dict[str, dict[Assumption, None]] = field(default_factory=dict)
    events: int = 0

    @property
    def zone(self) -> str | None:
        """Where the calendar is kept: its own zone, else the one that most events name."""
        common = self.named_zones.most_common(1)
        return self.own_zone or (common[0][0] if common else None)


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
    """Every event of the files. One among several that cannot be read is left out with a line.
    Raises `NotACalendar` where none can."""
    exported = Exported()
    refused: list[str] = []
    read = 0
    for file in files:
        try:
            content = _content(file)
        except NotACalendar as problem:
            refused.append(str(problem))
            continue
        read += 1
        _add(exported, file.name, content)
    if refused and not read:
        more = f" (and {len(refused) - 1} more like it)" if len(refused) > 1 else ""
        raise NotACalendar(refused[0] + more)
    exported.problems[:0] = [f"left out: {line}" for line in refused]
    return exported


def _content(file: Path) -> FileContent:
    """Raises `NotACalendar`."""
    try:
        too_large = file.stat().st_size > MOST_BYTES
        raw = b"" if too_large else file.read_bytes()
    except OSError as error:
        raise NotACalendar(f"{file} cannot be read: {error.strerror}.") from error
    if too_large:
        raise NotACalendar(f"{file} is larger than {MOST_BYTES // 1_000_000} MB.")
    if not raw.strip():
        raise NotACalendar(f"{file} is empty.")
    content = read_content(raw)
    if not content.is_calendar:
        raise NotACalendar(f"{file} is no calendar: it has no BEGIN:VCALENDAR.")
    return content


def _add(exported: Exported, file: str, content: FileContent) -> None:
    if content.dropped:
        exported.problems.append(f"{file}: {content.dropped} broken lines left out")
    if content.cut:
        exported.problems.append(f"{file}: {content.cut} lines of overlong events left out")
    if content.ends_within:
        exported.problems.append(f"{file}: ends within an event, as if it were cut off")
    before, older = exported.events, exported.copies.older
    for calendar in content.calendars:
        method = calendar.properties.get("METHOD", "").strip().upper()
        if method in _ANSWERS:
            exported.problems.append(f"{file}: an answer to an invitation, left out")
            continue
        zones = CalendarZones(calendar, content)
        exported.own_zone = exported.own_zone or iana_of(zones.own)
        for number, component in _chosen(exported, file, calendar, exported.events - before):
            read = read_entry(component, zones)
            if read is None:
                exported.problems.append(f"{file}: event {number} cannot be read, left out")
                continue
            if method == "CANCEL":  # RFC 5546, 3.2.5: the method alone may say it
                read.entry["STATUS"] = "CANCELLED"
            _keep(exported, read, f"{file}#{number}", number)
    if older := exported.copies.older - older:
        exported.problems.append(f"{file}: {older} older copies of events left out")


def _keep(exported: Exported, read: ReadEntry, unnamed: str, number: int) -> None:
    uid = exported.copies.keep(read.entry, unnamed, number)
    if read.assumed:
        exported.assumed.setdefault(uid, {}).update(dict.fromkeys(read.assumed))
    for value in property_values(read.entry, "DTSTART", "RECURRENCE-ID"):
        name = iana_of(getattr(value.dt, "tzinfo", None))
        if name is not None and name != "UTC":
            exported.named_zones[name] += 1


def _chosen(
    exported: Exported, file: str, calendar: CalendarContent, before: int
) -> list[tuple[int, Component]]:
    """A calendar's events with their numbers in the file, of which `before` went before: all of
    them, or as many as are read at all, series first and then those that begin last."""
    events = [one for one in calendar.components if one.name == "VEVENT"]
    numbered = list(enumerate(events, start=before + 1))
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
