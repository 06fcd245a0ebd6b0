"""Times as people say them in a word or two: "2h", "tomorrow 9", "2 Wochen", "lundi"."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from nudger.domain.time_words import UNITS, any_of, each_of, unit

_LASTING = {
    "minutes": timedelta(minutes=1), "hours": timedelta(hours=1), "days": timedelta(days=1),
    "weeks": timedelta(weeks=1), "months": timedelta(days=30),
}  # fmt: skip
_NUMBERS = {number: re.compile(words) for number, words in enumerate(each_of("numbers"), 1)}
_ORDINALS = {number: re.compile(words) for number, words in enumerate(each_of("ordinals"), 2)}
_DURATIONS = {
    name: re.compile(rf"(\d{{1,3}}|{any_of('numbers')})\s*+(?:{unit(name)})") for name in UNITS
}
_EACH_MONTH = tuple(map(re.compile, each_of("months_of_the_year")))
_MONTH = any_of("months_of_the_year")
_BEHIND_DAY = rf"(?:\.|{any_of('behind_day')})?"
_DATE = re.compile(
    rf"(?P<day>\d{{1,2}}){_BEHIND_DAY}\s(?:{any_of('before_month')})?(?P<month>{_MONTH})"
)
_DATE_BACKWARDS = re.compile(rf"(?P<month>{_MONTH})\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?")
_CLOCK = re.compile(
    rf"(?:(?:{any_of('before_hour')}) )?(\d{{1,2}})(?:[:.h](\d{{2}}))?\s*"
    rf"({any_of('behind_hour')})?"
)
_LEADS = re.compile(rf"(?:(?:{any_of('leads')}) )*+")
_EVERY = re.compile(rf"(\d{{1,2}}){_BEHIND_DAY}")
_IS_DAY_AFTER_TOMORROW = re.compile(rf"(?:{any_of('day_after_tomorrow')})(?!\w)")
_IS_TOMORROW = re.compile(rf"(?:{any_of('tomorrow')})(?!\w)")
_IS_TODAY = re.compile(rf"(?:{any_of('today')})(?!\w)")
_IN_NEXT_WEEK = re.compile(rf"(?:{any_of('next_week')})(?!\w)")
_ON_WEEKDAY = tuple(
    re.compile(rf"(?:(?:{any_of('before_weekday')}) )?(?:{words})(?!\w)")
    for words in each_of("weekdays")
)


def read_duration(text: str) -> timedelta | None:
    """As in "2 weeks" or "3 Tage"; `None` for what is no duration."""
    bare = _without_lead(text.strip().lower())
    for name, pattern in _DURATIONS.items():
        match = pattern.fullmatch(bare)
        if match:
            return _LASTING[name] * _number(match[1])
    return None


def _number(said: str) -> int:
    if said.isdigit():
        return int(said)
    return next(number for number, words in _NUMBERS.items() if words.fullmatch(said))


def read_pause(text: str, now: datetime, zone: ZoneInfo) -> timedelta | None:
    """How long from `now` (aware) a pause lasts, as in "2 weeks", "Monday" or "7 January": until
    the day begins in `zone`; `None` for what says neither."""
    lasting = read_duration(text)
    if lasting is not None:
        return lasting
    bare = _without_lead(" ".join(text.lower().split()))
    local = now.astimezone(zone)
    days, rest = _day(bare, local)
    day = local.date() + timedelta(days=days) if days is not None else _date(bare, local)
    if day is None or (days is not None and rest.strip()):
        return None
    begins = datetime.combine(day, time(0), zone)
    return begins - now if begins > now else None


def _date(bare: str, local: datetime) -> date | None:
    """The next date with this day and month: "7 January", "January 7th", "7. Januar"."""
    match = _DATE.fullmatch(bare) or _DATE_BACKWARDS.fullmatch(bare)
    if match is None:
        return None
    said = match["month"]
    month = next(n for n, words in enumerate(_EACH_MONTH, 1) if words.fullmatch(said))
    for year in (local.year, local.year + 1):
        try:
            day = date(year, month, int(match["day"]))
        except ValueError:
            return None
        if day > local.date():
            return day
    return None


def read_every(text: str) -> int | None:
    """As in "2nd", "second" or "other": 2; `None` for what says no number of two or more."""
    bare = text.strip().lower()
    digits = _EVERY.fullmatch(bare)
    if digits:
        return int(digits[1]) if int(digits[1]) > 1 else None
    return next((n for n, words in _ORDINALS.items() if words.fullmatch(bare)), None)


def read_moment(text: str, now: datetime, zone: ZoneInfo, morning: time) -> datetime | None:
    """A moment after `now`, as in "tomorrow 9" or "in 2 hours", in UTC; `None` for anything else.

    A day without an hour means its `morning`.
    """
    bare = _without_lead(" ".join(text.lower().split()))
    duration = read_duration(bare)
    if duration is not None:
        return (now + duration).astimezone(UTC)
    local = now.astimezone(zone)
    days, rest = _day(bare, local)
    clock = _CLOCK.fullmatch(rest.strip()) if rest.strip() else None
    if rest.strip() and clock is None:
        return None
    if days is None and clock is None:
        return None
    at = _time(clock, morning)
    if at is None:
        return None
    moment = datetime.combine(local.date() + timedelta(days=days or 0), at, zone)
    if moment <= now and days is None:
        moment += timedelta(days=1)
    return moment.astimezone(UTC) if moment > now else None


def _without_lead(bare: str) -> str:
    lead = _LEADS.match(bare)
    return bare[lead.end() :] if lead else bare


def _day(bare: str, local: datetime) -> tuple[int | None, str]:
    """Days from today, and what is left of the text."""
    away = (
        (_IS_DAY_AFTER_TOMORROW, 2), (_IS_TOMORROW, 1), (_IS_TODAY, 0),
        (_IN_NEXT_WEEK, 7 - local.weekday()),
    )  # fmt: skip
    for words, days in away:
        match = words.match(bare)
        if match:
            return days, bare[match.end() :]
    for weekday, words in enumerate(_ON_WEEKDAY):
        match = words.match(bare)
        if match:
            return (weekday - local.weekday() - 1) % 7 + 1, bare[match.end() :]
    return None, bare


def _time(clock: re.Match[str] | None, morning: time) -> time | None:
    if clock is None:
        return morning
    hour, minute = int(clock[1]), int(clock[2] or 0)
    if clock[3] == "pm" and hour < 12:
        hour += 12
    return time(hour, minute) if hour < 24 and minute < 60 else None
