"""From Graph's mailboxSettings to `CalendarHours`.

- `timeZone` is a Windows name or an IANA one, "tzone://Microsoft/Custom" or "Customized Time Zone"
  where somebody made a zone of their own.
- Times of the day come with seven decimals: "08:00:00.0000000".
- `workingHours` has a zone of its own, which stays behind when a person travels, and is Pacific
  time where nobody set it. So it is not read: the hours are local ones, where the rep is.

Sources: Graph v1.0 resources mailboxSettings, workingHours, timeZoneBase.
"""

from __future__ import annotations

from datetime import time
from typing import Any

from nudger.domain.working_hours import CalendarHours
from nudger.domain.zones import iana_name
from nudger.providers.microsoft.request import Json

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def read_own_hours(settings: Json) -> CalendarHours:
    """What the settings tell; whatever is missing or malformed is not told."""
    zone, hours = settings.get("timeZone"), settings.get("workingHours")
    hours = hours if isinstance(hours, dict) else {}
    return CalendarHours(
        time_zone=iana_name(zone) if isinstance(zone, str) else None,
        starts=_time(hours.get("startTime")),
        ends=_time(hours.get("endTime")),
        days=_days(hours.get("daysOfWeek")),
    )


def _time(value: Any) -> time | None:
    """A time of the day, to the minute."""
    try:
        return time.fromisoformat(value[:5]).replace(tzinfo=None)
    except (ValueError, TypeError):
        return None


def _days(value: Any) -> frozenset[int] | None:
    if not isinstance(value, list):
        return None
    return frozenset(_DAYS.index(day) for day in value if day in _DAYS) or None
