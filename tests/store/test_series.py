"""What is kept of series, and their dates."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import delete

from nudger.domain.event import Provider
from nudger.domain.series import FIRST_ONLY, one_in
from nudger.store import calendars, people, series, tables
from nudger.store.calendars import Seen
from nudger.store.people import NewRep
from nudger.store.series import Series

FIRST = datetime(2026, 12, 1, 10, tzinfo=UTC)
WEEK = timedelta(weeks=1)


def add_dates(tx, rep, series_id, dates):
    seen = [
        Seen(f"{series_id}:{n}", series_id, "etag", date, "ask", "customer", None, date)
        for n, date in enumerate(dates)
    ]
    calendars.save_seen(tx, rep.id, seen)


def test_what_is_kept_is_replaced_as_a_whole(database):
    with database.begin() as tx:
        rep = people.add_rep(tx, NewRep("ana@x.co", Provider.GOOGLE), FIRST)
        both = [Series(name, rep.id, FIRST_ONLY, FIRST, ("acme.com",)) for name in ("a", "b")]
        series.keep(tx, both)
        series.keep(tx, [Series("b", rep.id, one_in(2), FIRST, (), "a")])
        series.keep(tx, [])
        kept = series.find(tx, ["a", "b", "c"])
    assert {name: one.cadence for name, one in kept.items()} == {"a": FIRST_ONLY, "b": one_in(2)}
    assert kept["b"].follows == "a"


def test_the_last_dates_are_those_that_the_calendar_still_shows(database):
    with database.begin() as tx:
        rep = people.add_rep(tx, NewRep("ana@x.co", Provider.GOOGLE), FIRST)
        add_dates(tx, rep, "a", [FIRST, FIRST + WEEK, FIRST + 2 * WEEK])
        add_dates(tx, rep, "b", [FIRST])
        calendars.mark_removed(tx, rep.id, ["a:2", "b:0"], "removed")
        assert series.last_dates(tx, ["a", "b", "unknown"]) == {"a": FIRST + WEEK}


def test_dates_that_a_series_counts_from_outlive_the_others(database):
    with database.begin() as tx:
        rep = people.add_rep(tx, NewRep("ana@x.co", Provider.GOOGLE), FIRST)
        for name, cadence in (("second", one_in(2)), ("once", FIRST_ONLY), ("policy", None)):
            add_dates(tx, rep, name, [FIRST - WEEK, FIRST, FIRST + WEEK])
            series.keep(tx, [Series(name, rep.id, cadence, FIRST, ())])
        gone = delete(tables.occurrence).where(calendars.is_forgettable(FIRST + 10 * WEEK))
        assert tx.execute(gone).rowcount == 1 + 3 + 1
        assert series.dates_of(tx, series.find(tx, ["second"])["second"]) == [FIRST, FIRST + WEEK]
