"""When to ask, and when to remind: pure functions of the meeting, the rep's hours and the clock.

Moments are aware; hours and days are the rep's local ones. Durations are counted in UTC, so that a
change of the clocks neither adds nor takes an hour. Sources: docs/how-it-works.md#timing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from nudger.domain.event import Event
from nudger.domain.reasons import Reason
from nudger.domain.working_hours import WorkingHours
from nudger.domain.zones import zone_or_utc


@dataclass(frozen=True, slots=True)
class AskTime:
    at: datetime
    reason: Reason


@dataclass(frozen=True, slots=True)
class NotAsked:
    reason: Reason


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


def span_in(zone: ZoneInfo, event: Event) -> tuple[datetime, datetime]:
    """Start and end of an event for somebody in `zone`. Whole days are the same days everywhere,
    from the first one's midnight to that after the last: where this person is, not where the
    calendar is."""
    if not event.all_day:
        return event.start, event.end
    own = zone_or_utc(event.time_zone)
    return _midnight(event.start, own, zone), _midnight(event.end, own, zone)


def _midnight(midnight: datetime, own: ZoneInfo, zone: ZoneInfo) -> datetime:
    day: date = midnight.astimezone(own).date()
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def ask_time(
    start: datetime, hours: WorkingHours, policy: TimingPolicy, now: datetime
) -> AskTime | NotAsked:
    """When to ask about a meeting that starts at `start`: with the policy's lead, by default on the
    morning of the working day before, or as soon as the rep works if that has gone by, or not at
    all when it is too late."""
    if policy.lead is None:
        reason = Reason.DAY_BEFORE
        wanted = hours.morning(hours.working_day_before(hours.local_day(start)))
    else:
        reason, wanted = Reason.LEAD_TIME, hours.earlier(start, policy.lead)
    planned = hours.last_moment(min(wanted, start - policy.least_notice))
    if planned >= now:
        return AskTime(planned, reason)
    soonest = hours.next_moment(now)
    if soonest > start - policy.time_to_answer:
        return NotAsked(Reason.TOO_LATE)
    late = Reason.BOOKED_LATE if soonest == now else Reason.NEXT_WORKING_HOUR
    return AskTime(soonest, late)


def remind_time(
    asked: datetime, start: datetime, hours: WorkingHours, policy: TimingPolicy
) -> datetime | None:
    """When to remind of an unanswered question: as late as there is still time to think, within
    working hours; `None` when that is too soon after the question."""
    at = hours.last_moment(start - policy.least_notice)
    return at if at >= asked + policy.remind_after else None
