"""Which stretch of time an admin means by a few words: "2026-11-24", "tomorrow 14:00", "tue"."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

Stretch = tuple[datetime, datetime]

_CLOCK = re.compile(r"(\d{1,2}):(\d{2})", re.ASCII)
_DAYS = re.compile(r"([+-]?)(\d{1,4})d", re.ASCII)
_RELATIVE = {"today": 0, "tomorrow": 1, "yesterday": -1}
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = re.compile(rf"({'|'.join(_WEEKDAYS)})[a-z]{{0,6}}", re.IGNORECASE | re.ASCII)
_WRITTEN = ("%d %b %Y", "%d %B %Y")
_YEARS = range(1970, 2200)
"""Years that every database can keep."""
_MINUTE, _DAY = timedelta(minutes=1), timedelta(days=1)


def read_when(text: str, now: datetime, zone: ZoneInfo) -> Stretch | None:
    """The day, or the minute where a time of day is said, in this zone; `None` where `text` is no
    time. Days are ISO, "today", "tomorrow", "yesterday", a weekday (the coming one), or as our
    lists show them ("Tue 24 Nov 2026"; without a year, the nearest)."""
    exact = _iso_moment(text.strip(), zone)
    if exact is not None:
        return exact, exact + _MINUTE
    *words, last = text.split() or [""]
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
    weekday = _WEEKDAY.fullmatch(bare)
    if weekday:
        ahead = (_WEEKDAYS.index(weekday[1].lower()) - today.weekday()) % 7
        return today + ahead * _DAY
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
    if words and _WEEKDAY.fullmatch(words[0]):
        words = words[1:]
    has_year = len(words) == len(("24", "Nov", "2026"))
    years = [int(words[2])] if has_year and words[2].isdecimal() else _around(today.year)
    found = [day for year in years if (day := _named_day(words[:2], year)) is not None]
    if len(words) not in (2, 3) or (has_year and not words[2].isdecimal()):
        return None
    return min(found, key=lambda day: abs(day - today), default=None)


def _around(year: int) -> list[int]:
    return [year - 1, year, year + 1]


def _named_day(day_and_month: list[str], year: int) -> date | None:
    for form in _WRITTEN:
        try:
            day = datetime.strptime(" ".join([*day_and_month, str(year)]), form).date()  # noqa: DTZ007
        except ValueError:
            continue
        return day if day.year in _YEARS else None
    return None


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
