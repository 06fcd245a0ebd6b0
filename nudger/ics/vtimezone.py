"""A time zone that a calendar file defines itself (RFC 5545, 3.6.5), as a `tzinfo`.

The definition is the truth for its TZID, whatever the name says. Not dateutil's reader, which
compares an UNTIL in UTC with local onsets and so loses the last change east of Greenwich, and
refuses what it does not know; not icalendar's, which keeps zones by name for the whole process.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from itertools import islice
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

_OFFSET = re.compile(r"([+-]?)(\d{1,2}):?(\d{2}):?(\d{2})?")
_MOMENT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})?(Z)?)?")
_EACH_YEAR = ("FREQ", "BYMONTH", "BYDAY", "BYMONTHDAY", "WKST", "UNTIL")
_ONE_TIME = ("BYHOUR", "BYMINUTE", "BYSECOND")
_RULE_PARTS = (*_EACH_YEAR, *_ONE_TIME, "INTERVAL", "COUNT")
_HORIZON = datetime(2070, 1, 1)  # noqa: DTZ001 - onsets are local times
_FIRST_YEAR = 1968
_A_DAY, _A_YEAR, _LONGEST_TURN = timedelta(days=1), timedelta(days=365), timedelta(days=300)
_UNREADABLE = (ValueError, ArithmeticError, LookupError, TypeError)
MOST_OBSERVANCES = 400
MOST_RULES = 60
MOST_CHANGES = 4_000


@dataclass(slots=True)
class _Observance:
    """A STANDARD or DAYLIGHT part: when the clocks change to it, and what they show."""

    standard: bool
    properties: dict[str, list[str]] = field(default_factory=dict)

    def first(self, name: str) -> str:
        return self.properties.get(name, [""])[0]


@dataclass(frozen=True, slots=True, order=True)
class _Change:
    """`moment` is in UTC, without a zone."""

    moment: datetime
    before: timedelta
    after: timedelta
    to_standard: bool


class FileZone(tzinfo):
    """The zone as its file defines it; `key` is its TZID there, `usual` the zone that the world
    knows by this name. That counts before the first change that the file knows, and after the last
    where winter and summer took turns until then; without one, standard time and the last offset
    do."""

    def __init__(self, key: str, usual: ZoneInfo | None, changes: Sequence[_Change]) -> None:
        self.key = key
        self._usual = usual
        standard = [one.after for one in changes if one.to_standard]
        self._moments = [one.moment for one in changes]
        self._offsets = [(standard or [changes[0].before])[0], *(one.after for one in changes)]
        steps = list(zip(self._moments, self._offsets, self._offsets[1:], strict=False))
        # PEP 495: before a change's later local time the old offset holds, with fold the new one.
        self._local = [
            [moment + max(before, after) for moment, before, after in steps],
            [moment + min(before, after) for moment, before, after in steps],
        ]
        self._ends = _end_of(self._moments)

    def covers(self, moment: datetime) -> bool:
        """Whether the file says what this zone's clocks show at a local time, or at one in UTC."""
        bare = moment.replace(tzinfo=None)
        return self._moments[0] - _A_DAY <= bare and (self._ends is None or bare < self._ends)

    def utcoffset(self, moment: datetime | None, /) -> timedelta | None:
        if moment is None:
            return None
        if self._usual is not None and not self.covers(moment):
            return moment.replace(tzinfo=self._usual).utcoffset()
        return self._offsets[bisect_right(self._local[moment.fold], moment.replace(tzinfo=None))]

    def dst(self, _: datetime | None, /) -> timedelta | None:
        return None

    def tzname(self, _: datetime | None, /) -> str:
        return self.key

    def fromutc(self, moment: datetime, /) -> datetime:
        if self._usual is not None and not self.covers(moment):
            local = moment.replace(tzinfo=UTC).astimezone(self._usual)
            return local.replace(tzinfo=self)
        at = bisect_right(self._moments, moment.replace(tzinfo=None))
        local = moment + self._offsets[at]
        bare = local.replace(tzinfo=None)
        repeated = at > 0 and bare < self._moments[at - 1] + self._offsets[at - 1]
        return local.replace(fold=int(repeated))

    def __repr__(self) -> str:
        return f"FileZone({self.key!r})"


def _end_of(moments: Sequence[datetime]) -> datetime | None:
    """When the next change would have come where a definition stops amid the turns of winter and
    summer, as those do that list the changes of some years; `None` where it holds on."""
    if len(moments) < 2 or moments[-1] > _HORIZON - 3 * _A_YEAR:
        return None
    turn = moments[-1] - moments[-2]
    return moments[-1] + (_A_YEAR - turn) if _A_DAY < turn < _LONGEST_TURN else None


