"""What a TZID means that a file does not define: IANA's and Windows' names, and what programs make
of them.

Only an IANA name says it beyond doubt; whatever else is made of a name comes with why.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

from nudger.domain.zones import UTC_NAMES, iana_name

_HOURS = r"([+-])\s?(\d{1,2})(?:[:.]?(\d{2})|(\.5))?(?!\d)"
_OFFSET = re.compile(rf"(?:(?:UTC|GMT)\s?|\(|^){_HOURS}", re.IGNORECASE)
_WINTER_AND_SUMMER = re.compile(rf"{_HOURS}[^-+/]{{0,30}}/[^-+/]{{0,30}}{_HOURS}")
_IANA_INSIDE = re.compile(
    r"(?:Africa|America|Antarctica|Asia|Atlantic|Australia|Europe|Indian|Pacific|US|Etc)"
    r"/[A-Za-z0-9_+/-]{1,60}"
)
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
    "central europe": "Europe/Berlin", "westeuropäische normalzeit": "Europe/Berlin",
    "mitteleuropäische": "Europe/Berlin",
}  # fmt: skip
_REGIONS = {
    "ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver",
    "PT": "America/Los_Angeles", "AET": "Australia/Sydney", "UK": "Europe/London",
}  # fmt: skip
_ABBREVIATIONS = {
    "NST": -210, "NDT": -150, "AST": -240, "ADT": -180, "EDT": -240, "CST": -360, "CDT": -300,
    "MDT": -360, "PST": -480, "PDT": -420, "AKST": -540, "AKDT": -480, "BRT": -180, "ART": -180,
    "CLT": -240, "COT": -300, "PET": -300, "WEST": 60, "BST": 60, "CEST": 120, "MEZ": 60,
    "MESZ": 120, "EEST": 180, "SAST": 120, "MSK": 180, "TRT": 180, "GST": 240, "PKT": 300,
    "IST": 330, "ICT": 420, "WIB": 420, "SGT": 480, "HKT": 480, "AWST": 480, "JST": 540,
    "KST": 540, "ACST": 570, "ACDT": 630, "AEST": 600, "AEDT": 660, "NZST": 720, "NZDT": 780,
}  # fmt: skip
"""Minutes east of Greenwich. Those that several countries use are read as most calendars mean them;
those that are IANA's as well, such as EST, never come here."""
_WITH_SUMMER = {
    (-210, -150): "America/St_Johns", (-240, -180): "America/Halifax",
    (-300, -240): "America/New_York", (-360, -300): "America/Chicago",
    (-420, -360): "America/Denver", (-480, -420): "America/Los_Angeles",
    (-540, -480): "America/Anchorage", (0, 60): "Europe/London", (60, 120): "Europe/Berlin",
    (120, 180): "Europe/Athens", (570, 630): "Australia/Adelaide",
    (600, 660): "Australia/Sydney", (720, 780): "Pacific/Auckland",
}  # fmt: skip
_PROBES = tuple(
    datetime(2026, month, day, 12)  # noqa: DTZ001 - a clock's time, in the zone that is probed
    for month in range(1, 13)
    for day in (4, 12, 20, 28)
)
"""Often enough that no two rules for summer time look alike."""


@dataclass(frozen=True, slots=True)
class NamedZone:
    """An IANA zone, and why a name was read as it; empty for a name that says so itself."""

    iana: str
    why: str = ""

    @property
    def shown(self) -> str:
        """The zone for people; POSIX turns the sign of a fixed one."""
        offset = ZoneInfo(self.iana).utcoffset(_PROBES[0])
        if not self.iana.startswith("Etc/GMT") or offset is None:
            return self.iana
        sign, minutes = "-" if offset < timedelta() else "+", abs(offset) // timedelta(minutes=1)
        return f"UTC{sign}{minutes // 60:02}:{minutes % 60:02}"


@lru_cache(maxsize=1_000)
def named_zone(tzid: str) -> NamedZone | None:
    """What a TZID means, `None` where it says nothing."""
    name = tzid.strip(" \"'")
    if name.casefold() in UTC_NAMES:
        return NamedZone("UTC")
    if exact := _iana_by_casefold().get(name.casefold()):
        return NamedZone(exact)
    if windows := iana_name(name) or iana_name(name.replace(" Daylight ", " Standard ")):
        return NamedZone(windows, "which is that zone's name at Microsoft")
    if inside := _inside(name):
        return NamedZone(inside, "which the name contains")
    return _by_winter_and_summer(name) or _by_city(name) or _by_letters(name) or _by_offset(name)


