"""What calendars told of reps' hours comes back as it went in."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from nudger.domain.availability import RepState
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


def test_who_changed_is_listed_as_they_are_now(database):
    with database.begin() as tx:
        for name in ("ana", "ben", "cleo"):
            people.add_rep(tx, NewRep(f"{name}@ourco.com", Provider.GOOGLE), NOW)
    with database.begin() as tx:
        before = people.list_reps(tx)
        assert before == [people.get_rep(tx, rep.id) for rep in before]
        people.set_state(tx, before[0].id, RepState.PAUSED, until=NOW)
        people.save_calendar_hours(tx, before[1].id, CalendarHours("Asia/Kolkata"), NOW)
        changed = people.list_reps(tx)
        assert changed == [people.get_rep(tx, rep.id) for rep in before]
        assert changed[2] is before[2]
        people.remove_rep(tx, "ben@ourco.com")
        people.add_rep(tx, NewRep("ana@ourco.com", Provider.GOOGLE, aliases=("a@ourco.com",)), NOW)
        ana, cleo = people.list_reps(tx)
        assert (ana.aliases, ana.state, cleo) == (("a@ourco.com",), RepState.PAUSED, before[2])