@lru_cache(maxsize=1_000)
def file_zone(key: str, lines: tuple[str, ...], usual: ZoneInfo | None = None) -> FileZone | None:
    """The zone that the lines between BEGIN and END of a VTIMEZONE define; `None` where none of
    its parts says when and to what the clocks change. Many files define the same zones."""
    changes: list[_Change] = []
    rules = 0
    for part in islice(_observances(lines), MOST_OBSERVANCES):
        rules += "RRULE" in part.properties
        if rules > MOST_RULES or len(changes) > MOST_CHANGES:
            break
        with suppress(*_UNREADABLE):
            changes += _changes(part)
    return FileZone(key, usual, sorted(set(changes))) if changes else None


def _observances(lines: Iterable[str]) -> Iterator[_Observance]:
    current: _Observance | None = None
    for line in lines:
        head, _, value = line.partition(":")
        name, value = head.partition(";")[0].strip().upper(), value.strip()
        if name == "BEGIN":
            known = value.upper() in ("STANDARD", "DAYLIGHT")
            current = _Observance(value.upper() == "STANDARD") if known else None
        elif name == "END" and current is not None:
            yield current
            current = None
        elif current is not None:
            current.properties.setdefault(name, []).append(value)


def _changes(part: _Observance) -> list[_Change]:
    """Raises `ValueError` and its like for a part that cannot be read."""
    after = _offset(part.first("TZOFFSETTO"))
    before = _offset(part.first("TZOFFSETFROM")) if part.first("TZOFFSETFROM") else after
    onsets = _onsets(part, before)
    return [_Change(onset - before, before, after, part.standard) for onset in onsets]


def _offset(text: str) -> timedelta:
    match = _OFFSET.fullmatch(text.replace(" ", ""))
    if match is None:
        raise ValueError(f"no offset: {text}")
    size = timedelta(hours=int(match[2]), minutes=int(match[3]), seconds=int(match[4] or 0))
    if size >= timedelta(hours=24):
        raise ValueError(f"no offset: {text}")
    return -size if match[1] == "-" else size


def _onsets(part: _Observance, before: timedelta) -> Iterator[datetime]:
    """The local times, as the clocks showed before, at which this part begins. A list or a rule
    that cannot be read costs itself alone."""
    start = _local(part.first("DTSTART"), before)
    yield start
    with suppress(*_UNREADABLE):
        for value in part.properties.get("RDATE", []):
            for one in value.split(",")[:MOST_CHANGES]:
                yield _local(one.partition("/")[0], before)
    with suppress(*_UNREADABLE):
        for rule in part.properties.get("RRULE", [])[:1]:
            yield from _by_rule(rule.strip().upper(), start, before)


def _by_rule(rule: str, start: datetime, before: timedelta) -> Iterator[datetime]:
    """The onsets of a yearly rule; one from 1601, as Outlook writes it, need not be gone through
    year by year. Raises `ValueError` for a rule that no clock goes by."""
    parts = dict(part.partition("=")[::2] for part in rule.split(";") if part)
    if parts.get("FREQ") != "YEARLY" or not set(parts) <= set(_RULE_PARTS):
        raise ValueError(f"no rule for a clock: {rule}")
    if any("," in parts.get(name, "") for name in _ONE_TIME) or _never_comes(parts):
        raise ValueError(f"no rule for a clock: {rule}")
    if start.year < _FIRST_YEAR and set(parts) <= set(_EACH_YEAR):
        start = start.replace(year=_FIRST_YEAR)
    count = min(int(parts.pop("COUNT", MOST_CHANGES)), MOST_CHANGES)
    until = min(_last(parts["UNTIL"], before) if "UNTIL" in parts else _HORIZON, _HORIZON)
    parts["UNTIL"] = f"{until:%Y%m%dT%H%M%S}"
    if parts.get("BYMONTH", "") == str(start.month):
        # The same dates; the library looks at the days of a month instead of those of a year.
        parts |= {"FREQ": "MONTHLY", "INTERVAL": str(12 * int(parts.get("INTERVAL", 1)))}
    text = ";".join(f"{name}={value}" for name, value in parts.items())
    yield from islice(rrulestr(text, dtstart=start), count)


def _never_comes(parts: Mapping[str, str]) -> bool:
    """Whether the library might look for an onset until the year 9999."""
    if "BYMONTHDAY" not in parts:
        return False
    days = [abs(int(day)) for day in parts["BYMONTHDAY"].split(",")]
    return min(days) > 28 or any(letter.isdigit() for letter in parts.get("BYDAY", ""))


def _last(until: str, before: timedelta) -> datetime:
    """One whose time cannot be read holds all of its day."""
    whole = _MOMENT.fullmatch(until) if "T" in until else None
    return _local(until if whole else f"{until[:8]}T235959", before)


def _local(text: str, before: timedelta) -> datetime:
    match = _MOMENT.fullmatch(text.strip().upper())
    if match is None:
        raise ValueError(f"no moment: {text}")
    numbers = [int(number or 0) for number in match.groups()[:6]]
    year, month, day, hour, minute, second = numbers
    moment = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    return (moment + before if match[7] else moment).replace(tzinfo=None)
