"""What Graph's mailboxSettings tell of somebody's zone and working hours."""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nudger.domain.working_hours import NO_CALENDAR_HOURS, CalendarHours
from nudger.providers.base import AccessDenied
from nudger.providers.microsoft.calendar import OutlookCalendar
from nudger.providers.microsoft.calendar_hours import read_own_hours

WEEK = ["monday", "tuesday", "wednesday", "thursday", "friday"]
HOURS = {
    "daysOfWeek": WEEK,
    "startTime": "08:00:00.0000000",
    "endTime": "16:30:00.0000000",
    "timeZone": {"name": "Pacific Standard Time"},
}
CUSTOM = {"@odata.type": "#microsoft.graph.customTimeZone", "name": "Customized Time Zone"}


@pytest.mark.parametrize(
    ("case", "settings", "told"),
    [
        ("a Windows name", {"timeZone": "W. Europe Standard Time"}, CalendarHours("Europe/Berlin")),
        ("an IANA name", {"timeZone": "Europe/Paris"}, CalendarHours("Europe/Paris")),
        ("a zone of one's own", {"timeZone": "Customized Time Zone"}, NO_CALENDAR_HOURS),
        ("the same, another way", {"timeZone": "tzone://Microsoft/Custom"}, NO_CALENDAR_HOURS),
        ("UTC in other words", {"timeZone": "tzone://Microsoft/Utc"}, CalendarHours("UTC")),
        ("no name", {"timeZone": ""}, NO_CALENDAR_HOURS),
        (
            "hours with seven decimals, their own zone left aside",
            {"timeZone": "India Standard Time", "workingHours": HOURS},
            CalendarHours("Asia/Calcutta", time(8), time(16, 30), frozenset(range(5))),
        ),
        (
            "hours in a zone of one's own",
            {"workingHours": HOURS | {"timeZone": CUSTOM}},
            CalendarHours(None, time(8), time(16, 30), frozenset(range(5))),
        ),
        ("no days", {"workingHours": {"daysOfWeek": []}}, NO_CALENDAR_HOURS),
        ("unknown days", {"workingHours": {"daysOfWeek": ["someday"]}}, NO_CALENDAR_HOURS),
        (
            "no time",
            {"workingHours": {"startTime": "24:00:00", "endTime": None}},
            NO_CALENDAR_HOURS,
        ),
        ("nothing", {"timeZone": None, "workingHours": None}, NO_CALENDAR_HOURS),
        ("nothing at all", {}, NO_CALENDAR_HOURS),
    ],
)
def test_what_the_settings_tell(case: str, settings: dict[str, Any], told: CalendarHours) -> None:
    assert read_own_hours(settings) == told


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
times_of_day = st.from_regex(r"[0-2T][0-9][:+ ][0-5Z][0-9](:00\.0000000)?", fullmatch=True)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "timeZone": json_values,
            "workingHours": json_values
            | st.fixed_dictionaries(
                {"startTime": times_of_day, "endTime": times_of_day, "daysOfWeek": json_values}
            ),
        },
    )
)
def test_whatever_comes_is_endured(settings: dict[str, Any]) -> None:
    told = read_own_hours(settings)
    assert told.days is None or told.days <= frozenset(range(7))
    assert all(at is None or at.tzinfo is None for at in (told.starts, told.ends))


def test_no_more_than_that_is_read_of_the_settings(service: Any, graph: Any, rep: Any) -> None:
    service.say({"timeZone": "Europe/Rome", "workingHours": HOURS})
    assert OutlookCalendar(graph, rep).calendar_hours().time_zone == "Europe/Rome"
    (seen,) = service.seen
    assert (seen.path, seen.params) == (
        "/v1.0/users/rep@ourco.example/mailboxSettings",
        {"$select": "timeZone,workingHours"},
    )


def test_a_refusal_says_whose_settings(service: Any, graph: Any, rep: Any) -> None:
    service.say({"error": {"code": "ErrorAccessDenied", "message": "Access is denied."}}, 403)
    with pytest.raises(AccessDenied, match=r"refuses the mailbox settings of rep@ourco.example"):
        OutlookCalendar(graph, rep).calendar_hours()
