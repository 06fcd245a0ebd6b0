"""The time zones that exports name: IANA, Windows, and what programs make of them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

from icalendar import Timezone

from nudger.domain.zones import UTC_NAMES, iana_name

_OFFSET = re.compile(r"\(?(?:UTC|GMT)\s*([+-])\s*(\d{1,2})(?::?(\d{2}))?\)?", re.IGNORECASE)
_YEARLY = re.compile(r"FREQ=YEARLY\b(?!.*BY(?:HOUR|MINUTE|SECOND))", re.IGNORECASE)
_CITIES = {
    "amsterdam": "Europe/Amsterdam", "berlin": "Europe/Berlin", "brussels": "Europe/Brussels",
    "paris": "Europe/Paris", "madrid": "Europe/Madrid", "rome": "Europe/Rome",
    "vienna": "Europe/Vienna", "warsaw": "Europe/Warsaw", "prague": "Europe/Prague",
    "budapest": "Europe/Budapest", "belgrade": "Europe/Belgrade", "dublin": "Europe/Dublin",
    "london": "Europe/London", "lisbon": "Europe/Lisbon", "athens": "Europe/Athens",
    "helsinki": "Europe/Helsinki", "kyiv": "Europe/Kiev", "istanbul": "Europe/Istanbul",
    "moscow": "Europe/Moscow", "eastern time": "America/New_York",
    "central time": "America/Chicago", "mountain time": "America/Denver",
    "pacific time": "America/Los_Angeles", "arizona": "America/Phoenix",
    "brasilia": "America/Sao_Paulo", "tokyo": "Asia/Tokyo", "sydney": "Australia/Sydney",
    "chennai": "Asia/Kolkata", "new delhi": "Asia/Kolkata", "beijing": "Asia/Shanghai",
    "singapore": "Asia/Singapore", "dubai": "Asia/Dubai", "abu dhabi": "Asia/Dubai",
}  # fmt: skip


_PROBES = tuple(
    datetime(2026, month, day, 12)  # noqa: DTZ001 - a clock's time, in the zone that is probed
    for month in range(1, 13)
    for day in (4, 12, 20, 28)
)
"""Often enough that no two rules for summer time look alike."""


def zone_name(tzid: str, defined: Mapping[str, str]) -> str | None:
    """The IANA name of a TZID, or `None`. `defined` maps the file's own zones to locations."""
    bare = tzid.strip().strip('"')
    if bare in defined and (located := iana_name(defined[bare])):
        return located
    return named_zone(bare) or _by_offset(bare)


@lru_cache(maxsize=1_000)
def named_zone(tzid: str) -> str | None:
    """The IANA name of a TZID that names a place; an offset alone does not."""
    summer = tzid.replace(" Daylight ", " ")
    return iana_name(tzid) or iana_name(summer) or _by_ending(tzid) or _by_city(tzid)


def _by_ending(tzid: str) -> str | None:
    """As in "/freeassociation.sourceforge.net/Europe/Berlin"."""
    parts = tzid.strip("/").split("/")
    tails = ("/".join(parts[-count:]) for count in (3, 2) if len(parts) > count)
    return next((tail for tail in tails if iana_name(tail)), None)


def _by_city(tzid: str) -> str | None:
    lower = tzid.lower()
    return next((zone for city, zone in _CITIES.items() if city in lower), None)


def _by_offset(tzid: str) -> str | None:
    """A whole-hour offset as a fixed zone; POSIX turns the sign of these names."""
    match = _OFFSET.search(tzid)
    if match is None or match[3] not in (None, "00") or int(match[2]) > 12:
        return "UTC" if tzid.strip("() ").casefold() in UTC_NAMES else None
    sign = "-" if match[1] == "+" else "+"
    return f"Etc/GMT{sign}{int(match[2])}" if int(match[2]) else "UTC"


def zone_by_rules(lines: Sequence[str]) -> str | None:
    """The IANA zone whose clock goes as a VTIMEZONE's rules say; `lines` are those between its
    BEGIN and END. `None` for rules that cannot be read, or that no zone has."""
    rules = [line for line in lines if not line.upper().startswith("TZID")]
    if any(line.upper().startswith("RRULE") and not _YEARLY.search(line) for line in rules):
        return None
    # The library remembers zones by their names, and these are all "Custom".
    name = hashlib.sha256("\n".join(rules).encode()).hexdigest()
    text = "\r\n".join(["BEGIN:VTIMEZONE", f"TZID:{name}", *rules, "END:VTIMEZONE", ""])
    try:
        made = Timezone.from_ical(text)
        shown = _clock(made.to_tz()) if isinstance(made, Timezone) else None
    except Exception:  # the library raises what its parsers raise; the zone is unknown then
        return None
    return None if shown is None else _zones_by_clock().get(shown)


@cache
def _zones_by_clock() -> Mapping[tuple[object, ...], str]:
    """The first candidate of each clock."""
    found: dict[tuple[object, ...], str] = {}
    for name in _candidates():
        found.setdefault(_clock(ZoneInfo(name)), name)
    return found


def _candidates() -> Iterator[str]:
    """Well-known zones first, then plain offsets, then all others."""
    yield "UTC"
    yield from dict.fromkeys(_CITIES.values())
    yield from (f"Etc/GMT{hours:+d}" for hours in range(-12, 13) if hours)
    yield from sorted(name for name in available_timezones() if "/" in name)


def _clock(zone: tzinfo) -> tuple[object, ...]:
    return tuple(probe.replace(tzinfo=zone).utcoffset() for probe in _PROBES)
