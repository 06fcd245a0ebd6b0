"""Which stretch of time an admin means by a few words: "2026-11-24", "tomorrow 14:00", "tue"."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

Stretch = tuple[datetime, datetime]

_CLOCK = re.compile(r"(\d{1,2}):(\d{2})", re.ASCII)
_DAYS = re.compile(r"([+-]?)(\d{1,4})d", re.ASCII)
_RELATIVE = {"today": 0, "tomorrow": 1, "yesterday": -1}
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY = {short: n for n, day in enumerate(_WEEKDAYS) for short in (day, day[:3], f"{day[:3]}.")}
_WRITTEN = ("%d %b %Y", "%d %B %Y")
_YEARS = range(1970, 9999)
"""Years that every database can keep, also a day later and in any zone."""
_MINUTE, _DAY = timedelta(minutes=1), timedelta(days=1)


def read_when(text: str, now: datetime, zone: ZoneInfo) -> Stretch | None:
    """The day, or the minute where a time of day is said, in this zone; `None` where `text` is no
    time. Days are ISO, "today", "tomorrow", "yesterday", a weekday (the coming one), or as our
    lists show them ("Tue 24 Nov 2026"; without a year, the nearest)."""
    exact = _iso_moment(text.strip(), zone)
    if exact is not None:
        return exact, exact + _MINUTE
    if not text.strip():
        return None
    *words, last = text.split()
    clock = _CLOCK.fullmatch(last)
    day = _day(words if clock else [*words, last], now.astimezone(zone).date())
    if day is None:
        return None
    if clock is None:
        return _midnight(day, zone), _midnight(day + _DAY, zone)
    try:
        at = datetime.combine(day, time(int(clock[1]), int(clock[2])), zone)
    except ValueError:
        return None
    return at.astimezone(UTC), at.astimezone(UTC) + _MINUTE


def read_bound(text: str, now: datetime, zone: ZoneInfo, *, days_ahead: bool) -> Stretch | None:
    """As `read_when`, or one moment so many days from `now` as "-30d" or "+14d" say; "14d" alone
    lies ahead with `days_ahead`, and back without. `None` where `text` is neither."""
    days = _DAYS.fullmatch(text.strip())
    if days is None:
        return read_when(text, now, zone)
    ahead = days[1] == "+" or (days_ahead and not days[1])
    at = now + timedelta(days=int(days[2])) * (1 if ahead else -1)
    return at, at


def _iso_moment(text: str, zone: ZoneInfo) -> datetime | None:
    if len(text) <= len("2026-11-24"):
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    if at.year not in _YEARS:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)


def _day(words: list[str], today: date) -> date | None:
    bare = " ".join(words).lower()
    if bare in _WEEKDAY:
        return today + (_WEEKDAY[bare] - today.weekday()) % 7 * _DAY
    if bare in _RELATIVE or not bare:
        return today + _RELATIVE.get(bare, 0) * _DAY
    return _iso_day(bare) or _written_day(words, today)


def _iso_day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year in _YEARS else None


def _written_day(words: list[str], today: date) -> date | None:
    bare = words[1:] if words and words[0].lower() in _WEEKDAY else words
    if len(bare) == len(("24", "Nov")):
        near = (today.year - 1, today.year, today.year + 1)
        found = [day for year in near if (day := _named_day([*bare, str(year)])) is not None]
        return min(found, key=lambda day: abs(day - today), default=None)
    return _named_day(bare)


def _named_day(words: list[str]) -> date | None:
    for form in _WRITTEN:
        try:
            day = datetime.strptime(" ".join(words), form).date()  # noqa: DTZ007
        except ValueError:
            continue
        return day if day.year in _YEARS else None
    return None


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
