"""What calendars told of reps' hours comes back as it went in."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from nudger.domain.event import Provider
from nudger.domain.timing import NOTHING_TOLD, OwnHours
from nudger.store import people
from nudger.store.people import NewRep

NOW = datetime(2026, 11, 23, 8, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "told",
    [
        NOTHING_TOLD,
        OwnHours("Europe/Berlin"),
        OwnHours(None, time(8), time(16, 30)),
        OwnHours(days=frozenset({0, 6})),
        OwnHours("Asia/Kolkata", time(0), time(23, 59), frozenset(range(7))),
    ],
)
def test_own_hours_are_kept(database, told):
    with database.begin() as tx:
        rep = people.add_rep(tx, NewRep("ana@ourco.com", Provider.GOOGLE), NOW)
        assert (rep.own_hours, rep.own_hours_read_at) == (NOTHING_TOLD, None)
        people.keep_own_hours(tx, rep.id, told, NOW)
    with database.read() as tx:
        kept = people.get_rep(tx, rep.id)
    assert (kept.own_hours, kept.own_hours_read_at) == (told, NOW)
