"""Which zone an event of a calendar file means, and what had to be assumed for that.

In this order: what the file defines, whatever the name says (RFC 5545, 3.6.5); what the name says;
the calendar's own zone; the only one that the file defines; the reader's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from nudger.ics.lines import CalendarContent, FileContent
from nudger.ics.vtimezone import FileZone, file_zone
from nudger.ics.zone_names import NamedZone, named_zone, same_clock, zone_by_clock

MOST_ZONES = 200
LONGEST_SHOWN = 60
_OWN = ("X-WR-TIMEZONE", "X-WR-TIME-ZONE", "TIMEZONE-ID")


@dataclass(frozen=True, slots=True)
class Assumption:
    """How events were read that name no zone (`named` is empty) or one that does not say all.
    `read_as` is empty for the reader's own zone; `why` follows a comma."""

    named: str
    read_as: str
    why: str
    defined: bool = False

    def text(self, events: int, default: str) -> str:
        """One line; `default` is the reader's zone."""
        many, read_as = events != 1, self.read_as or default
        subject = f"{events} events" if many else "1 event"
        if not self.named:
            return f"{subject} {'name' if many else 'names'} no zone: read in {read_as}, {self.why}"
        name = self.named if len(self.named) <= LONGEST_SHOWN else f"{self.named[:LONGEST_SHOWN]}…"
        names = f"{subject} {'name' if many else 'names'} the zone '{name}'"
        if self.defined:
            return f"{names}, which the file itself defines: read {self.why}"
        return f"{names}, which has no definition: read as {read_as}, {self.why}"


@dataclass(frozen=True, slots=True)
class ReadZone:
    """`zone` is `None` for the reader's own."""

    zone: tzinfo | None
    assumed: Assumption | None = None


class CalendarZones:
    """The zones of one VCALENDAR. Definitions elsewhere in the file count where it has none."""

    def __init__(self, content: CalendarContent, file: FileContent) -> None:
        self._here = _definitions([content])
        self._file = _definitions(file.calendars)
        self._read: dict[str, ReadZone] = {}
        named = next((content.properties[name] for name in _OWN if name in content.properties), "")
        self.own = _own_zone(named, self._defined(named))

    def read(self, tzid: str) -> ReadZone:
        """The zone of times with this TZID, by its quotes and blanks or without."""
        if tzid not in self._read:
            self._read[tzid] = self._reading(tzid)
        return self._read[tzid]

    def read_floating(self) -> ReadZone:
        """The zone of times that name none."""
        if self.own is not None:
            why = "the calendar's own zone"
            return ReadZone(self.own, Assumption("", shown(self.own), why))
        return ReadZone(None, Assumption("", "", "where they are looked at"))

    def _reading(self, tzid: str) -> ReadZone:
        defined = self._defined(tzid)
        if defined is not None:
            return ReadZone(defined)
        named = named_zone(tzid)
        if named is not None:
            assumed = Assumption(tzid, named.shown, named.why) if named.why else None
            return ReadZone(ZoneInfo(named.iana), assumed)
        if self.own is not None:
            return ReadZone(self.own, Assumption(tzid, shown(self.own), "the calendar's own zone"))
        only = self._only_zone()
        if only is not None:
            why = "the only zone that the file defines"
            return ReadZone(only, Assumption(tzid, shown(only), why))
        return ReadZone(None, Assumption(tzid, "", "as nothing says what it is"))

    def _defined(self, tzid: str) -> FileZone | None:
        """By the name itself, else without regard to case, as some programs define "utc"."""
        bare = _bare(tzid)
        for definitions in (self._here, self._file):
            for name in (bare, bare.casefold()):
                if name in definitions:
                    named = named_zone(bare)
                    usual = ZoneInfo(named.iana) if named else None
                    return file_zone(bare, definitions[name], usual)
        return None

    def _only_zone(self) -> FileZone | None:
        """Outlook defines UTC beside the one that it means."""
        zones = [file_zone(name, lines) for name, lines in self._file.items()]
        local = {zone.key.casefold(): zone for zone in zones if zone and iana_of(zone) != "UTC"}
        return next(iter(local.values())) if len(local) == 1 else None


def _definitions(calendars: Sequence[CalendarContent]) -> Mapping[str, tuple[str, ...]]:
    """The lines of each VTIMEZONE by its TZID, the first of a name, and by that in lower case."""
    found: dict[str, tuple[str, ...]] = {}
    for calendar in calendars:
        parts = [one for one in calendar.components if one.name == "VTIMEZONE"]
        for part in parts[:MOST_ZONES]:
            tzid = next((line for line in part.lines if line[:4].upper() == "TZID"), "")
            name = _bare(tzid.partition(":")[2])
            lines = tuple(part.lines)
            if name and file_zone(name, lines) is not None:
                found.setdefault(name, lines)
    return {**{name.casefold(): lines for name, lines in reversed(found.items())}, **found}


def _bare(tzid: str) -> str:
    return tzid.strip(" \t\"'").replace("\\,", ",").replace("\\;", ";")


def _own_zone(named: str, defined: FileZone | None) -> tzinfo | None:
    if defined is not None:
        return defined
    known = named_zone(named) if named else None
    return ZoneInfo(known.iana) if known else None


def shown(zone: tzinfo) -> str:
    """A zone's name for people."""
    if isinstance(zone, ZoneInfo):
        return NamedZone(zone.key).shown
    return zone.key if isinstance(zone, FileZone) else str(zone)


def iana_of(zone: tzinfo | None) -> str | None:
    """The IANA zone that shows the same time, by its name or by its clock, if there is one."""
    if isinstance(zone, ZoneInfo):
        return zone.key
    if not isinstance(zone, FileZone):
        return None
    named = named_zone(zone.key)
    if named is not None and same_clock(ZoneInfo(named.iana), zone):
        return named.iana
    return zone_by_clock(zone)


def unusual(zone: tzinfo | None, at: datetime) -> Assumption | None:
    """What to say of a zone whose definition in the file shows another time at a moment than the
    place of its name."""
    if not isinstance(zone, FileZone):
        return None
    known = named_zone(zone.key)
    if not zone.covers(at):
        other = f"as {known.shown}" if known else "by what it says of other years"
        return Assumption(zone.key, "", f"{other}, as the file says nothing of that time", True)
    if known is None:
        return None
    usual, defined = at.replace(tzinfo=ZoneInfo(known.iana)), at.replace(tzinfo=zone)
    if usual.utcoffset() == defined.utcoffset():
        return None
    return Assumption(zone.key, "", f"as defined, at other times than {known.shown} has", True)
