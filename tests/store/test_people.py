"""What calendars told of reps' hours comes back as it went in."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from nudger.domain.event import Provider
from nudger.domain.working_hours import NO_CALENDAR_HOURS, CalendarHours
from nudger.store import people
from nudger.store.people import NewRep

NOW = datetime(2026, 11, 23, 8, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "told",
    [
        NO_CALENDAR_HOURS,
        CalendarHours("Europe/Berlin"),
        CalendarHours(None, time(8), time(16, 30)),
        CalendarHours(days=frozenset({0, 6})),
        CalendarHours("Asia/Kolkata", time(0), time(23, 59), frozenset(range(7))),
    ],
)
def test_own_hours_are_kept(database, told):
    with database.begin() as tx:
        rep = people.add_rep(tx, NewRep("ana@ourco.com", Provider.GOOGLE), NOW)
        assert (rep.calendar_hours, rep.calendar_hours_read_at) == (NO_CALENDAR_HOURS, None)
        people.save_calendar_hours(tx, rep.id, told, NOW)
    with database.read() as tx:
        kept = people.get_rep(tx, rep.id)
    assert (kept.calendar_hours, kept.calendar_hours_read_at) == (told, NOW)
