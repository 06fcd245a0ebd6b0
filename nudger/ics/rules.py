"""Rules of repetition (RFC 5545, 3.3.10) as exports write them: which are read at all, which are
written out date by date, and what an UNTIL means.

The library looks for a next date until the year 9999, and gives up on EXRULE (RFC 2445, 4.8.5.2).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import islice
from math import prod
from typing import Any

from dateutil.rrule import rrulestr
from icalendar import vRecur

from nudger.ics.entries import day_of, property_values

MOST_DATES_OF_A_SERIES = 2_000
MOST_STEPS = 50_000
MOST_COUNT = 10_000_000
MOST_TIMES_A_DAY = 24
_STEPS = {"HOURLY": timedelta(hours=1), "MINUTELY": timedelta(minutes=1)}
_FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_NOT_OF = {
    "DAILY": ("BYYEARDAY", "BYWEEKNO", "BYEASTER"),
    "WEEKLY": ("BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYEASTER"),
    "MONTHLY": ("BYYEARDAY", "BYWEEKNO", "BYEASTER"),
    "YEARLY": ("BYEASTER",),
}
"""What RFC 5545, 3.3.10, does not know in a rule of this frequency."""
_NOT_WITHIN_A_DAY = ("BYSETPOS", "BYYEARDAY", "BYWEEKNO", "BYEASTER", "BYSECOND")
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_LONGEST_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_MOST_DAYS = {"DAILY": 1, "MONTHLY": 31, "YEARLY": 366}


def check_rule(rule: Any) -> None:
    """Raises `ValueError` for a rule that no series of meetings has."""
    frequency = frequency_of(rule)
    if any(step < 1 for step in rule.get("INTERVAL", [1])):
        raise ValueError("a rule that never comes to its next date")
    if frequency in _STEPS and not any(part in rule for part in _NOT_WITHIN_A_DAY):
        return
    times = prod(len(rule.get(part, [1])) for part in ("BYHOUR", "BYMINUTE", "BYSECOND"))
    if frequency not in _FREQUENCIES or times > MOST_TIMES_A_DAY:
        raise ValueError("a rule for machines, not for meetings")
    if any(part in rule for part in _NOT_OF[frequency]):
        raise ValueError("a rule that is none")
    if _never_comes(rule, frequency, times):
        raise ValueError("a rule that never comes to its next date")


def frequency_of(rule: Any) -> str:
    return str(rule.get("FREQ", [""])[0]).upper()


def is_within_a_day(rule: Any) -> bool:
    return frequency_of(rule) in _STEPS


def _never_comes(rule: Any, frequency: str, times: int) -> bool:
    """Whether the library would look for a date until the year 9999, seconds for each rule."""
    days = _MOST_DAYS.get(frequency) or len(rule.get("BYDAY", [1]))
    if all(abs(place) > days * times for place in rule.get("BYSETPOS", [1])):
        return True
    longest = max(_LONGEST_MONTHS[month - 1] for month in rule.get("BYMONTH", range(1, 13)))
    return all(abs(day) > longest for day in rule.get("BYMONTHDAY", [1]))


def set_until(rule: Any, start: datetime | date, zone: tzinfo) -> None:
    """Write an UNTIL as the library compares it: a day for whole days, else a moment in UTC. A last
    day without a time means all of it; a time without a zone is the series' own."""
    until = [_until(last, start, zone) for last in rule.get("UNTIL", [])]
    if until:
        rule["UNTIL"] = until[:1]
    else:
        rule.pop("UNTIL", None)


def _until(last: datetime | date, start: datetime | date, zone: tzinfo) -> datetime | date:
    if not isinstance(start, datetime):
        return day_of(last, zone) if isinstance(last, datetime) else last
    own = start.tzinfo or zone
    if not isinstance(last, datetime):
        last = datetime(last.year, last.month, last.day, 23, 59, 59, tzinfo=own)
    return (last if last.tzinfo else last.replace(tzinfo=own)).astimezone(UTC)


def written_out(rule: Any, start: datetime, window: tuple[datetime, datetime]) -> list[datetime]:
    """The dates of a checked rule in the window, by the clock of `start`: at most one more than
    `MOST_DATES_OF_A_SERIES`, and of those within a day no further than `MOST_STEPS` lead."""
    begin, end = (_on_clock(moment, start) for moment in window)
    first, rule = start.replace(tzinfo=None), vRecur(dict(rule))
    until = rule.pop("UNTIL", None)
    end = min(end, _on_clock(until[0], start)) if until else end
    count = rule.pop("COUNT", [None])[0]
    if is_within_a_day(rule):
        step = _STEPS[frequency_of(rule)] * rule.get("INTERVAL", [1])[0]
        first, end, count = _nearer(rule, (first, begin, end), step, count)
    if first > end:
        return []
    counted = islice(_dates(rule, first, end), count)
    dates = islice((one for one in counted if one >= begin), MOST_DATES_OF_A_SERIES + 1)
    return [one.replace(tzinfo=start.tzinfo) for one in dates]


def _dates(rule: Any, first: datetime, end: datetime) -> Iterable[datetime]:
    """The library looks on for what never comes within a day, minute by minute to the year 9999."""
    if is_within_a_day(rule):
        return _within_days(rule, first, end)
    text = f"{rule.to_ical().decode()};UNTIL={end:%Y%m%dT%H%M%S}"
    dates: Iterable[datetime] = rrulestr(text, dtstart=first)
    return dates


def _within_days(rule: Any, first: datetime, end: datetime) -> Iterator[datetime]:
    hourly = frequency_of(rule) == "HOURLY"
    step = _STEPS[frequency_of(rule)] * rule.get("INTERVAL", [1])[0]
    minutes = sorted(rule.get("BYMINUTE", [first.minute])) if hourly else [None]
    at = first
    while at <= end:
        if _falls_on(rule, at, by_minute=not hourly):
            for minute in minutes:
                date = at if minute is None else at.replace(minute=minute)
                if first <= date <= end:
                    yield date
        at += step


def _falls_on(rule: Any, at: datetime, *, by_minute: bool) -> bool:
    shown = {
        "BYMONTH": at.month,
        "BYMONTHDAY": at.day,
        "BYDAY": _WEEKDAYS[at.weekday()],
        "BYHOUR": at.hour,
    } | ({"BYMINUTE": at.minute} if by_minute else {})
    return all(value in rule[name] for name, value in shown.items() if name in rule)


def _nearer(
    rule: Any, times: tuple[datetime, datetime, datetime], step: timedelta, count: int | None
) -> tuple[datetime, datetime, int | None]:
    """From where to where to go, and how many dates: of a rule that only goes on, those before the
    window need not be gone through."""
    first, begin, end = times
    if count is not None and not any(name.startswith("BY") for name in rule):
        end, count = min(end, first + step * (min(count, MOST_COUNT) - 1)), None
    if count is None:
        first += step * max(0, (begin - first) // step)
    return first, min(end, first + step * MOST_STEPS), count


def _on_clock(moment: datetime | date, start: datetime) -> datetime:
    """The moment as the clock of `start` shows it; of a day, its last second."""
    if not isinstance(moment, datetime):
        return datetime(moment.year, moment.month, moment.day, 23, 59, 59)  # noqa: DTZ001 - its clock
    return moment.astimezone(start.tzinfo).replace(tzinfo=None) if moment.tzinfo else moment


def rules_of(entry: Any, name: str = "RRULE") -> list[Any]:
    return [rule for rule in property_values(entry, name) if rule]
