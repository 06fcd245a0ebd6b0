"""When to ask, and when to remind: pure functions of the meeting, the rep's hours and the clock.

Moments are aware; hours and days are the rep's local ones. Durations are counted in UTC, so that a
change of the clocks neither adds nor takes an hour. Sources: docs/how-it-works.md#timing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONDAY_TO_FRIDAY = frozenset(range(5))
DAYS_AHEAD = 366
NIGHT_ENDS, NIGHT_BEGINS = time(6, 0), time(22, 0)
SHORTEST_DAY = timedelta(hours=2)
_SET_BY_NOBODY = frozenset({"UTC", "Etc/UTC", "GMT", "Etc/GMT"})


class AskReason(StrEnum):
    DAY_BEFORE = "day_before"
    LEAD_TIME = "lead_time"
    BOOKED_LATE = "booked_late"
    NEXT_WORKING_HOUR = "next_working_hour"


class NotAskedReason(StrEnum):
    TOO_LATE = "too_late"


@dataclass(frozen=True, slots=True)
class AskTime:
    at: datetime
    reason: AskReason


@dataclass(frozen=True, slots=True)
class NotAsked:
    reason: NotAskedReason


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
class OwnHours:
    """What a rep's own calendar tells of their zone and working hours, `None` where it does not.

    `time_zone` is an IANA name; `starts` and `ends` are local; `days` are weekdays, Monday is 0.
    """

    time_zone: str | None = None
    starts: time | None = None
    ends: time | None = None
    days: frozenset[int] | None = None


NOTHING_TOLD = OwnHours()


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
    default: WorkingHours, told: OwnHours, zone_of_rep: str | None = None
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
    default: WorkingHours, told: OwnHours, zone_of_rep: str | None
) -> tuple[ZoneInfo, HoursSource]:
    if zone_of_rep and (zone := known_zone(zone_of_rep)):
        return zone, HoursSource.REP
    name = told.time_zone
    if name and name not in _SET_BY_NOBODY and (zone := known_zone(name)):
        return zone, HoursSource.CALENDAR
    return default.zone, HoursSource.SETTINGS


def _by_day(told: OwnHours) -> tuple[time, time] | None:
    """The told hours without the night, where enough of them is left."""
    if told.starts is None or told.ends is None:
        return None
    starts, ends = max(told.starts, NIGHT_ENDS), min(told.ends, NIGHT_BEGINS)
    lasting = datetime.combine(date.min, ends) - datetime.combine(date.min, starts)
    return (starts, ends) if lasting >= SHORTEST_DAY else None


def known_zone(name: str) -> ZoneInfo | None:
    """The zone of an IANA name, `None` for any other text."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


@dataclass(frozen=True, slots=True)
class TimingPolicy:
    """`lead` is the working time between the question and the start, `None` for the morning of the
    working day before; `least_notice` is how long before the start a planned question goes out at
    the latest; `time_to_answer` how long before the start it is no longer worth asking. A reminder
    follows its question no sooner than `remind_after`."""

    lead: timedelta | None = None
    least_notice: timedelta = timedelta(hours=2)
    time_to_answer: timedelta = timedelta(minutes=30)
    remind_after: timedelta = timedelta(hours=3)


@cache
def public_holidays(country: str, year: int) -> frozenset[date]:
    """The public holidays of "DE" or "DE-BY"; none for a country that is not known."""
    import holidays  # noqa: PLC0415 - slow to import, and most installations need one country

    name, _, subdivision = country.partition("-")
    try:
        return frozenset(holidays.country_holidays(name, subdiv=subdivision or None, years=year))
    except NotImplementedError:
        return frozenset()


def ask_time(
    start: datetime, hours: WorkingHours, policy: TimingPolicy, now: datetime
) -> AskTime | NotAsked:
    """When to ask about a meeting that starts at `start`: with the policy's lead, by default on the
    morning of the working day before, or as soon as the rep works if that has gone by, or not at
    all when it is too late."""
    if policy.lead is None:
        reason = AskReason.DAY_BEFORE
        wanted = hours.morning(hours.working_day_before(hours.local_day(start)))
    else:
        reason, wanted = AskReason.LEAD_TIME, hours.earlier(start, policy.lead)
    planned = hours.last_moment(min(wanted, start - policy.least_notice))
    if planned >= now:
        return AskTime(planned, reason)
    soonest = hours.next_moment(now)
    if soonest > start - policy.time_to_answer:
        return NotAsked(NotAskedReason.TOO_LATE)
    late = AskReason.BOOKED_LATE if soonest == now else AskReason.NEXT_WORKING_HOUR
    return AskTime(soonest, late)


def remind_time(
    asked: datetime, start: datetime, hours: WorkingHours, policy: TimingPolicy
) -> datetime | None:
    """When to remind of an unanswered question: as late as there is still time to think, within
    working hours; `None` when that is too soon after the question."""
    at = hours.last_moment(start - policy.least_notice)
    return at if at >= asked + policy.remind_after else None


@dataclass(frozen=True, slots=True)
class Wait:
    """Not now, but at this moment."""

    until: datetime

    def __str__(self) -> str:
        return f"until {self.until.isoformat(timespec='minutes')}"


def sending_time(
    start: datetime, hours: WorkingHours, policy: TimingPolicy, now: datetime
) -> Wait | NotAsked | None:
    """Whether a mail about a meeting that is due may go out now: `None` for yes."""
    if now > start - policy.time_to_answer:
        return NotAsked(NotAskedReason.TOO_LATE)
    soonest = hours.next_moment(now)
    if soonest == now:
        return None
    if soonest > start - policy.time_to_answer:
        return NotAsked(NotAskedReason.TOO_LATE)
    return Wait(soonest)
