"""When a rep works: hours, days, holidays and zone, and whose word on them counts.

Hours and days are the rep's local ones; moments are aware. Sources: docs/how-it-works.md#timing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from zoneinfo import ZoneInfo

from nudger.domain.zones import UTC_NAMES, known_zone

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONDAY_TO_FRIDAY = frozenset(range(5))
DAYS_AHEAD = 366
NIGHT_ENDS, NIGHT_BEGINS = time(6, 0), time(22, 0)
SHORTEST_DAY = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """When a rep may be mailed: local hours of local days.

    `days` are weekdays, Monday is 0. `country` is as in "DE" or "DE-BY"; its public holidays are
    not working days, nor are `quiet_days`.
    """

    zone: ZoneInfo
    starts: time = time(9, 0)
    ends: time = time(17, 30)
    days: frozenset[int] = MONDAY_TO_FRIDAY
    country: str | None = None
    quiet_days: frozenset[date] = frozenset()

    def is_working_day(self, day: date) -> bool:
        return (
            day.weekday() in self.days
            and day not in self.quiet_days
            and not (self.country and day in public_holidays(self.country, day.year))
        )

    def morning(self, day: date) -> datetime:
        return datetime.combine(day, self.starts, self.zone).astimezone(UTC)

    def evening(self, day: date) -> datetime:
        return datetime.combine(day, self.ends, self.zone).astimezone(UTC)

    def local_day(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()

    def next_moment(self, moment: datetime) -> datetime:
        """`moment` if it is within working hours, else the next morning of a working day."""
        for day in self._days_from(self.local_day(moment)):
            if moment < self.evening(day):
                return max(moment, self.morning(day))
        return moment + timedelta(days=DAYS_AHEAD)

    def last_moment(self, moment: datetime) -> datetime:
        """`moment` if it is within working hours, else the last evening of a working day."""
        day = self.local_day(moment)
        for _ in range(DAYS_AHEAD):
            if self.is_working_day(day) and moment >= self.morning(day):
                return min(moment, self.evening(day))
            day -= timedelta(days=1)
        return moment - timedelta(days=DAYS_AHEAD)

    def working_day_before(self, day: date) -> date:
        for _ in range(DAYS_AHEAD):
            day -= timedelta(days=1)
            if self.is_working_day(day):
                break
        return day

    def earlier(self, moment: datetime, working: timedelta) -> datetime:
        """The moment from which on `working` of working time passes until `moment`."""
        day = self.local_day(moment)
        for _ in range(DAYS_AHEAD):
            if self.is_working_day(day):
                ends = min(moment, self.evening(day))
                lasts = max(ends - self.morning(day), timedelta())
                if lasts >= working:
                    return ends - working
                working -= lasts
            day -= timedelta(days=1)
        return moment - timedelta(days=DAYS_AHEAD)

    def _days_from(self, day: date) -> Iterator[date]:
        for ahead in range(DAYS_AHEAD):
            candidate = day + timedelta(days=ahead)
            if self.is_working_day(candidate):
                yield candidate


@dataclass(frozen=True, slots=True)
class CalendarHours:
    """What a rep's own calendar tells of their zone and working hours, `None` where it does not.

    `time_zone` is an IANA name; `starts` and `ends` are local; `days` are weekdays, Monday is 0.
    """

    time_zone: str | None = None
    starts: time | None = None
    ends: time | None = None
    days: frozenset[int] | None = None


NO_CALENDAR_HOURS = CalendarHours()


class HoursSource(StrEnum):
    """Whose word counts: the admin's for this rep, the rep's calendar's, or the settings'."""

    REP = "rep"
    CALENDAR = "calendar"
    SETTINGS = "settings"


@dataclass(frozen=True, slots=True)
class ChosenHours:
    """A rep's working hours, and where the zone, the hours and the days are from."""

    hours: WorkingHours
    zone_from: HoursSource
    hours_from: HoursSource
    days_from: HoursSource

    @property
    def zone_shown(self) -> str:
        return f"{self.hours.zone.key} ({self.zone_from})"

    def __str__(self) -> str:
        hours = f"{self.hours.starts:%H:%M}-{self.hours.ends:%H:%M} ({self.hours_from})"
        days = " ".join(WEEKDAYS[day] for day in sorted(self.hours.days))
        return f"{self.zone_shown}, {hours}, {days} ({self.days_from})"


def choose_hours(
    default: WorkingHours, told: CalendarHours, zone_of_rep: str | None = None
) -> ChosenHours:
    """For the zone, the hours and the days, each alone: what the admin said for this rep, else
    what the rep's calendar tells and makes sense, else the default.

    The calendar's hours count from 6 to 22 only, and are none where less than two hours are left.
    UTC tells nothing: it is what a calendar says whose zone nobody has set.
    """
    zone, zone_from = _zone(default, told, zone_of_rep)
    span, days = _by_day(told), told.days
    starts, ends = span or (default.starts, default.ends)
    return ChosenHours(
        replace(default, zone=zone, starts=starts, ends=ends, days=days or default.days),
        zone_from,
        HoursSource.CALENDAR if span else HoursSource.SETTINGS,
        HoursSource.CALENDAR if days else HoursSource.SETTINGS,
    )


def _zone(
    default: WorkingHours, told: CalendarHours, zone_of_rep: str | None
) -> tuple[ZoneInfo, HoursSource]:
    if zone_of_rep and (zone := known_zone(zone_of_rep)):
        return zone, HoursSource.REP
    name = told.time_zone
    if name and name.casefold() not in UTC_NAMES and (zone := known_zone(name)):
        return zone, HoursSource.CALENDAR
    return default.zone, HoursSource.SETTINGS


def _by_day(told: CalendarHours) -> tuple[time, time] | None:
    """The told hours without the night, where enough of them is left."""
    if told.starts is None or told.ends is None:
        return None
    starts, ends = max(told.starts, NIGHT_ENDS), min(told.ends, NIGHT_BEGINS)
    lasting = datetime.combine(date.min, ends) - datetime.combine(date.min, starts)
    return (starts, ends) if lasting >= SHORTEST_DAY else None


@cache
def public_holidays(country: str, year: int) -> frozenset[date]:
    """The public holidays of "DE" or "DE-BY"; none for a country that is not known."""
    import holidays  # noqa: PLC0415 - slow to import, and most installations need one country

    name, _, subdivision = country.partition("-")
    try:
        return frozenset(holidays.country_holidays(name, subdiv=subdivision or None, years=year))
    except NotImplementedError:
        return frozenset()
