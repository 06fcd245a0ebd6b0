"""The weekly mail: which week, when it is due, what it is about, and what it says of the numbers.

A weekday counts from Monday as 0. Moments are aware; days are the reader's local ones.
Sources: docs/how-it-works.md#weekly-numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from nudger.domain.history import Tally
from nudger.domain.sending import Span
from nudger.domain.working_hours import WorkingHours

WORTH_SENDING_FOR = timedelta(days=3)
MANAGER_DELAY = timedelta(hours=1)
ONE_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Week:
    """An ISO week, written as in "2026-W48"."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}-W{self.number:02d}"

    @classmethod
    def of(cls, day: date) -> Week:
        year, number, _ = day.isocalendar()
        return cls(year, number)

    @classmethod
    def parse(cls, text: str) -> Week:
        """Raises `ValueError`."""
        year, _, number = text.partition("-W")
        return cls(int(year), int(number))

    @property
    def following(self) -> Week:
        return Week.of(self.day(0) + ONE_WEEK)

    def day(self, weekday: int) -> date:
        return date.fromisocalendar(self.year, self.number, weekday + 1)


@dataclass(frozen=True, slots=True)
class Days:
    """Local days, `until` not included."""

    since: date
    until: date

    @property
    def last(self) -> date:
        return self.until - timedelta(days=1)

    def moments(self, hours: WorkingHours) -> tuple[datetime, datetime]:
        """Both ends as moments: midnights in the zone of `hours`."""
        since, until = (
            datetime.combine(day, time(), hours.zone).astimezone(UTC)
            for day in (self.since, self.until)
        )
        return since, until


def days_behind(week: Week, weekday: int) -> Days:
    """The seven days that the week's mail looks back on."""
    day = week.day(weekday)
    return Days(day - ONE_WEEK, day)


def days_ahead(week: Week, weekday: int) -> Days:
    """The seven days that lie ahead, the day of the mail among them."""
    day = week.day(weekday)
    return Days(day, day + ONE_WEEK)


def weekly_span(
    week: Week, weekday: int, hours: WorkingHours, after: timedelta = timedelta()
) -> Span:
    """When the week's mail may go out: from the start of work on its day, or of the next working
    day where that is none, and for three days. `after` puts it off on that day."""
    due = hours.next_moment(hours.morning(week.day(weekday)) + after)
    return Span(due, due + WORTH_SENDING_FOR)


def weeks_to_plan(
    weekday: int, hours: WorkingHours, now: datetime, after: timedelta = timedelta()
) -> tuple[Week, ...]:
    """The weeks of which one should have a mail waiting: this one where it is still worth sending,
    and the next."""
    week = Week.of(hours.local_day(now))
    is_over = now > weekly_span(week, weekday, hours, after).latest
    return (week.following,) if is_over else (week, week.following)


class WeeklyPart(StrEnum):
    """What a rep's weekly mail holds: their numbers, or only that somebody else gets them."""

    NUMBERS = "numbers"
    NOTICE = "notice"


def weekly_part(asked: int, *, must_be_told: bool) -> WeeklyPart | None:
    """What to send to a rep who was asked about so many calls. `must_be_told` says that the rep
    has a manager and does not know yet that the numbers go there. `None` where there is nothing
    to say."""
    if asked:
        return WeeklyPart.NUMBERS
    return WeeklyPart.NOTICE if must_be_told else None


class Remark(StrEnum):
    """The one encouraging thing that is true of a week's numbers."""

    REACHED = "reached"
    AGREED = "agreed"
    ALL_IN_TIME = "all_in_time"
    VALID = "valid"
    IN_TIME = "in_time"
    NEW_START = "new_start"


def remark_on(numbers: Tally) -> Remark:
    if numbers.reached:
        return Remark.REACHED
    if numbers.agreed:
        return Remark.AGREED
    if numbers.asked and numbers.answered_in_time == numbers.asked:
        return Remark.ALL_IN_TIME
    if numbers.valid:
        return Remark.VALID
    return Remark.IN_TIME if numbers.answered_in_time else Remark.NEW_START