@cache
def _iana_by_casefold() -> Mapping[str, str]:
    return {name.casefold(): name for name in available_timezones()}


def _inside(name: str) -> str | None:
    """As in "/freeassociation.sourceforge.net/Europe/Berlin" and "/America/New_York"."""
    known = _iana_by_casefold()
    slashed = re.sub(r"[-_ ]", "/", name, count=1).replace(" ", "_").casefold()
    if slashed in known:
        return known[slashed]
    parts = name.strip("/").split("/")
    if len(parts) > 1:
        tails = ("/".join(parts[-count:]).casefold() for count in (3, 2, 1) if len(parts) >= count)
        if found := next((known[tail] for tail in tails if tail in known), None):
            return found
    match = _IANA_INSIDE.search(name.replace(" ", "_"))
    whole = match[0].rstrip("_-/+") if match else ""
    words = [whole, whole.rpartition("_")[0], whole.partition("_")[0]]
    return next((known[word.casefold()] for word in words if word.casefold() in known), None)


def _by_winter_and_summer(name: str) -> NamedZone | None:
    """As in "GMT-05.00/-04.00"."""
    match = _WINTER_AND_SUMMER.search(name)
    if match is None:
        return None
    offsets = _minutes(match.groups()[:4]), _minutes(match.groups()[4:])
    found = _WITH_SUMMER.get((min(offsets), max(offsets)))
    return NamedZone(found, "whose clocks show both offsets that the name gives") if found else None


def _by_city(name: str) -> NamedZone | None:
    """Not against an offset that the name gives as well."""
    lower, offset = name.casefold(), _OFFSET.search(name)
    found = next((zone for city, zone in _CITIES.items() if city in lower), None)
    if found is None:
        return None
    if offset is not None and timedelta(minutes=_minutes(offset.groups())) not in _clock(
        ZoneInfo(found)
    ):
        return None
    return NamedZone(found, "which the name speaks of")


def _by_letters(name: str) -> NamedZone | None:
    upper = name.upper()
    if upper in _REGIONS:
        return NamedZone(_REGIONS[upper], "which these letters stand for")
    minutes = _ABBREVIATIONS.get(upper)
    fixed = fixed_zone(minutes) if minutes is not None else None
    return NamedZone(fixed, "all the year, as the abbreviation says") if fixed else None


def _by_offset(name: str) -> NamedZone | None:
    match = _OFFSET.search(name)
    fixed = fixed_zone(_minutes(match.groups())) if match else None
    return NamedZone(fixed, "all the year, as the name says") if fixed else None


def _minutes(groups: tuple[str | None, ...]) -> int:
    sign, hours, minutes, half = groups
    size = int(hours or 0) * 60 + (30 if half or minutes == "50" else int(minutes or 0))
    return -size if sign == "-" else size


def fixed_zone(minutes: int) -> str | None:
    """The IANA zone whose clock is this far east of Greenwich all the year, if there is one."""
    return _zones_by_clock().get((timedelta(minutes=minutes),) * len(_PROBES))


def zone_by_clock(zone: tzinfo) -> str | None:
    """The IANA zone whose clock goes as this one's."""
    return _zones_by_clock().get(_clock(zone))


def same_clock(one: tzinfo, other: tzinfo) -> bool:
    """Whether both show the same time all through this year."""
    return _clock(one) == _clock(other)


@cache
def _zones_by_clock() -> Mapping[tuple[timedelta | None, ...], str]:
    """The first candidate of each clock."""
    found: dict[tuple[timedelta | None, ...], str] = {}
    for name in _candidates():
        found.setdefault(_clock(ZoneInfo(name)), name)
    return found


def _candidates() -> Iterator[str]:
    """Plain offsets first, then well-known zones, then all others."""
    yield "UTC"
    yield from (f"Etc/GMT{hours:+d}" for hours in range(-14, 13) if hours)
    yield from dict.fromkeys(_CITIES.values())
    yield from sorted(name for name in available_timezones() if "/" in name)


@lru_cache(maxsize=1_000)
def _clock(zone: tzinfo) -> tuple[timedelta | None, ...]:
    return tuple(zone.utcoffset(probe) for probe in _PROBES)
