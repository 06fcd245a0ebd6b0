"""When a channel gets the day's plan: once each working morning, and never late in the day. A pure
function of the channel's hours and the clock."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from nudger.domain.working_hours import WorkingHours

TOO_LATE_AFTER = timedelta(hours=3)
"""What comes then is no plan of the day any more."""


def plan_wanted(hours: WorkingHours, at: time, now: datetime) -> date | None:
    """The day whose plan is to be there now; `hours` tells the channel's zone and working days."""
    day = hours.local_day(now)
    begins = datetime.combine(day, at, hours.zone)
    in_time = begins <= now < begins + TOO_LATE_AFTER
    return day if in_time and hours.is_working_day(day) else None
